/** The recorder of a network, which works while somebody reads, or when it was asked to from the start. */
import { createTraceRecorder, type TraceEvent, type TraceListener } from '@tidemark/trace'
import type { AdministeredNetwork } from '../administered.ts'
import { AdminError } from '../adminError.ts'

/** Events that are kept for readers who come later. */
export const eventsKept = 4_096
const readersMax = 16

export class TraceFeed {
  readonly #recorder = createTraceRecorder({ capacity: eventsKept })
  readonly #network: Pick<AdministeredNetwork<unknown>, 'watch'>
  readonly #always: boolean
  #readers = 0

  /** @param always - whether events are recorded while nobody reads */
  constructor(network: Pick<AdministeredNetwork<unknown>, 'watch'>, always: boolean) {
    this.#network = network
    this.#always = always
    if (always) network.watch(this.#recorder)
  }

  get facts(): { recording: boolean; streams: number; oldestSeq: number; nextSeq: number } {
    return { recording: this.#always || this.#readers > 0, streams: this.#readers, ...this.#kept() }
  }

  #kept(): { oldestSeq: number; nextSeq: number } {
    return { oldestSeq: this.#recorder.oldestSeq(), nextSeq: this.#recorder.nextSeq() }
  }

  /** Kept events from a number on. */
  kept(fromSeq: number): readonly TraceEvent[] {
    return this.#recorder.events(fromSeq)
  }

  /** Hears of every event until the returned function is called. @throws AdminError when too many do already */
  subscribe(listener: TraceListener): () => void {
    if (this.#readers >= readersMax) throw new AdminError('too_many_streams', `At most ${readersMax} may read the trace at once.`)
    if (this.#readers++ === 0 && !this.#always) this.#network.watch(this.#recorder)
    const unsubscribe = this.#recorder.subscribe(listener)
    let reads = true
    return () => {
      if (!reads) return
      reads = false
      unsubscribe()
      if (--this.#readers === 0 && !this.#always) this.#network.watch(undefined)
    }
  }
}
