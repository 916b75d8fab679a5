/**
 * Several subnets in one network. Each is a replica of its own, with its own key, size, prices and canister ids; the root
 * subnet speaks for the others, and messages travel between them through streams.
 *
 * Like a replica, it knows no clock and no randomness: the same options and the same inputs give the same state.
 */
import type { HttpOutcallAnswer, PendingHttpOutcall, Replica } from '@tidemark/replica'
import type { PortableValue } from '@tidemark/state'
import {
  type Admission,
  type IngressMessage,
  type IngressRecord,
  Principal,
  type QueryMessage,
  type QueryResult,
  type RangesForm,
  type ReplicaPort,
  type StatePath,
  createReject,
  managementCanisterId,
} from '@tidemark/types'
import { NetworkDirectory } from './directory.ts'
import { mainnetKindOf, type SubnetKind, subnetKinds, traitsOf } from './kinds.ts'
import type { InputListener } from './inputs.ts'
import { type NetworkLedger, networkLedger } from './ledger.ts'
import { exportNetwork, importNetwork, type PortableNetwork } from './portableNetwork.ts'
import { networkHash } from './networkHash.ts'
import { rejectLostCalls } from './lostCalls.ts'
import { NetworkSnapshot } from './networkSnapshot.ts'
import { FreeRanges, indexOf, mainnetRangeOf } from './ranges.ts'
import { RecordedPort } from './recordedPort.ts'
import { subnetOfPaths } from './statePaths.ts'
import { Streams } from './streams.ts'
import { createSubnet, type SharedOptions, type Subnet, type SubnetOptions } from './subnet.ts'

/** What a network is created with. The options of a replica hold for every subnet. */
export interface NetworkOptions extends Omit<SharedOptions['replica'], 'initialTimeNanos'> {
  /** At least one; those of a kind with ids on the public network at most once. */
  readonly subnets: readonly SubnetOptions[]
  /** Place of the default subnet among them. Default: the first application subnet, or what comes closest. */
  readonly defaultSubnet?: number
  /** 32 bytes from which all keys derive. Default: all zero. */
  readonly seed?: Uint8Array
  /** Block time of the genesis, nanoseconds since 1970. Default as of a replica. */
  readonly initialTimeNanos?: bigint
  /** Hears of every input before it takes effect. */
  readonly onInput?: InputListener
  /** How many rounds after the one that sent it a message between subnets is worked on. Default 1. */
  readonly latencyRounds?: number
}

/** A network as its users see it: every operation goes to the subnet that it concerns. */
export interface Network extends ReplicaPort {
  /** In the order in which they were asked for. */
  subnets(): readonly Subnet[]
  subnet(id: Principal): Subnet | undefined
  /** The subnet that hosts a canister id, whether or not there is such a canister. */
  hostOf(canisterId: Principal): Subnet | undefined
  /** The subnet whose key certificates verify under. */
  readonly root: Subnet
  /** Where canisters are created when nobody says where: the first application subnet of the genesis, or what comes closest. */
  readonly defaultSubnet: Subnet
  /** The first id that the default subnet hands out. */
  readonly defaultEffectiveCanisterId: Principal
  /**
   * Adds the subnet that hosts an id on the public network.
   *
   * @throws RangeError when that network has no such id, or a subnet of its kind is there already or must be from the start
   */
  addMainnetSubnet(canisterId: Principal): Subnet
  /**
   * Deletes a subnet with its canisters. Calls into it are rejected, and its ids are hosted by nobody from then on.
   *
   * @throws RangeError when there is no such subnet, when it is the root or the default one, or has ids of the public network
   */
  deleteSubnet(id: Principal): void
  subnetFor(id: Principal): ReplicaPort | undefined
  /** A canister's state, to look at. */
  canister(id: Principal): ReturnType<Replica['canister']>
  /** What became of its lifecycle hooks; undefined when there is no such canister. */
  hookStates(id: Principal): ReturnType<Replica['hookStates']>
  /** Moves the time of the next round forward. */
  advanceTime(nanos: bigint): void
  /** Executes one round on every subnet; without a time, the block time moves by one nanosecond. */
  tick(timeNanos?: bigint): void
  /** @returns the new balance; undefined when there is no such canister */
  addCycles(canisterId: Principal, amount: bigint): bigint | undefined
  /** @returns whether there is such a canister */
  setStableMemory(canisterId: Principal, bytes: Uint8Array): boolean
  /** HTTPS requests that wait for an answer, subnet by subnet. */
  pendingHttpOutcalls(): readonly (PendingHttpOutcall & { readonly subnetId: Principal })[]
  /** @returns whether the request was waiting for an answer. @throws RangeError when the status is no natural number */
  answerHttpOutcall(
    subnetId: Principal,
    id: bigint,
    answer: HttpOutcallAnswer,
    others?: readonly HttpOutcallAnswer[],
    isPartial?: boolean,
  ): boolean
  cyclesLedger(): NetworkLedger
  /** SHA-256 over the whole state; two networks with the same one go on alike. Walks all memory. */
  stateHash(): Uint8Array
  /** All subnets and what travels between them, to come back to. Costs what changed since the last snapshot. */
  snapshot(): NetworkSnapshot
  /** Goes to a snapshot that this network took, as `Replica.restore`. @throws RangeError when another network took it */
  restore(snapshot: NetworkSnapshot): void
  /** Hands an event per message of every subnet to another recorder from now on, or to none. */
  watch(trace: Parameters<Replica['watch']>[0]): void
  /** All subnets and what travels between them, as values that can be written to a file. Walks all memory. */
  exportState(): PortableNetwork
  /**
   * Goes to a state that `exportState` of another network gave, with the same subnets at its genesis; those that were added
   * since are added here, too.
   *
   * @throws RangeError when it is none, one of other subnets, or one of another version of this program
   */
  importState(state: PortableValue): void
}

/** Creates a network at its genesis. @throws RangeError for no subnet, or two of a kind that there is one of */
export function createNetwork(options: NetworkOptions): Network {
  return new SubnetNetwork(options)
}

/** Where canisters go by default, the first kind that is there from the start. */
const defaultKinds: readonly SubnetKind[] = ['application', 'verified_application', 'system', 'cloud_engine']

class SubnetNetwork implements Network {
  #subnets: Subnet[] = []
  readonly #byKey = new Map<string, Subnet>()
  readonly #defaultSubnet: Subnet
  readonly #streams: Streams
  readonly #free = new FreeRanges()
  readonly #shared: SharedOptions
  readonly #onInput: InputListener | undefined
  readonly #ports = new Map<string, ReplicaPort>()
  #round = 0n
  #pendingTime = 0n
  #trace: Parameters<Replica['watch']>[0]

  constructor({ subnets, defaultSubnet, seed, latencyRounds, onInput, ...replica }: NetworkOptions) {
    this.#onInput = onInput
    this.#trace = replica.trace
    checkKinds(subnets.map(({ kind }) => kind))
    const directory = new NetworkDirectory({
      isRoot: ({ id }) => this.#byKey.get(id.key)?.kind === 'nns',
      rootReplica: () => this.root.replica,
    })
    this.#streams = new Streams(latencyRounds ?? 1)
    this.#shared = { networkSeed: seed ?? new Uint8Array(32), directory, replica }
    for (const subnet of subnets) this.#add(subnet, traitsOf(subnet.kind).mainnetRanges)
    const [preferred] = defaultKinds.flatMap((kind) => this.#subnets.find((subnet) => subnet.kind === kind) ?? [])
    const asked = defaultSubnet === undefined ? undefined : this.#subnets[defaultSubnet]
    this.#defaultSubnet = asked ?? preferred ?? this.#subnets[0] ?? this.root
  }

  get root(): Subnet {
    return this.#known(this.#shared.directory.root.id)
  }

  get defaultSubnet(): Subnet {
    return this.#defaultSubnet
  }

  get defaultEffectiveCanisterId(): Principal {
    return this.defaultSubnet.replica.defaultEffectiveCanisterId
  }

  get rootKey(): Uint8Array {
    return this.root.replica.publicKey
  }

  get subnetId(): Principal {
    return this.defaultSubnet.id
  }

  get nodeId(): Principal {
    return this.defaultSubnet.replica.nodeId
  }

  subnets(): readonly Subnet[] {
    return this.#subnets
  }

  subnet(id: Principal): Subnet | undefined {
    return this.#byKey.get(id.key)
  }

  hostOf(canisterId: Principal): Subnet | undefined {
    const entry = this.#shared.directory.hostOf(canisterId)
    return entry && this.#byKey.get(entry.id.key)
  }

  subnetFor(id: Principal): ReplicaPort | undefined {
    const subnet = id.key === managementCanisterId.key ? this.defaultSubnet : (this.hostOf(id) ?? this.subnet(id))
    return subnet && this.#portOf(subnet)
  }

  addMainnetSubnet(canisterId: Principal): Subnet {
    const index = indexOf(canisterId)
    const range = index === undefined ? undefined : mainnetRangeOf(index)
    if (index === undefined || range === undefined) throw new RangeError(`${canisterId.toText()} is no canister id of the public network`)
    const kind = mainnetKindOf(canisterId) ?? 'application'
    if (kind === 'nns') throw new RangeError('a subnet of the kind nns must be there from the start')
    if (this.hostOf(canisterId) !== undefined) throw new RangeError(`${canisterId.toText()} is hosted already`)
    this.#onInput?.({ kind: 'add_mainnet_subnet', canisterId })
    const { mainnetRanges } = traitsOf(kind)
    return this.#add({ kind }, mainnetRanges.length === 0 ? [range] : mainnetRanges, this.timeNanos())
  }

  deleteSubnet(id: Principal): void {
    const subnet = this.#known(id)
    if (traitsOf(subnet.kind).mainnetRanges.length > 0) throw new RangeError(`a subnet of the kind ${subnet.kind} stays`)
    if (subnet === this.root) throw new RangeError('the root subnet stays')
    if (subnet === this.defaultSubnet) throw new RangeError('the subnet of the default effective canister id stays')
    this.#onInput?.({ kind: 'delete_subnet', subnetId: id })
    this.#subnets = this.#subnets.filter((other) => other !== subnet)
    this.#byKey.delete(id.key)
    this.#ports.delete(id.key)
    this.#shared.directory.remove(id)
    this.#streams.push(id, this.#round, rejectLostCalls(subnet, this.#subnets, this.#streams))
  }

  hookStates(id: Principal): ReturnType<Replica['hookStates']> {
    return this.hostOf(id)?.replica.hookStates(id)
  }

  canister(id: Principal): ReturnType<Replica['canister']> {
    return this.hostOf(id)?.replica.canister(id)
  }

  timeNanos(): bigint {
    return this.root.replica.timeNanos()
  }

  round(): bigint {
    return this.#round
  }

  submit(message: IngressMessage): Admission {
    const port = this.subnetFor(message.effectiveCanisterId)
    return port === undefined ? { accepted: false, reject: noRoute(message.effectiveCanisterId) } : port.submit(message)
  }

  query(message: QueryMessage): QueryResult {
    const port = this.subnetFor(message.effectiveCanisterId)
    return port === undefined ? { status: 'rejected', reject: noRoute(message.effectiveCanisterId) } : port.query(message)
  }

  ingressRecord(requestId: Uint8Array): IngressRecord | undefined {
    for (const { replica } of this.#subnets) {
      const record = replica.ingressRecord(requestId)
      if (record !== undefined) return record
    }
    return undefined
  }

  certificate(paths: readonly StatePath[], ranges?: RangesForm): Uint8Array {
    return (subnetOfPaths(this, paths) ?? this.root).replica.certificate(paths, ranges)
  }

  metadataAccess(canisterId: Principal, name: string, caller: Principal): 'allowed' | 'denied' | 'missing' {
    return this.hostOf(canisterId)?.replica.metadataAccess(canisterId, name, caller) ?? 'missing'
  }

  signAsNode(message: Uint8Array): Uint8Array {
    return this.defaultSubnet.replica.signAsNode(message)
  }

  hasPendingWork(): boolean {
    return this.#streams.size > 0 || this.#subnets.some(({ replica }) => replica.hasPendingWork())
  }

  advanceTime(nanos: bigint): void {
    this.#pendingTime += nanos
  }

  tick(timeNanos?: bigint): void {
    const time = (timeNanos ?? this.timeNanos() + 1n) + this.#pendingTime
    this.#pendingTime = 0n
    this.#onInput?.({ kind: 'tick', timeNanos: time })
    this.#round += 1n
    if (this.#streams.size > 0) for (const { id, replica } of this.#subnets) replica.induct(this.#streams.take(id, this.#round))
    for (const { replica } of this.#subnets) replica.tick(time)
    for (const { id, replica } of this.#subnets) this.#streams.push(id, this.#round, replica.takeOutgoing())
  }

  addCycles(canisterId: Principal, amount: bigint): bigint | undefined {
    this.#onInput?.({ kind: 'add_cycles', canisterId, amount })
    return this.hostOf(canisterId)?.replica.addCycles(canisterId, amount)
  }

  setStableMemory(canisterId: Principal, bytes: Uint8Array): boolean {
    this.#onInput?.({ kind: 'set_stable_memory', canisterId, bytes })
    return this.hostOf(canisterId)?.replica.setStableMemory(canisterId, bytes) ?? false
  }

  pendingHttpOutcalls(): readonly (PendingHttpOutcall & { readonly subnetId: Principal })[] {
    return this.#subnets.flatMap(({ id, replica }) => replica.pendingHttpOutcalls().map((outcall) => ({ ...outcall, subnetId: id })))
  }

  answerHttpOutcall(
    subnetId: Principal,
    id: bigint,
    answer: HttpOutcallAnswer,
    others?: readonly HttpOutcallAnswer[],
    isPartial?: boolean,
  ): boolean {
    this.#onInput?.({
      kind: 'answer_http_outcall',
      subnetId,
      id,
      answer,
      others: others ?? [],
      ...(isPartial === true ? { isPartial } : {}),
    })
    return this.subnet(subnetId)?.replica.answerHttpOutcall(id, answer, others, isPartial) ?? false
  }

  cyclesLedger(): NetworkLedger {
    return networkLedger(this.#subnets, this.#streams)
  }

  stateHash(): Uint8Array {
    return networkHash(this.#round, this.#subnets, this.#streams)
  }

  snapshot(): NetworkSnapshot {
    return new NetworkSnapshot(this, {
      subnets: this.#subnets.map((subnet) => ({ subnet, snapshot: subnet.replica.snapshot() })),
      directory: this.#shared.directory.capture(),
      streams: this.#streams.capture(),
      round: this.#round,
      pendingTime: this.#pendingTime,
      nextRange: this.#free.next,
    })
  }

  restore(snapshot: NetworkSnapshot): void {
    const captured = snapshot.open(this)
    this.#shared.directory.restore(captured.directory)
    this.#subnets = captured.subnets.map(({ subnet }) => subnet)
    this.#byKey.clear()
    for (const { subnet, snapshot: taken } of captured.subnets) {
      this.#byKey.set(subnet.id.key, subnet)
      subnet.replica.restore(taken)
    }
    this.#streams.restore(captured.streams)
    this.#round = captured.round
    this.#pendingTime = captured.pendingTime
    this.#free.next = captured.nextRange
  }

  watch(trace: Parameters<Replica['watch']>[0]): void {
    this.#trace = trace
    for (const { replica } of this.#subnets) replica.watch(trace)
  }

  exportState(): PortableNetwork {
    return exportNetwork(this.snapshot().open(this))
  }

  importState(state: PortableValue): void {
    const { subnets, streams, round, pendingTime } = importNetwork(state)
    for (const [at, { id, firstIndex, state: content }] of subnets.entries()) {
      const subnet = this.#subnets[at] ?? this.addMainnetSubnet(Principal.canister(firstIndex))
      if (subnet.id.key !== id.key)
        throw new RangeError(`the state is one of other subnets: ${id.toText()} in place of ${subnet.id.toText()}`)
      subnet.replica.importState(content)
    }
    this.#streams.restore(streams)
    this.#round = round
    this.#pendingTime = pendingTime
  }

  #add(options: SubnetOptions, mainnetRanges: Subnet['ranges'], initialTimeNanos?: bigint): Subnet {
    const shared = initialTimeNanos === undefined ? this.#shared : withTime(this.#shared, initialTimeNanos)
    const subnet = createSubnet(options, this.#rangesFor(options, mainnetRanges), shared)
    subnet.replica.watch(this.#trace)
    this.#subnets.push(subnet)
    this.#byKey.set(subnet.id.key, subnet)
    return subnet
  }

  #rangesFor({ ranges }: SubnetOptions, mainnetRanges: Subnet['ranges']): Parameters<typeof createSubnet>[1] {
    const used = this.#subnets.flatMap((subnet) => subnet.ranges)
    const allocation = ranges?.at(-1)
    if (ranges === undefined || allocation === undefined) return { ranges: mainnetRanges, allocation: this.#free.take(used) }
    const twice = ranges.find(({ first, last }) => used.some((other) => first <= other.last && other.first <= last))
    if (twice !== undefined) throw new RangeError(`two subnets host ${Principal.canister(twice.first).toText()}`)
    return { ranges: ranges.slice(0, -1), allocation }
  }

  /** The subnet as those see it who may give it inputs. */
  #portOf({ id, replica }: Subnet): ReplicaPort {
    if (this.#onInput === undefined) return replica
    const known = this.#ports.get(id.key)
    if (known !== undefined) return known
    const port = new RecordedPort(replica, this.#onInput)
    this.#ports.set(id.key, port)
    return port
  }

  #known(id: Principal): Subnet {
    const subnet = this.#byKey.get(id.key)
    if (subnet === undefined) throw new RangeError(`there is no subnet ${id.toText()}`)
    return subnet
  }
}

function withTime(shared: SharedOptions, initialTimeNanos: bigint): SharedOptions {
  return { ...shared, replica: { ...shared.replica, initialTimeNanos } }
}

function checkKinds(kinds: readonly SubnetKind[]): void {
  if (kinds.length === 0) throw new RangeError('a network has at least one subnet')
  for (const kind of subnetKinds) {
    const isOnlyOne = traitsOf(kind).mainnetRanges.length > 0
    if (isOnlyOne && kinds.indexOf(kind) !== kinds.lastIndexOf(kind)) throw new RangeError(`a network has one ${kind} subnet at most`)
  }
}

function noRoute(id: Principal) {
  return createReject('CanisterNotFound', `Canister ${id.toText()} does not belong to any subnet.`)
}
