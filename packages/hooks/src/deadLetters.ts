import type { lifecycleHooksExampleTypes as example } from '@tidemark/bindings'
import { describeError } from './describeError.ts'
import type { HookHost } from './host.ts'
import { type HookStore, noFacts } from './store.ts'

/** Errors kept at most, and bytes of their arguments together. */
export const deadLetterLimits = { errors: 64, bytes: 4_194_304 } as const

/** Captured errors, kept with their arguments so that the calls can be made again. */
export class DeadLetters {
  readonly #host: HookHost
  readonly #store: HookStore

  constructor(host: HookHost, store: HookStore) {
    this.#host = host
    this.#store = store
  }

  /** Keeps a failed call. The oldest make room; arguments too large for all of it are not kept. */
  keep(number: bigint, call: example.FailedCall): void {
    if (call.args.length > deadLetterLimits.bytes) return this.countDropped()
    const kept = this.list()
    let bytes = kept.reduce((sum, each) => sum + each.call.args.length, call.args.length)
    while (kept.length >= deadLetterLimits.errors || bytes > deadLetterLimits.bytes) {
      const oldest = kept.shift()
      if (oldest === undefined) break
      bytes -= oldest.call.args.length
      this.#store.errors.delete(oldest.number)
      this.countDropped()
    }
    this.#store.errors.set(number, { number, time_nanos: this.#host.timeNanos(), call, attempts: 0n, last: [] })
  }

  countDropped(): void {
    const facts = this.#store.readFacts() ?? noFacts
    this.#store.writeFacts({ ...facts, droppedErrors: facts.droppedErrors + 1n })
  }

  /** Captured errors, oldest first. */
  list(): example.CapturedError[] {
    return this.#store.errors.numbers().flatMap((number) => this.#store.errors.get(number) ?? [])
  }

  /**
   * Makes a captured call again, as a call of the canister to itself, and keeps its outcome beside it. One that has replied
   * is not made a second time. A call that fails again is also captured again, as an error of its own.
   *
   * @returns undefined for a number that is not kept
   */
  async redrive(number: bigint): Promise<example.Redriven | undefined> {
    const found = this.#store.errors.get(number)
    if (found === undefined) return undefined
    const [before] = found.last
    if (before !== undefined && 'replied' in before) return before
    const last = await this.#callAgain(found.call)
    // Another redrive may have ended meanwhile, or the error may have made room.
    const now = this.#store.errors.get(number)
    if (now !== undefined) this.#store.errors.set(number, { ...now, attempts: now.attempts + 1n, last: [last] })
    return last
  }

  async #callAgain({ methodName, args }: example.FailedCall): Promise<example.Redriven> {
    try {
      return { replied: await this.#host.call(this.#host.self(), methodName, args) }
    } catch (error) {
      return { rejected: describeError(error).message }
    }
  }
}
