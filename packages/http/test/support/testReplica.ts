/**
 * A replica port for checks of the wire protocol: canisters are functions, state is a real certified tree.
 */
import {
  createBlsKey,
  createCertifier,
  createNodeKey,
  encodeCanisterRanges,
  encodeSelfDescribed,
  encodeUnsignedLeb128,
  type LabeledNode,
  type LabeledTree,
  leaf,
  node,
  text,
} from '@tidemark/certification'
import {
  type Admission,
  createReject,
  errorCodeText,
  fromHex,
  type IngressMessage,
  type IngressRecord,
  type IngressStatus,
  Principal,
  type QueryMessage,
  type QueryResult,
  RejectError,
  type RangesForm,
  type ReplicaPort,
  type StatePath,
  toHex,
} from '@tidemark/types'
import { sha224, sha256 } from '@noble/hashes/sha2.js'

export interface TestCanister {
  readonly controllers?: readonly Principal[]
  readonly metadata?: Readonly<Record<string, { readonly visibility: 'public' | 'private'; readonly content: Uint8Array }>>
  readonly queries?: Readonly<Record<string, (arg: Uint8Array, message: QueryMessage) => Uint8Array>>
  /** A method that returns nothing never answers. */
  readonly updates?: Readonly<Record<string, (arg: Uint8Array, message: IngressMessage) => Uint8Array | undefined>>
  certifiedData?: Uint8Array
}

export class TestReplica implements ReplicaPort {
  readonly #key = createBlsKey(text('test subnet'))
  readonly #nodeKey = createNodeKey(text('test node'))
  readonly #certify = createCertifier({ key: this.#key })
  readonly #history = new Map<string, IngressRecord>()
  readonly #waiting: IngressMessage[] = []
  readonly canisters = new Map<string, TestCanister>()
  readonly rootKey = this.#key.publicKeyDer
  readonly subnetId = Principal.selfAuthenticating(sha224(this.rootKey))
  readonly nodeId = Principal.selfAuthenticating(sha224(this.#nodeKey.publicKeyDer))
  /** Forms of canister ids that certificates were asked for with, in order. */
  readonly ranges: (RangesForm | undefined)[] = []
  /** Messages that the filter let in, in order. */
  readonly admitted: IngressMessage[] = []
  #time: bigint
  #round = 0n
  failNextRound: Error | undefined

  constructor(timeNanos: bigint) {
    this.#time = timeNanos
  }

  timeNanos(): bigint {
    return this.#time
  }

  round(): bigint {
    return this.#round
  }

  submit(message: IngressMessage): Admission {
    const key = toHex(message.requestId)
    if (this.#history.has(key)) return { accepted: true }
    const canister = this.canisters.get(message.canisterId.key)
    if (canister === undefined) {
      return { accepted: false, reject: createReject('CanisterNotFound', `Canister ${message.canisterId.toText()} not found`) }
    }
    if (canister.updates?.[message.methodName] === undefined) {
      return { accepted: false, reject: createReject('CanisterRejectedMessage', 'Canister rejected the message') }
    }
    this.admitted.push(message)
    this.#waiting.push(message)
    this.#record(message, { status: 'received' })
    return { accepted: true }
  }

  query(message: QueryMessage): QueryResult {
    const canister = this.canisters.get(message.canisterId.key)
    try {
      if (canister === undefined) throw new RejectError('CanisterNotFound', `Canister ${message.canisterId.toText()} not found`)
      const method = canister.queries?.[message.methodName]
      if (method === undefined) throw new RejectError('CanisterMethodNotFound', `Canister has no query method '${message.methodName}'.`)
      return { status: 'replied', arg: method(message.arg, message) }
    } catch (error) {
      if (error instanceof RejectError) return { status: 'rejected', reject: error.reject }
      throw error
    }
  }

  ingressRecord(requestId: Uint8Array): IngressRecord | undefined {
    return this.#history.get(toHex(requestId))
  }

  certificate(paths: readonly StatePath[], ranges?: RangesForm): Uint8Array {
    this.ranges.push(ranges)
    return this.#certify(this.#tree(), [[text('time')], ...paths])
  }

  metadataAccess(canisterId: Principal, name: string, caller: Principal): 'allowed' | 'denied' | 'missing' {
    const canister = this.canisters.get(canisterId.key)
    const section = canister?.metadata?.[name]
    if (canister === undefined || section === undefined) return 'missing'
    return section.visibility === 'public' || canister.controllers?.some((id) => id.equals(caller)) ? 'allowed' : 'denied'
  }

  signAsNode(message: Uint8Array): Uint8Array {
    return this.#nodeKey.sign(message)
  }

  hasPendingWork(): boolean {
    return this.#waiting.length > 0
  }

  tick(timeNanos: bigint): void {
    if (this.failNextRound !== undefined) throw this.failNextRound
    this.#time = timeNanos
    this.#round++
    for (const message of this.#waiting.splice(0)) this.#record(message, this.#execute(message))
  }

  #execute(message: IngressMessage): IngressStatus {
    try {
      const reply = this.canisters.get(message.canisterId.key)?.updates?.[message.methodName]?.(message.arg, message)
      return reply === undefined ? { status: 'processing' } : { status: 'replied', reply }
    } catch (error) {
      if (error instanceof RejectError) return { status: 'rejected', reject: error.reject }
      throw error
    }
  }

  #record({ requestId, sender, canisterId, effectiveCanisterId }: IngressMessage, status: IngressStatus): void {
    this.#history.set(toHex(requestId), { status, sender, canisterId, effectiveCanisterId })
  }

  #tree(): LabeledTree {
    const ranges = encodeCanisterRanges([{ start: Principal.canister(0n), end: Principal.canister(0xffffffffffffffffn) }])
    const subnet = tree({
      public_key: leaf(this.rootKey),
      type: leaf(text('application')),
      canister_ranges: leaf(ranges),
      metrics: leaf(encodeSelfDescribed(new Map([[0, 1]]))),
      node: node([[this.nodeId.bytes, tree({ public_key: leaf(this.#nodeKey.publicKeyDer) })]]),
    })
    return tree({
      time: leaf(encodeUnsignedLeb128(this.#time)),
      subnet: node([[this.subnetId.bytes, subnet]]),
      canister_ranges: node([[this.subnetId.bytes, node([[Principal.canister(0n).bytes, leaf(ranges)]])]]),
      canister: node(Array.from(this.canisters, ([key, canister]) => [fromHex(key), canisterTree(canister)] as const)),
      request_status: node(Array.from(this.#history, ([key, { status }]) => [fromHex(key), statusTree(status)] as const)),
    })
  }
}

function tree(children: Readonly<Record<string, LabeledTree>>): LabeledNode {
  return node(Object.entries(children).map(([label, child]) => [text(label), child] as const))
}

function canisterTree({ controllers = [], metadata = {}, certifiedData }: TestCanister): LabeledTree {
  return tree({
    controllers: leaf(encodeSelfDescribed(controllers.map((id) => id.bytes))),
    module_hash: leaf(sha256(text('module'))),
    metadata: tree(Object.fromEntries(Object.entries(metadata).map(([name, { content }]) => [name, leaf(content)]))),
    ...(certifiedData && { certified_data: leaf(certifiedData) }),
  })
}

function statusTree(status: IngressStatus): LabeledTree {
  const fields: Record<string, LabeledTree> = { status: leaf(text(status.status)) }
  if (status.status === 'replied') fields['reply'] = leaf(status.reply)
  if (status.status === 'rejected') {
    fields['reject_code'] = leaf(encodeUnsignedLeb128(status.reject.code))
    fields['reject_message'] = leaf(text(status.reject.message))
    fields['error_code'] = leaf(text(errorCodeText(status.reject.errorCode)))
  }
  return tree(fields)
}
