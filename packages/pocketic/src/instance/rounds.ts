/**
 * Time and rounds of one instance: it stands still until it is told to go on, or goes on by itself with the wall clock.
 */
import { isSettled, type RoundDriver } from '@tidemark/http'
import type { Network } from '@tidemark/network'
import { toHex } from '@tidemark/types'

interface Waiter {
  readonly requestId: Uint8Array
  readonly finish: () => void
}

/** Beat of an instance that progresses by itself while nothing waits, milliseconds. */
const idleRoundMillis = 100
const nanosPerMilli = 1_000_000n

export class Rounds implements RoundDriver {
  readonly #network: Network
  readonly #onFailure: (error: unknown) => void
  readonly #waiters = new Map<string, Set<Waiter>>()
  #timeNanos: bigint
  #progress: { readonly aheadNanos: bigint; readonly delayMillis: number } | undefined
  #cancelNext = (): void => {}
  readonly #onRound: () => void

  /**
   * @param onFailure - hears of the error that ended progress by itself
   * @param onRound - called after each round that the instance ran by itself
   */
  constructor(network: Network, onFailure: (error: unknown) => void, onRound: () => void = () => {}) {
    this.#network = network
    this.#onFailure = onFailure
    this.#onRound = onRound
    this.#timeNanos = network.timeNanos()
  }

  /** Where the instance's clock stands: the time of the last round, or a later one that was set. Nanoseconds since 1970. */
  timeNanos(): bigint {
    if (this.#progress !== undefined) this.#moveTo(wallClockNanos() + this.#progress.aheadNanos)
    return this.#timeNanos
  }

  /** Sets the clock; the next round runs at that time exactly. The caller has checked that it is not in the past. */
  setTime(nanos: bigint): void {
    this.#moveTo(nanos)
    if (this.#progress !== undefined) this.#progress = { ...this.#progress, aheadNanos: nanos - wallClockNanos() }
  }

  /** One round at the instance's time, or one nanosecond after the last round if time stands still. */
  tick(): void {
    const next = this.#network.timeNanos() + 1n
    this.#moveTo(next)
    this.#network.tick(this.timeNanos())
    for (const waiter of this.#allWaiters()) if (isSettled(this.#network, waiter.requestId)) waiter.finish()
  }

  get progressesByItself(): boolean {
    return this.#progress !== undefined
  }

  /** Rounds follow the wall clock from now on, or the time that the instance is at if that is later. */
  start(delayMillis: number): void {
    const ahead = this.#timeNanos - wallClockNanos()
    this.#progress = { aheadNanos: ahead > 0n ? ahead : 0n, delayMillis }
    this.#plan()
  }

  stop(): void {
    this.#progress = undefined
    this.#cancelNext()
  }

  poke(): void {
    if (this.#progress !== undefined && this.#network.hasPendingWork()) this.#plan()
  }

  async settled(requestId: Uint8Array, timeoutMs: number): Promise<void> {
    if (isSettled(this.#network, requestId)) return
    const key = toHex(requestId)
    const group = this.#waiters.get(key) ?? new Set<Waiter>()
    this.#waiters.set(key, group)
    const { promise, resolve } = Promise.withResolvers<void>()
    const timeout = setTimeout(() => waiter.finish(), timeoutMs)
    const waiter: Waiter = {
      requestId,
      finish: () => {
        clearTimeout(timeout)
        group.delete(waiter)
        if (group.size === 0) this.#waiters.delete(key)
        resolve()
      },
    }
    group.add(waiter)
    await promise
  }

  /** Ends for good: whoever waits for a call gets no answer. */
  close(): void {
    this.stop()
    for (const waiter of this.#allWaiters()) waiter.finish()
  }

  #allWaiters(): Waiter[] {
    return [...this.#waiters.values()].flatMap((group) => [...group])
  }

  #moveTo(nanos: bigint): void {
    if (nanos > this.#timeNanos) this.#timeNanos = nanos
  }

  #plan(): void {
    this.#cancelNext()
    const { delayMillis } = this.#progress ?? { delayMillis: 0 }
    const wait = this.#network.hasPendingWork() ? delayMillis : Math.max(delayMillis, idleRoundMillis)
    // A turn of the event loop between rounds, so that requests are read.
    const round = wait === 0 ? setImmediate(() => this.#step()) : setTimeout(() => this.#step(), wait)
    this.#cancelNext = () => (wait === 0 ? clearImmediate(round as NodeJS.Immediate) : clearTimeout(round as NodeJS.Timeout))
  }

  #step(): void {
    if (this.#progress === undefined) return
    try {
      this.tick()
      this.#onRound()
      this.#plan()
    } catch (error) {
      this.stop()
      this.#onFailure(error)
    }
  }
}

function wallClockNanos(): bigint {
  return BigInt(Date.now()) * nanosPerMilli
}
