/**
 * Rounds in real time: back to back while messages wait, at a slow beat otherwise.
 *
 * It only chooses inputs (when, and at which block time); what a round does follows from the replica's state.
 */
import { type ReplicaPort, toHex } from '@tidemark/types'
import type { RoundDriver } from './roundDriver.ts'

export interface LiveDriverOptions {
  readonly replica: ReplicaPort
  /** Wall clock, nanoseconds since 1970. It may run back: block time does not. */
  readonly now: () => bigint
  /** Calls `run` once after `ms` milliseconds; the returned function takes it back. */
  readonly schedule: (run: () => void, ms: number) => () => void
  /** Beat while nothing waits, milliseconds; 500 when left out. */
  readonly idleRoundMs?: number
  /** Hears of the error that stopped the driver. */
  readonly onFailure?: (error: unknown) => void
}

export interface LiveDriver extends RoundDriver {
  timeNanos(): bigint
  /** Whether rounds come by themselves. */
  isPaused(): boolean
  /** No more rounds but those that `round` asks for. Calls wait, and are answered as unfinished when their time is over. */
  pause(): void
  resume(): void
  /** One round now, paused or not. @param timeNanos - its block time, later than the last; by default what the clock says. @throws whatever stopped the driver */
  round(timeNanos?: bigint): void
  /** Ends for good: no more rounds, and those who wait are told so. */
  stop(): void
}

interface Waiter {
  readonly requestId: Uint8Array
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  cancelTimeout: () => void
}

/**
 * How long a round waits for more calls, milliseconds: for those that are being read and checked, and, while many come at once, for
 * those that their senders are about to send. Calls of one round share the signature of its state, the dearest part of an answer.
 */
const gatherMs = { expected: 10, crowd: 2 } as const
/** Calls that one round answered, from which on the next round waits for more. */
const crowd = 4

/** Starts at once. An error in a round stops the driver: state may be half changed, so nothing may build on it. */
export function createLiveDriver(options: LiveDriverOptions): LiveDriver {
  const { replica, now, schedule, idleRoundMs = 500, onFailure } = options
  const waiters = new Map<string, Set<Waiter>>()
  let failure: { readonly error: unknown } | undefined
  let nextRound: { readonly delayMs: number; readonly cancel: () => void } | undefined
  let paused = false
  let expected = 0
  let answeredLast = 0

  const timeNanos = (): bigint => {
    const earliest = replica.timeNanos() + 1n
    const wall = now()
    return wall > earliest ? wall : earliest
  }

  const gatherDelay = (): number => (expected > 0 ? gatherMs.expected : answeredLast >= crowd ? gatherMs.crowd : 0)

  const plan = (delayMs: number): void => {
    nextRound?.cancel()
    nextRound = paused ? undefined : { delayMs, cancel: schedule(() => runRound(), delayMs) }
  }

  const runRound = (at: bigint = timeNanos()): void => {
    nextRound?.cancel()
    nextRound = undefined
    try {
      replica.tick(at)
      releaseSettled()
      plan(replica.hasPendingWork() ? 0 : idleRoundMs)
    } catch (error) {
      end(error)
      onFailure?.(error)
    }
  }

  const releaseSettled = (): void => {
    answeredLast = 0
    for (const [key, group] of waiters) {
      const [first] = group
      if (first === undefined || !isSettled(replica, first.requestId)) continue
      waiters.delete(key)
      answeredLast += group.size
      for (const waiter of group) {
        waiter.cancelTimeout()
        waiter.resolve()
      }
    }
  }

  const end = (error: unknown): void => {
    failure ??= { error }
    nextRound?.cancel()
    nextRound = undefined
    for (const group of waiters.values()) {
      for (const waiter of group) {
        waiter.cancelTimeout()
        waiter.reject(error)
      }
    }
    waiters.clear()
  }

  const wait = (requestId: Uint8Array, timeoutMs: number): Promise<void> => {
    const key = toHex(requestId)
    const group = waiters.get(key) ?? new Set<Waiter>()
    waiters.set(key, group)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter: Waiter = { requestId, resolve, reject, cancelTimeout: () => {} }
    waiter.cancelTimeout = schedule(() => {
      group.delete(waiter)
      if (group.size === 0) waiters.delete(key)
      resolve()
    }, timeoutMs)
    group.add(waiter)
    return promise
  }

  plan(0)
  return {
    timeNanos,
    poke: () => {
      const delayMs = gatherDelay()
      if (failure === undefined && nextRound !== undefined && nextRound.delayMs > delayMs && replica.hasPendingWork()) plan(delayMs)
    },
    expect: () => {
      expected++
      let waits = true
      return () => {
        if (!waits) return
        waits = false
        if (--expected === 0 && nextRound?.delayMs === gatherMs.expected) plan(gatherDelay())
      }
    },
    settled: async (requestId, timeoutMs) => {
      if (failure !== undefined) throw failure.error
      if (!isSettled(replica, requestId)) await wait(requestId, timeoutMs)
    },
    isPaused: () => paused,
    pause: () => {
      paused = true
      nextRound?.cancel()
      nextRound = undefined
    },
    resume: () => {
      if (!paused) return
      paused = false
      if (failure === undefined) plan(0)
    },
    round: (at) => {
      if (failure === undefined) runRound(at)
      if (failure !== undefined) throw failure.error
    },
    stop: () => end(new Error('the network was stopped')),
  }
}

/** Whether a call has an outcome. */
export function isSettled(replica: ReplicaPort, requestId: Uint8Array): boolean {
  const status = replica.ingressRecord(requestId)?.status.status
  return status === 'replied' || status === 'rejected' || status === 'done'
}
