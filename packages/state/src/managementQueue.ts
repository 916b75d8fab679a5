/**
 * Calls that wait for the management canister.
 *
 * Canisters of the subnet, users and canisters of other subnets take turns, then the callers of a kind among themselves; users
 * by the canister that their call is about. What cannot go on yet holds up what waits behind it, and nobody else.
 */
import type { Principal } from '@tidemark/types'
import type { StateClass } from './capture/stateClass.ts'
import { Fifo } from './fifo.ts'
import { type Source, sourceAfter, sources } from './inputSources.ts'
import type { QueuedIngress, Request } from './messages.ts'

export type ManagementCall = QueuedIngress | Request

interface Lane {
  readonly calls: Map<string, Fifo<ManagementCall>>
  /** Keys of `calls`, in turn. */
  readonly turns: Fifo<string>
}

interface ManagementQueueState {
  readonly lanes: Readonly<Record<Source, Lane>>
  readonly nextSource: Source
}

function createLane(): Lane {
  return { calls: new Map(), turns: new Fifo() }
}

/** All calls of the management canister of one subnet that have not begun. */
export class ManagementQueue {
  readonly #lanes: Readonly<Record<Source, Lane>>
  #nextSource: Source

  constructor(
    { lanes, nextSource }: ManagementQueueState = {
      lanes: { local: createLane(), ingress: createLane(), remote: createLane() },
      nextSource: 'local',
    },
  ) {
    this.#lanes = lanes
    this.#nextSource = nextSource
  }

  static readonly stateClass: StateClass<ManagementQueue, ManagementQueueState, ManagementQueueState> = {
    name: 'ManagementQueue',
    type: ManagementQueue,
    capture: (queue) => ({ lanes: queue.#lanes, nextSource: queue.#nextSource }),
    revive: (state) => new ManagementQueue(state),
    toPortable: (state) => state,
    fromPortable: (portable) => portable,
  }

  /** Calls that wait. */
  get size(): number {
    let size = 0
    for (const source of sources) for (const calls of this.#lanes[source].calls.values()) size += calls.size
    return size
  }

  /** @param about - the canister that the call is about; the management canister where there is none */
  pushIngress(call: QueuedIngress, about: Principal): void {
    push(this.#lanes.ingress, about.key, call)
  }

  pushRequest(call: Request, isRemote = false): void {
    push(isRemote ? this.#lanes.remote : this.#lanes.local, call.sender.key, call)
  }

  /**
   * Next call, passing over callers whose oldest may not begin.
   *
   * @param accepts - whether a call may begin now; absent when all may
   */
  shift(accepts?: (call: ManagementCall) => boolean): ManagementCall | undefined {
    const lanes = this.#lanes
    const untried = { local: lanes.local.turns.size, ingress: lanes.ingress.turns.size, remote: lanes.remote.turns.size }
    while (untried.local + untried.ingress + untried.remote > 0) {
      const source = this.#nextSource
      this.#nextSource = sourceAfter(source)
      if (untried[source] === 0) continue
      untried[source]--
      const call = shiftFrom(lanes[source], accepts)
      if (call !== undefined) return call
    }
    return undefined
  }

  /** Removes and returns all calls that the predicate accepts. */
  removeAll(predicate: (call: ManagementCall) => boolean): ManagementCall[] {
    const removed: ManagementCall[] = []
    for (const source of sources) {
      const { calls, turns } = this.#lanes[source]
      const before = removed.length
      for (const [key, waiting] of calls) {
        removed.push(...waiting.removeAll(predicate))
        if (waiting.size === 0) calls.delete(key)
      }
      if (removed.length > before) turns.removeAll((key) => !calls.has(key))
    }
    return removed
  }

  /** Everything that waits, in no particular order of turns. */
  *[Symbol.iterator](): Iterator<ManagementCall> {
    for (const source of sources) for (const calls of this.#lanes[source].calls.values()) yield* calls
  }
}

function push({ calls, turns }: Lane, key: string, call: ManagementCall): void {
  let waiting = calls.get(key)
  if (waiting === undefined) {
    waiting = new Fifo()
    calls.set(key, waiting)
    turns.push(key)
  }
  waiting.push(call)
}

/** The oldest call of whose turn it is, if it may begin; the turn is over in any case. */
function shiftFrom({ calls, turns }: Lane, accepts: ((call: ManagementCall) => boolean) | undefined): ManagementCall | undefined {
  const key = turns.shift()
  const waiting = key === undefined ? undefined : calls.get(key)
  const oldest = waiting?.peek()
  if (key === undefined || waiting === undefined || oldest === undefined) return undefined
  const begins = accepts?.(oldest) ?? true
  if (begins) waiting.shift()
  if (waiting.size > 0) turns.push(key)
  else calls.delete(key)
  return begins ? oldest : undefined
}
