/**
 * The state tree: the one seam between replicated state and certification.
 *
 * @see Interface specification, "The system state tree".
 */
import {
  type LabeledNode,
  type LabeledTree,
  compareLabels,
  encodeCanisterRanges,
  encodeUnsignedLeb128,
  leaf,
  node,
  text,
} from '@tidemark/certification'
import type { CanisterState } from '@tidemark/state'
import { type IngressStatus, Principal, type StatePath, errorCodeText, fromHex } from '@tidemark/types'
import { encode } from 'cborg'
import type { CanisterIndexRange, SubnetDirectory, SubnetEntry } from '../subnets/directory.ts'
import type { SubnetNode } from '../subnets/nodes.ts'
import type { World } from '../world.ts'

/** Canister ids that the only subnet answers for: all of them. */
const wholeRange = { first: 0n, last: 0xffff_ffff_ffff_ffffn }

interface NetworkPart {
  readonly entries: [Uint8Array, LabeledTree][]
  readonly subnets: LabeledNode
  readonly version: number
}

/** Keeps the tree of the last certified state and applies what changed since. */
export class StateTree {
  readonly #world: World
  #canisters: LabeledNode = node()
  #requests: LabeledNode = node()
  /** What the network says of itself, and which version of it that was. */
  #network: NetworkPart | undefined
  #root: LabeledNode | undefined
  #time = -1n

  constructor(world: World) {
    this.#world = world
  }

  /** The tree of the present state. */
  root(): LabeledNode {
    const { state, changes } = this.#world
    const { entries, subnets } = this.#networkPart()
    if (this.#root !== undefined && this.#time === state.timeNanos && changes.canisters.size + changes.requests.size === 0)
      return this.#root
    for (const key of changes.canisters) this.#canisters = this.#withCanister(key)
    for (const key of changes.requests) this.#requests = this.#withRequest(key)
    changes.clear()
    this.#time = state.timeNanos
    this.#root = node([
      ...entries,
      [text('subnet'), this.#withMetrics(subnets)],
      [text('canister'), this.#canisters],
      [text('request_status'), this.#requests],
      [text('time'), leaf(encodeUnsignedLeb128(state.timeNanos))],
    ])
    return this.#root
  }

  /** Paths that show the same as the given ones, but the list of canister ids of the root subnet only. */
  withoutRangeLists(paths: readonly StatePath[]): readonly StatePath[] {
    const { directory } = this.#world
    return directory === undefined ? paths : paths.flatMap((path) => this.#withoutRangeLists(path, directory))
  }

  #withoutRangeLists(path: StatePath, directory: SubnetDirectory): readonly StatePath[] {
    const [top, id] = path
    if (path.length > 2 || top === undefined || compareLabels(top, text('subnet')) !== 0) return [path]
    const asked = id === undefined ? directory.entries() : [id.length > 29 ? undefined : directory.subnet(Principal.fromBytes(id))]
    return asked.flatMap((entry) => {
      if (entry === undefined) return [path]
      const whole = [top, entry.id.bytes]
      if (entry.id.equals(directory.root.id)) return [whole]
      const isOwn = entry.id.equals(this.#world.env.subnetId)
      return ['public_key', 'type', ...(isOwn ? ['node', 'metrics'] : [])].map((field) => [...whole, text(field)])
    })
  }

  /** Has the next tree be built anew from its parts: after the state has been put back to another version. */
  forget(): void {
    this.#network = undefined
    this.#root = undefined
  }

  #withCanister(key: string): LabeledNode {
    const id = Principal.fromBytes(fromHex(key))
    const canister = this.#world.state.peek(id)
    return canister === undefined ? this.#canisters.delete(id.bytes) : this.#canisters.set(id.bytes, canisterTree(canister))
  }

  #withRequest(key: string): LabeledNode {
    const entry = this.#world.state.ingressHistory.get(key)
    const label = fromHex(key)
    return entry === undefined ? this.#requests.delete(label) : this.#requests.set(label, requestTree(entry.status))
  }

  /** Each subnet shows its own metrics only. */
  #withMetrics(subnets: LabeledNode): LabeledNode {
    const { bytes } = this.#world.env.subnetId
    const own = subnets.get(bytes)
    return own?.kind === 'node' ? subnets.set(bytes, own.set(text('metrics'), leaf(encodedMetrics(this.#world)))) : subnets
  }

  #networkPart(): NetworkPart {
    const { directory } = this.#world
    const version = directory?.version ?? 0
    if (this.#network?.version !== version) {
      const subnets = directory?.entries() ?? [this.#onlySubnet()]
      const entries: [Uint8Array, LabeledTree][] = [
        [text('api_boundary_nodes'), node()],
        [text('canister_ranges'), node(subnets.map(({ id, ranges }) => [id.bytes, shardedRanges(ranges)]))],
      ]
      const nodes = node(subnets.map((subnet) => [subnet.id.bytes, this.#subnet(subnet)]))
      this.#network = { entries, subnets: nodes, version }
      this.#root = undefined
    }
    return this.#network
  }

  #onlySubnet(): TreeSubnet {
    const { env, pricing, subnetKey } = this.#world
    return { id: env.subnetId, publicKey: subnetKey.publicKeyDer, type: pricing.subnetType, ranges: [wholeRange] }
  }

  #subnet({ id, publicKey, type, ranges }: TreeSubnet): LabeledNode {
    const { env, nodes } = this.#world
    const entries: [Uint8Array, LabeledTree][] = [
      [text('canister_ranges'), leaf(encodedRanges(ranges))],
      [text('public_key'), leaf(publicKey)],
      [text('type'), leaf(text(type))],
    ]
    // Each subnet shows its own nodes only.
    if (id.key === env.subnetId.key) entries.push([text('node'), node(nodes.map((each) => [each.id.bytes, nodeTree(each)]))])
    return node(entries)
  }
}

const maxNat64 = (1n << 64n) - 1n

/** A map with numbers for keys: canisters, their bytes, cycles consumed as two halves, executions. */
function encodedMetrics({ state }: World): Uint8Array {
  const consumed = new Map([
    [0, state.burnedCycles & maxNat64],
    [1, state.burnedCycles >> 64n],
  ])
  return encode(
    new Map<number, unknown>([
      [0, state.peekAll().length],
      [1, state.canisterStateBytes],
      [2, consumed],
      [3, state.updateTransactions],
    ]),
  )
}

type TreeSubnet = Pick<SubnetEntry, 'id' | 'publicKey' | 'type' | 'ranges'>

function encodedRanges(ranges: readonly CanisterIndexRange[]): Uint8Array {
  return encodeCanisterRanges(ranges.map(({ first, last }) => ({ start: Principal.canister(first), end: Principal.canister(last) })))
}

/** One shard, under the first id in it. */
function shardedRanges(ranges: readonly CanisterIndexRange[]): LabeledNode {
  const [range] = ranges
  return range === undefined ? node() : node([[Principal.canister(range.first).bytes, leaf(encodedRanges(ranges))]])
}

function nodeTree({ key }: SubnetNode): LabeledNode {
  return node([[text('public_key'), leaf(key.publicKeyDer)]])
}

function canisterTree(canister: Readonly<CanisterState>): LabeledNode {
  const entries: [Uint8Array, LabeledTree][] = [
    [text('canister_creation_timestamp'), leaf(encodeUnsignedLeb128(canister.createdAtNanos))],
    [text('certified_data'), leaf(canister.certifiedData)],
    [text('controllers'), leaf(selfDescribed(canister.settings.controllers.map((controller) => controller.bytes)))],
  ]
  const module = canister.execution?.module
  if (module !== undefined) {
    entries.push([text('module_hash'), leaf(module.hash)])
    if (module.metadata.length > 0) {
      entries.push([text('metadata'), node(module.metadata.map((section) => [text(section.name), leaf(section.contents)]))])
    }
    if (canister.lastInstallNanos !== undefined) {
      entries.push([text('last_install_timestamp'), leaf(encodeUnsignedLeb128(canister.lastInstallNanos))])
    }
  }
  return node(entries)
}

function requestTree(status: IngressStatus): LabeledNode {
  const entries: [Uint8Array, LabeledTree][] = [[text('status'), leaf(text(status.status))]]
  if (status.status === 'replied') entries.push([text('reply'), leaf(status.reply)])
  if (status.status === 'rejected') {
    const { code, message, errorCode } = status.reject
    entries.push(
      [text('reject_code'), leaf(encodeUnsignedLeb128(BigInt(code)))],
      [text('reject_message'), leaf(text(message))],
      [text('error_code'), leaf(text(errorCodeText(errorCode)))],
    )
  }
  return node(entries)
}

const selfDescribeTag = Uint8Array.of(0xd9, 0xd9, 0xf7)

function selfDescribed(value: unknown): Uint8Array {
  const body = encode(value)
  const bytes = new Uint8Array(selfDescribeTag.length + body.length)
  bytes.set(selfDescribeTag)
  bytes.set(body, selfDescribeTag.length)
  return bytes
}
