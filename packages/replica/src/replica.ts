/**
 * A replica with one subnet: what goes in between rounds, rounds, and what can be read.
 *
 * Nothing here knows a clock or a source of randomness: the same options and the same inputs in the same order give the
 * same state.
 */
import { type Certifier, createCertifier, text } from '@tidemark/certification'
import { type CanisterState, type OutgoingMessage, type PortableValue, type Request, type Response, isController } from '@tidemark/state'
import type { TraceRecorder } from '@tidemark/trace'
import {
  type Admission,
  type IngressMessage,
  type IngressRecord,
  type Principal,
  type QueryMessage,
  type QueryResult,
  type RangesForm,
  type ReplicaPort,
  type StatePath,
  toHex,
} from '@tidemark/types'
import { stateHash } from './certify/stateHash.ts'
import { StateTree } from './certify/stateTree.ts'
import { heldCycles } from './heldCycles.ts'
import { type HookState, hookStatesOf } from './hooks/hookStates.ts'
import { admit } from './ingress/admit.ts'
import { addCycles, setStableMemory } from './inputs.ts'
import { answerHttpOutcall, type HttpOutcallAnswer, type PendingHttpOutcall, pendingHttpOutcalls } from './management/index.ts'
import type { ReplicaOptions } from './options.ts'
import { runQuery } from './query/runQuery.ts'
import { executeRound } from './round/executeRound.ts'
import { exportWorld, importWorld } from './snapshot/portableWorld.ts'
import { ReplicaSnapshot } from './snapshot/replicaSnapshot.ts'
import { captureWorld, restoreWorld } from './snapshot/worldSnapshot.ts'
import { inductMessages, takeOutgoing } from './subnets/induct.ts'
import { World } from './world.ts'

/** A replica of one subnet. */
export interface Replica extends ReplicaPort {
  /** First id that this subnet gives to a canister: a good effective canister id for creating one. */
  readonly defaultEffectiveCanisterId: Principal
  /** The subnet's own key, DER: the root key where there is no other subnet. */
  readonly publicKey: Uint8Array
  /** All nodes; the first one answers. */
  readonly nodeIds: readonly Principal[]
  /** Moves the time of the next round forward. */
  advanceTime(nanos: bigint): void
  /** Executes one round; without a time, the block time moves by one nanosecond. */
  tick(timeNanos?: bigint): void
  /** A canister's state, to look at. */
  canister(id: Principal): Readonly<CanisterState> | undefined
  canisters(): readonly Readonly<CanisterState>[]
  /** Experimental lifecycle hooks of a canister, in the order in which they run; undefined when there is no such canister. */
  hookStates(id: Principal): readonly HookState[] | undefined
  /** Adds cycles out of nothing. @returns the new balance; undefined when there is no such canister */
  addCycles(id: Principal, amount: bigint): bigint | undefined
  /** The whole stable memory, a multiple of 64 KiB; undefined when there is no such canister. */
  stableMemory(id: Principal): Uint8Array | undefined
  /** Replaces the stable memory, filled up with zeros to a multiple of 64 KiB. @returns whether there is such a canister */
  setStableMemory(id: Principal, bytes: Uint8Array): boolean
  /** HTTPS requests of canisters that wait for an answer, oldest first; none unless `httpOutcalls` is `mocked`. */
  pendingHttpOutcalls(): readonly PendingHttpOutcall[]
  /**
   * Answers an HTTPS request; the canister gets the answer in the next round, through its transform function.
   *
   * @param others - what the other nodes got, one for each; absent where all got the same
   * @param isPartial - whether these are answers of some nodes of a group, and the others have none. Default false
   * @returns whether the request was waiting for one
   * @throws RangeError when the status is no natural number
   */
  answerHttpOutcall(id: bigint, answer: HttpOutcallAnswer, others?: readonly HttpOutcallAnswer[], isPartial?: boolean): boolean
  /** Takes out the messages for other subnets that the last round has left, in their order. Only on a network of several. */
  takeOutgoing(): readonly OutgoingMessage[]
  /** Takes messages of other subnets in: the next round works on them. */
  induct(messages: readonly (Request | Response)[]): void
  /** The whole subnet as it is, to come back to. Costs what changed since the last snapshot, not what exists. */
  snapshot(): ReplicaSnapshot
  /**
   * Goes back, or forth, to a snapshot that this replica took: the same inputs then give the same state as they would have
   * given there. Costs what is different. What watches the replica, such as a trace, is not wound back.
   *
   * @throws RangeError when another replica took the snapshot
   */
  restore(snapshot: ReplicaSnapshot): void
  /** Hands an event per message to another recorder from now on, or to none: what watches changes nothing that is watched. */
  watch(trace: TraceRecorder | undefined): void
  /**
   * The whole subnet as values that can be written to a file. Walks all memory; call it between rounds.
   *
   * Keys are not part of it: they derive from the seed.
   */
  exportState(): PortableValue
  /**
   * Goes to a state that `exportState` of another replica gave, with the same options.
   *
   * @throws RangeError when it is none, or one of another version of this program; then nothing has changed
   */
  importState(state: PortableValue): void
  cyclesLedger(): CyclesLedger
  /** SHA-256 over the whole state, certified or not; two replicas with the same one go on alike. Walks all memory. */
  stateHash(): Uint8Array
}

/** Where the cycles of a subnet are: minted + received = held + burned + sent at any time. */
export interface CyclesLedger {
  readonly minted: bigint
  readonly held: bigint
  readonly burned: bigint
  /** Cycles that left for other subnets, and that came from them. */
  readonly sent: bigint
  readonly received: bigint
}

/** Creates a replica at its genesis. */
export function createReplica(options: ReplicaOptions = {}): Replica {
  return new SubnetReplica(options)
}

class SubnetReplica implements Replica {
  readonly #world: World
  readonly #tree: StateTree
  readonly #certify: Certifier

  constructor(options: ReplicaOptions) {
    this.#world = new World(options)
    this.#tree = new StateTree(this.#world)
    this.#certify = createCertifier({ key: this.#world.subnetKey })
  }

  get rootKey(): Uint8Array {
    return this.#world.env.rootKey
  }

  get subnetId(): Principal {
    return this.#world.env.subnetId
  }

  get nodeId(): Principal {
    return this.#world.node.id
  }

  get publicKey(): Uint8Array {
    return this.#world.subnetKey.publicKeyDer
  }

  get nodeIds(): readonly Principal[] {
    return this.#world.management.nodeIds
  }

  get defaultEffectiveCanisterId(): Principal {
    return this.#world.firstCanisterId
  }

  timeNanos(): bigint {
    return this.#world.state.timeNanos
  }

  round(): bigint {
    return this.#world.state.round
  }

  submit(message: IngressMessage): Admission {
    this.#world.stalled = false
    return admit(this.#world, message)
  }

  query(message: QueryMessage): QueryResult {
    const path = [text('canister'), message.canisterId.bytes, text('certified_data')]
    return runQuery(this.#world, message, () => this.certificate([path], message.ranges))
  }

  ingressRecord(requestId: Uint8Array): IngressRecord | undefined {
    return this.#world.state.ingressHistory.get(toHex(requestId))
  }

  certificate(paths: readonly StatePath[], ranges?: RangesForm): Uint8Array {
    const { directory, env } = this.#world
    const shown = ranges === undefined || ranges === 'list' ? paths : this.#tree.withoutRangeLists(paths)
    return this.#certify(this.#tree.root(), [[text('time')], ...shown], directory?.delegationOf(env.subnetId, ranges))
  }

  metadataAccess(canisterId: Principal, name: string, caller: Principal): 'allowed' | 'denied' | 'missing' {
    const canister = this.#world.state.peek(canisterId)
    const section = canister?.execution?.module.metadata.find((candidate) => candidate.name === name)
    if (canister === undefined || section === undefined) return 'missing'
    return section.visibility === 'public' || isController(canister.settings, caller) ? 'allowed' : 'denied'
  }

  signAsNode(message: Uint8Array): Uint8Array {
    return this.#world.node.key.sign(message)
  }

  hasPendingWork(): boolean {
    const { state, activity, stalled } = this.#world
    if (stalled) return false
    const answersDue = state.randomnessRequests.length > 0 || state.signatureRequests.length > 0
    if (answersDue || state.answeredOutcalls.length > 0) return true
    return activity.hasInput || state.managementQueue.size > 0 || state.inTransit.size > 0
  }

  advanceTime(nanos: bigint): void {
    this.#world.pendingTimeNanos += nanos
  }

  tick(timeNanos?: bigint): void {
    const next = timeNanos ?? this.#world.state.timeNanos + 1n
    executeRound(this.#world, next + this.#world.pendingTimeNanos)
    this.#world.pendingTimeNanos = 0n
  }

  canister(id: Principal): Readonly<CanisterState> | undefined {
    return this.#world.state.canister(id)
  }

  canisters(): readonly Readonly<CanisterState>[] {
    return this.#world.state.peekAll()
  }

  hookStates(id: Principal): readonly HookState[] | undefined {
    const canister = this.#world.state.peek(id)
    return canister === undefined ? undefined : hookStatesOf(canister)
  }

  addCycles(id: Principal, amount: bigint): bigint | undefined {
    const canister = this.#world.state.canister(id)
    if (canister === undefined) return undefined
    this.#world.stalled = false
    return addCycles(this.#world, canister, amount)
  }

  stableMemory(id: Principal): Uint8Array | undefined {
    const memory = this.#world.state.peek(id)?.stableMemory
    if (memory === undefined) return undefined
    const bytes = new Uint8Array(memory.sizeBytes)
    memory.read(0, bytes)
    return bytes
  }

  setStableMemory(id: Principal, bytes: Uint8Array): boolean {
    const canister = this.#world.state.canister(id)
    if (canister === undefined) return false
    setStableMemory(this.#world, canister, bytes)
    return true
  }

  pendingHttpOutcalls(): readonly PendingHttpOutcall[] {
    return pendingHttpOutcalls(this.#world.state, this.#world.pricing)
  }

  answerHttpOutcall(id: bigint, answer: HttpOutcallAnswer, others: readonly HttpOutcallAnswer[] = [], isPartial = false): boolean {
    const answered = answerHttpOutcall(this.#world.state, id, answer, others, isPartial)
    if (answered) this.#world.stalled = false
    return answered
  }

  takeOutgoing(): readonly OutgoingMessage[] {
    return takeOutgoing(this.#world)
  }

  induct(messages: readonly (Request | Response)[]): void {
    inductMessages(this.#world, messages)
  }

  snapshot(): ReplicaSnapshot {
    return new ReplicaSnapshot(this, captureWorld(this.#world), this.#world.state)
  }

  restore(snapshot: ReplicaSnapshot): void {
    restoreWorld(this.#world, snapshot.open(this))
    this.#tree.forget()
  }

  watch(trace: TraceRecorder | undefined): void {
    this.#world.trace = trace
  }

  exportState(): PortableValue {
    return exportWorld(captureWorld(this.#world))
  }

  importState(state: PortableValue): void {
    restoreWorld(this.#world, importWorld(this.#world, captureWorld(this.#world), state))
    this.#tree.forget()
  }

  stateHash(): Uint8Array {
    return stateHash(this.#world, this.#tree.root())
  }

  cyclesLedger(): CyclesLedger {
    const { mintedCycles, burnedCycles, sentCycles, receivedCycles } = this.#world.state
    const held = heldCycles(this.#world.state)
    return { minted: mintedCycles, held, burned: burnedCycles, sent: sentCycles, received: receivedCycles }
  }
}
