import type { Principal } from '@dfinity/principal'
import type { lifecycleHooksExampleTypes as example } from '@tidemark/bindings'
import type { HookHost } from './host.ts'
import { type HookName, hookNameOf, type Notification, rankOf } from './notification.ts'
import { type HookFacts, type HookStore, noFacts } from './store.ts'

/** By whom an event was delivered, and under which number. */
export interface Mark {
  readonly sender: Principal
  readonly number: bigint
}

/** Events that are remembered after they ended. */
export const keptRuns = 200

/** The events of a canister's hooks: raised, due in their order, and finished. */
export class Runs {
  readonly #host: HookHost
  readonly #store: HookStore

  constructor(host: HookHost, store: HookStore) {
    this.#host = host
    this.#store = store
  }

  get facts(): HookFacts {
    return this.#store.readFacts() ?? noFacts
  }

  change(changes: Partial<HookFacts>): void {
    this.#store.writeFacts({ ...this.facts, ...changes })
  }

  /** Makes an event due. @returns its number, which is never used again */
  raise(event: Notification, mark?: Mark): bigint {
    const number = this.facts.nextNumber
    this.change({ nextNumber: number + 1n })
    this.#store.due.set(number, event)
    const delivery: example.Run['delivery'] = mark === undefined ? [] : [{ sender: mark.sender, number: mark.number }]
    this.#store.runs.set(number, { number, hook: hookNameOf(event), delivery, ...this.#observe(), outcome: { pending: null } })
    this.#forgetOldest()
    return number
  }

  /** The event that runs next: of those that wait the one with the lowest rank, and of these the oldest. */
  next(): { readonly number: bigint; readonly event: Notification } | undefined {
    return this.#waiting().reduce<Due | undefined>(
      (best, each) => (best === undefined || rankOf(each.event) < rankOf(best.event) ? each : best),
      undefined,
    )
  }

  /** Notes that an event runs now, with what it finds. */
  begin(number: bigint): void {
    this.#update(number, { ...this.#observe(), outcome: { running: null } })
  }

  /** Notes how an event ended. What it carried is forgotten. */
  end(number: bigint, outcome: example.Outcome): void {
    this.#store.due.delete(number)
    this.#update(number, { outcome })
  }

  /** Completes the record of a run with the heap, where that must be asked for. */
  async measure(number: bigint): Promise<void> {
    if (this.#host.heapBytes !== undefined) return
    try {
      const bytes = await this.#host.askHeapBytes?.()
      if (bytes !== undefined) this.#update(number, { memory_bytes: bytes })
    } catch {
      // A canister that cannot pay for the question: the run itself is over, and its record stays as it is.
    }
  }

  /** Skips the events of a hook that wait. */
  skip(hook: HookName, reason: string): void {
    for (const { number, event } of this.#waiting()) if (hookNameOf(event) === hook) this.end(number, { skipped: reason })
  }

  /** Skips what ran when the code was replaced: nobody will hear how it ended. */
  interrupt(): void {
    for (const number of this.#store.due.numbers()) {
      if ('running' in (this.outcome(number) ?? {})) this.end(number, { skipped: 'the code was replaced while it ran' })
    }
  }

  /** What became of an event; undefined when it is no longer remembered. */
  outcome(number: bigint): example.Outcome | undefined {
    return this.#store.runs.get(number)?.outcome
  }

  /** The newest event that came under a mark, as long as it is remembered. */
  delivered({ sender, number }: Mark): example.Run | undefined {
    return this.list().findLast(({ delivery: [mark] }) => mark?.number === number && mark.sender.compareTo(sender) === 'eq')
  }

  /** How many events of a hook wait. */
  waiting(hook: HookName): number {
    return this.#waiting().filter(({ event }) => hookNameOf(event) === hook).length
  }

  /** All events that are remembered, oldest first. */
  list(): example.Run[] {
    return this.#store.runs.numbers().flatMap((number) => this.#store.runs.get(number) ?? [])
  }

  #waiting(): Due[] {
    return this.#store.due.numbers().flatMap((number) => {
      const event = this.#store.due.get(number)
      return event !== undefined && 'pending' in (this.outcome(number) ?? {}) ? [{ number, event }] : []
    })
  }

  #update(number: bigint, changes: Partial<example.Run>): void {
    const run = this.#store.runs.get(number)
    if (run !== undefined) this.#store.runs.set(number, { ...run, ...changes })
  }

  #observe(): Pick<example.Run, 'time_nanos' | 'memory_bytes' | 'balance_cycles'> {
    const host = this.#host
    return { time_nanos: host.timeNanos(), memory_bytes: host.heapBytes?.() ?? 0n, balance_cycles: host.balanceCycles() }
  }

  #forgetOldest(): void {
    const numbers = this.#store.runs.numbers()
    if (numbers.length <= keptRuns) return
    const oldest = numbers.find((number) => this.#store.due.get(number) === undefined)
    if (oldest !== undefined) this.#store.runs.delete(oldest)
  }
}

interface Due {
  readonly number: bigint
  readonly event: Notification
}
