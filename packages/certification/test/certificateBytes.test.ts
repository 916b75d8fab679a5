/** The writer of certificates writes what a general encoder does. */
import { encode, Tagged } from 'cborg'
import { describe, expect, test } from 'vitest'
import { type Delegation, encodeCertificate, type HashTree } from '../src/index.ts'
import { hashTreeToArrays } from '../src/hashTreeCbor.ts'

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at % 251)
const leafOf = (length: number): HashTree => ({ kind: 'leaf', value: bytes(length) })
const trees: [name: string, tree: HashTree][] = [
  ['empty', { kind: 'empty' }],
  ['pruned', { kind: 'pruned', digest: bytes(32) }],
  ...[0, 23, 24, 255, 256, 65_535, 65_536].map((length): [string, HashTree] => [`a leaf of ${length} bytes`, leafOf(length)]),
  [
    'every form',
    {
      kind: 'fork',
      left: { kind: 'labeled', label: bytes(40), tree: { kind: 'fork', left: leafOf(300), right: { kind: 'empty' } } },
      right: { kind: 'fork', left: { kind: 'pruned', digest: bytes(32) }, right: { kind: 'labeled', label: bytes(0), tree: leafOf(1) } },
    },
  ],
]
const delegation: Delegation = { subnetId: bytes(29), certificate: bytes(1_000) }

describe.each([
  ['without a delegation', undefined],
  ['with a delegation', delegation],
])('%s', (_, given) => {
  test.each(trees)('%s', (__, tree) => {
    const signature = bytes(48)
    const fields = {
      tree: hashTreeToArrays(tree),
      signature,
      ...(given && { delegation: { subnet_id: given.subnetId, certificate: given.certificate } }),
    }
    const written = encodeCertificate({ tree, signature, ...(given && { delegation: given }) })
    expect(written).toEqual(Uint8Array.from(encode(new Tagged(55799, fields))))
  })
})
