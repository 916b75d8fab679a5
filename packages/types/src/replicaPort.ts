/**
 * What the HTTP interface, the command line and tests see of a replica.
 *
 * @see Interface specification, "HTTPS interface".
 */
import type { Reject } from './errors.ts'
import type { Principal } from './principal.ts'

/** `sender_info` of a request: what a canister that signs for the user says of them. */
export interface SenderInfo {
  readonly info: Uint8Array
  readonly signer: Principal
}

/** An authenticated update call from outside. */
export interface IngressMessage {
  /** Hash of the request's content, 32 bytes. */
  readonly requestId: Uint8Array
  readonly sender: Principal
  readonly canisterId: Principal
  readonly effectiveCanisterId: Principal
  readonly methodName: string
  readonly arg: Uint8Array
  /** Nanoseconds since 1970. */
  readonly ingressExpiryNanos: bigint
  /** Length of the whole signed request, in bytes: what induction is charged for. */
  readonly sizeBytes: number
  readonly senderInfo?: SenderInfo
}

/** An authenticated query. */
export interface QueryMessage {
  readonly sender: Principal
  readonly canisterId: Principal
  readonly effectiveCanisterId: Principal
  readonly methodName: string
  readonly arg: Uint8Array
  readonly senderInfo?: SenderInfo
  /** How the data certificate that the canister may read shows canister ids. Default: in every form. */
  readonly ranges?: RangesForm
}

/** What the ingress filter says of an update call: taken in, or refused with no trace in the state. */
export type Admission = { readonly accepted: true } | { readonly accepted: false; readonly reject: Reject }

/** The answer to a query, unsigned. */
export type QueryResult =
  | { readonly status: 'replied'; readonly arg: Uint8Array }
  | { readonly status: 'rejected'; readonly reject: Reject }

/** Where an update call stands. */
export type IngressStatus =
  | { readonly status: 'received' | 'processing' | 'done' }
  | { readonly status: 'replied'; readonly reply: Uint8Array }
  | { readonly status: 'rejected'; readonly reject: Reject }

/** An update call in the ingress history. */
export interface IngressRecord {
  readonly status: IngressStatus
  readonly sender: Principal
  /** Whom the call addressed: delegations with targets let only its readers see the status. */
  readonly canisterId: Principal
  readonly effectiveCanisterId: Principal
}

/** Labels from the root of the state tree. */
export type StatePath = readonly Uint8Array[]

/** How a certificate shows which canisters a subnet hosts: the endpoints of the HTTP interface differ in that. */
export type RangesForm =
  /** One list under `/subnet/<id>/canister_ranges`: the older endpoints. */
  | 'list'
  /** Parts under `/canister_ranges/<id>`: newer endpoints about a canister. */
  | 'parts'
  /** Not at all: newer endpoints about a subnet. */
  | 'none'

/** One subnet, or a network of several, as clients see it. Every method is synchronous; only `tick` and `submit` change state. */
export interface ReplicaPort {
  /** DER form of the key that certificates verify under, 133 bytes. */
  readonly rootKey: Uint8Array
  readonly subnetId: Principal
  readonly nodeId: Principal
  /** Time of the last finished round, nanoseconds since 1970. */
  timeNanos(): bigint
  /** Number of the last finished round. */
  round(): bigint
  /** Ingress filter, then the queue. A message already known is accepted again without effect. */
  submit(message: IngressMessage): Admission
  query(message: QueryMessage): QueryResult
  ingressRecord(requestId: Uint8Array): IngressRecord | undefined
  /**
   * Certificate (CBOR, self-described) that reveals `/time` and the given paths, present or absent.
   *
   * @param ranges - of its delegation. With another form than the list, the lists of all subnets but the root's are left out
   *   of the tree. Default: every form
   */
  certificate(paths: readonly StatePath[], ranges?: RangesForm): Uint8Array
  /** Whether the caller may read the custom section `name`: `'missing'` covers canister, module and section. */
  metadataAccess(canisterId: Principal, name: string, caller: Principal): 'allowed' | 'denied' | 'missing'
  /** Ed25519 signature of this node over the given bytes, 64 bytes. */
  signAsNode(message: Uint8Array): Uint8Array
  /** Whether a call waits that the next round could work on. */
  hasPendingWork(): boolean
  /**
   * On a network of several subnets: the one that answers for a canister or for a subnet. `aaaaa-aa` stands for any.
   * Absent where one subnet answers for all.
   *
   * @returns undefined when no subnet does
   */
  subnetFor?(id: Principal): ReplicaPort | undefined
  /** Executes one round at the given block time; time never runs back. */
  tick(timeNanos: bigint): void
}
