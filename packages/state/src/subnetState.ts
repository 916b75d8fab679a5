/** State of a subnet: its canisters, what waits for the management canister, and the ingress history. */
import { type IngressStatus, type Principal, InvariantError } from '@tidemark/types'
import type { CanisterState } from './canisterState.ts'
import { capture, revive } from './capture/capture.ts'
import type { StateClasses } from './capture/stateClass.ts'
import { Fifo } from './fifo.ts'
import { ManagementQueue } from './managementQueue.ts'
import type { AnsweredOutcall, HttpOutcall } from './httpOutcall.ts'
import type { Request, Response } from './messages.ts'
import { PersistentMap } from './persistentMap.ts'
import { TrackedMap } from './trackedMap.ts'

/** An update call as the ingress history keeps it; replaced when its status changes. */
export interface IngressEntry {
  readonly status: IngressStatus
  readonly sender: Principal
  readonly canisterId: Principal
  readonly effectiveCanisterId: Principal
  readonly expiryNanos: bigint
}

/** Names a callback that is answered at its deadline if nothing else answers it. */
export interface BestEffortCall {
  readonly caller: Principal
  readonly callbackId: bigint
  readonly deadlineNanos: bigint
}

/** A call of a canister of another subnet that is not worked off any more once its deadline has passed. */
export interface RemoteBestEffortCall extends BestEffortCall {
  readonly receiver: Principal
}

/** A message on its way to another subnet. */
export interface OutgoingMessage {
  readonly subnet: Principal
  readonly message: Request | Response
}

/** Cycles that travel with a message. */
export function carriedCycles(message: Request | Response): bigint {
  return message.kind === 'request' ? message.cycles : message.refund
}

/** A call whose fee is paid and whose answer takes longer than the round. */
export interface PaidRequest {
  readonly request: Request
  /** Cycles that return with the answer. */
  readonly refund: bigint
}

/** A subnet as it was between two rounds. Immutable; versions share what is the same. */
export interface CapturedSubnet {
  /** All public fields but the two below, by name. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly ingressHistory: PersistentMap<string, IngressEntry>
  readonly canisters: PersistentMap<string, CanisterState>
}

/** Keys of what may be different after a restore. */
export interface RestoredKeys {
  readonly canisters: ReadonlySet<string>
  readonly requests: ReadonlySet<string>
}

/** How far a subnet had come at the end of a day. */
export interface LastRoundOfDay {
  readonly timeNanos: bigint
  readonly round: bigint
}

/** What a subnet is made of. Only `commit` in the replica package writes to it. */
export class SubnetState {
  timeNanos: bigint
  round = 0n
  /** Next canister id to hand out, as a number. */
  nextCanisterIndex: bigint
  readonly ingressHistory = new TrackedMap<IngressEntry>()
  /** Calls that have ended, in the order in which they did: how long their answers are kept counts from here. */
  readonly finishedIngress = new Fifo<{ readonly requestKey: string; readonly finishedNanos: bigint }>()
  readonly managementQueue = new ManagementQueue()
  /** Calls and answers on their way between canisters, in the order in which they were sent. */
  readonly inTransit = new Fifo<Request | Response>()
  /** Calls and answers for other subnets, in the order in which they were sent; taken out after the round. */
  readonly outgoing = new Fifo<OutgoingMessage>()
  /** Open calls of all canisters, and those of them with a guaranteed response. */
  openCalls = 0
  guaranteedCalls = 0
  /** Open calls with a deadline, in the order in which they were made; answered ones are dropped when a round begins. */
  bestEffortCalls: BestEffortCall[] = []
  /** Calls with a deadline that came from other subnets, in the order in which they did. */
  remoteBestEffortCalls: RemoteBestEffortCall[] = []
  /** Calls of `raw_rand`, answered in the next round. */
  readonly randomnessRequests: Request[] = []
  /** Calls for signatures and encrypted keys, answered in the next round. */
  readonly signatureRequests: PaidRequest[] = []
  /** HTTPS requests that wait for an answer, in the order in which they were made. */
  readonly httpOutcalls = new Map<bigint, HttpOutcall>()
  nextHttpOutcallId = 0n
  /** HTTPS requests whose answers go out in the next round. */
  readonly answeredOutcalls: AnsweredOutcall[] = []
  /** Bytes of memory changed since the last checkpoint. */
  heapDeltaBytes = 0
  /** Hashes in hex of the modules that were installed since the last checkpoint: compiling one again counts as less. */
  readonly compiledModules = new Set<string>()
  /** Cycles that came into being here, and that ended; and those that went to other subnets and came from them:
   *  minted + received = held + burned + sent at any time. */
  mintedCycles = 0n
  burnedCycles = 0n
  sentCycles = 0n
  receivedCycles = 0n
  /** Executions and management calls so far, but for queries that are not replicated. */
  updateTransactions = 0
  /** Bytes of all canisters, looked at every ten rounds. */
  canisterStateBytes = 0
  /** The last round of each UTC day before today that had one, the latest sixty. */
  pastDays: LastRoundOfDay[] = []
  readonly #canisters = new Map<string, CanisterState>()
  #sorted: CanisterState[] | undefined
  #removed: CanisterState[] = []
  /** Captured canisters; undefined before the first capture, and then nothing is noted. */
  #captured: PersistentMap<string, CanisterState> | undefined
  /** Canisters that may have changed since the last capture, present or removed. */
  readonly #handedOut = new Set<string>()

  constructor(timeNanos: bigint, firstCanisterIndex: bigint) {
    this.timeNanos = timeNanos
    this.nextCanisterIndex = firstCanisterIndex
  }

  /** A canister, which whoever asks may change until the next capture. */
  canister(id: Principal): CanisterState | undefined {
    return this.canisterByKey(id.key)
  }

  /** The same, by the key of an id. */
  canisterByKey(key: string): CanisterState | undefined {
    const canister = this.#canisters.get(key)
    if (canister !== undefined) this.handOut(canister)
    return canister
  }

  /** All canisters in the order of their ids; whoever asks may change them until the next capture. */
  canisters(): readonly CanisterState[] {
    const canisters = this.#inOrder()
    if (this.#captured !== undefined) for (const canister of canisters) this.#handedOut.add(canister.id.key)
    return canisters
  }

  /** A canister, to look at only. */
  peek(id: Principal): Readonly<CanisterState> | undefined {
    return this.#canisters.get(id.key)
  }

  /** All canisters in the order of their ids, to look at only. */
  peekAll(): readonly Readonly<CanisterState>[] {
    return this.#inOrder()
  }

  /** Notes that a canister may be changed from here on: for those who keep canisters and give them on. */
  handOut(canister: CanisterState): void {
    if (this.#captured !== undefined) this.#handedOut.add(canister.id.key)
  }

  addCanister(canister: CanisterState): void {
    if (this.#canisters.has(canister.id.key)) throw new InvariantError(`canister ${canister.id.toText()} is there already`)
    this.#canisters.set(canister.id.key, canister)
    this.handOut(canister)
    // Fresh ids only grow, so a new canister mostly belongs at the end.
    const last = this.#sorted?.at(-1)
    if (last === undefined || last.id.key > canister.id.key) this.#sorted = undefined
    else this.#sorted?.push(canister)
  }

  removeCanister(id: Principal): void {
    const canister = this.#canisters.get(id.key)
    if (canister === undefined) return
    this.#canisters.delete(id.key)
    this.handOut(canister)
    this.#sorted = undefined
    this.#removed.push(canister)
  }

  /** Canisters removed since the last time this was asked. */
  takeRemoved(): readonly CanisterState[] {
    if (this.#removed.length === 0) return this.#removed
    const removed = this.#removed
    this.#removed = []
    return removed
  }

  /** This state, at the price of what was handed out since the last capture. Call it between rounds only. */
  capture(classes: StateClasses): CapturedSubnet {
    if (this.#removed.length > 0) throw new InvariantError('a removed canister was not taken note of')
    let captured = this.#captured ?? PersistentMap.of<string, CanisterState>()
    for (const key of this.#captured === undefined ? this.#canisters.keys() : this.#handedOut) {
      const canister = this.#canisters.get(key)
      captured = canister === undefined ? captured.delete(key) : captured.set(key, capture(classes, canister))
    }
    this.#captured = captured
    this.#handedOut.clear()
    const { ingressHistory, ...fields } = this
    return { fields: capture(classes, fields), ingressHistory: ingressHistory.keep(), canisters: captured }
  }

  /** Goes to a captured state, at the price of what is different. */
  restore(version: CapturedSubnet): RestoredKeys {
    const uncaptured = this.#captured === undefined ? this.#canisters.keys() : this.#handedOut
    const before = this.#captured ?? PersistentMap.of<string, CanisterState>()
    const keys = new Set([...uncaptured, ...before.differences(version.canisters)])
    for (const key of keys) this.#put(key, version.canisters.get(key))
    this.#captured = version.canisters
    this.#handedOut.clear()
    this.#removed = []
    Object.assign(this, revive(version.fields))
    return { canisters: keys, requests: this.ingressHistory.restore(version.ingressHistory) }
  }

  #put(key: string, captured: CanisterState | undefined): void {
    const before = this.#canisters.get(key)
    if (captured === undefined || before === undefined) this.#sorted = undefined
    if (captured === undefined) {
      this.#canisters.delete(key)
      return
    }
    const canister = revive(captured)
    this.#canisters.set(key, canister)
    this.#sorted?.splice(indexOf(this.#sorted, key), 1, canister)
  }

  #inOrder(): readonly CanisterState[] {
    this.#sorted ??= [...this.#canisters.values()].sort((a, b) => (a.id.key < b.id.key ? -1 : 1))
    return this.#sorted
  }
}

/** Position of a canister in the order of ids. */
function indexOf(sorted: readonly CanisterState[], key: string): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as CanisterState).id.key < key) low = middle + 1
    else high = middle
  }
  return low
}
