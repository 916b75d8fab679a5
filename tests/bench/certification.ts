/** What certifying takes when one of very many canisters has changed. */
import {
  type Branch,
  createBlsKey,
  createCertifier,
  encodeUnsignedLeb128,
  type LabeledNode,
  leaf,
  node,
  text,
  verifyBls,
} from '@tidemark/certification'
import { Principal } from '@tidemark/types'
import { type Figure, median, milliseconds } from './figure.ts'

const canisters = 100_000

export function certification(): Figure[] {
  const key = createBlsKey(new Uint8Array(32))
  const certify = createCertifier({ key })
  let entries = node(Array.from({ length: canisters }, (_, n) => [Principal.canister(BigInt(n)).bytes, canister(0)] as const))
  const changed = Principal.canister(BigInt(canisters / 2)).bytes
  const path = [text('canister'), changed, text('certified_data')]
  const state = (time: number): LabeledNode =>
    node([
      [text('canister'), entries],
      [text('time'), leaf(encodeUnsignedLeb128(time))],
    ])
  certify(state(0), [path])
  let time = 0
  const change = (): void => {
    entries = entries.set(changed, canister(++time))
    certify(state(time), [path, [text('time')]])
  }
  const signing = median(21, () => milliseconds(() => key.sign(encodeUnsignedLeb128(++time))))
  const message = text('message')
  const signature = key.sign(message)
  return [
    {
      name: `digests from one of ${canisters} canister entries to their root`,
      value: depthOf(entries.branch, changed),
      unit: '',
      goal: 'at most 20',
    },
    { name: 'certifying after a change of one', value: median(21, () => milliseconds(change)), unit: 'ms', goal: 'under 15' },
    { name: 'of that the BLS signature', value: signing, unit: 'ms', goal: '' },
    {
      name: 'verifying one, to compare machines by',
      value: median(5, () => milliseconds(() => verifyBls(key.publicKeyDer, signature, message))),
      unit: 'ms',
      goal: '',
    },
  ]
}

function canister(data: number): LabeledNode {
  return node([
    [text('certified_data'), leaf(encodeUnsignedLeb128(data))],
    [text('controllers'), leaf(new Uint8Array(40))],
    [text('module_hash'), leaf(new Uint8Array(32))],
  ])
}

/** Digests on the way from an entry to the root of the trie: one per fork, and that of the entry. */
function depthOf(root: Branch | undefined, label: Uint8Array): number {
  const wanted = label.join(',')
  const depth = (branch: Branch): number => {
    if (branch.kind === 'entry') return branch.label.join(',') === wanted ? 1 : Number.NaN
    const left = depth(branch.left)
    return 1 + (Number.isNaN(left) ? depth(branch.right) : left)
  }
  return root === undefined ? 0 : depth(root)
}
