/**
 * The state tree: the one seam between replicated state and certification.
 *
 * @see Interface specification, "The system state tree".
 */
import { type LabeledNode, type LabeledTree, encodeCanisterRanges, encodeUnsignedLeb128, leaf, node, text } from '@tidemark/certification'
import type { CanisterState } from '@tidemark/state'
import { type IngressStatus, Principal, errorCodeText, fromHex } from '@tidemark/types'
import { encode } from 'cborg'
import type { World } from '../world.ts'

/** Ranges of canister ids that this subnet answers for: as the only one, all of them. */
const wholeRange = { start: Principal.canister(0n), end: Principal.canister(0xffff_ffff_ffff_ffffn) }

/** Keeps the tree of the last certified state and applies what changed since. */
export class StateTree {
  readonly #world: World
  #canisters: LabeledNode = node()
  #requests: LabeledNode = node()
  readonly #fixed: [Uint8Array, LabeledTree][]
  #root: LabeledNode | undefined
  #time = -1n

  constructor(world: World) {
    this.#world = world
    const { subnetId, rootKey } = world.env
    const ranges = encodeCanisterRanges([wholeRange])
    this.#fixed = [
      [text('api_boundary_nodes'), node()],
      [text('canister_ranges'), node([[subnetId.bytes, node([[wholeRange.start.bytes, leaf(ranges)]])]])],
      [text('subnet'), node([[subnetId.bytes, this.#subnet(rootKey, ranges)]])],
    ]
  }

  /** The tree of the present state. */
  root(): LabeledNode {
    const { state, changes } = this.#world
    if (this.#root !== undefined && this.#time === state.timeNanos && changes.canisters.size + changes.requests.size === 0)
      return this.#root
    for (const key of changes.canisters) this.#canisters = this.#withCanister(key)
    for (const key of changes.requests) this.#requests = this.#withRequest(key)
    changes.clear()
    this.#time = state.timeNanos
    this.#root = node([
      ...this.#fixed,
      [text('canister'), this.#canisters],
      [text('request_status'), this.#requests],
      [text('time'), leaf(encodeUnsignedLeb128(state.timeNanos))],
    ])
    return this.#root
  }

  #withCanister(key: string): LabeledNode {
    const id = Principal.fromBytes(fromHex(key))
    const canister = this.#world.state.canister(id)
    return canister === undefined ? this.#canisters.delete(id.bytes) : this.#canisters.set(id.bytes, canisterTree(canister))
  }

  #withRequest(key: string): LabeledNode {
    const entry = this.#world.state.ingressHistory.get(key)
    const label = fromHex(key)
    return entry === undefined ? this.#requests.delete(label) : this.#requests.set(label, requestTree(entry.status))
  }

  #subnet(rootKey: Uint8Array, ranges: Uint8Array): LabeledNode {
    const { nodeId, nodeKey, pricing } = this.#world
    return node([
      [text('canister_ranges'), leaf(ranges)],
      [text('node'), node([[nodeId.bytes, node([[text('public_key'), leaf(nodeKey.publicKeyDer)]])]])],
      [text('public_key'), leaf(rootKey)],
      [text('type'), leaf(text(pricing.subnetType))],
    ])
  }
}

function canisterTree(canister: CanisterState): LabeledNode {
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
