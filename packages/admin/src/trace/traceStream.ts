/**
 * Trace events as a body that is read as fast as its reader likes.
 *
 * A network never waits for a reader: what one does not take in time is dropped, the oldest first, and it is told how much. What waits
 * is held by number, so a reader costs no more memory than the recorder has anyway.
 */
import { encodeTraceEvent, type TraceEvent } from '@tidemark/trace'
import type { TraceFeed } from './traceFeed.ts'
import { fits, type TraceFilter } from './traceFilter.ts'

/** JSON lines, or server-sent events. */
export type TraceForm = 'lines' | 'events'

export interface TraceStreamOptions {
  readonly feed: TraceFeed
  readonly filter: TraceFilter
  readonly form: TraceForm
  /** Begins with kept events from this number on; left out, with what happens next. */
  readonly since?: number
  /** Ends after so many events. */
  readonly limit?: number
  /** Whether it goes on after what is kept. */
  readonly follow: boolean
  /** Calls `run` once after `ms` milliseconds; the returned function takes it back. */
  readonly schedule: (run: () => void, ms: number) => () => void
}

/** Events that wait for a reader. */
const waitingMax = 2_048
/** Bytes that are handed on at a time. */
const pieceBytes = 65_536
/** A sign of life: it finds out readers that are gone, and keeps proxies from ending a quiet stream. */
const silenceMs = 15_000

export function createTraceStream(options: TraceStreamOptions): ReadableStream<Uint8Array> {
  const reader = new TraceReader(options)
  return new ReadableStream<Uint8Array>({ pull: (controller) => reader.pull(controller), cancel: () => reader.end() }, { highWaterMark: 1 })
}

const encoder = new TextEncoder()

class TraceReader {
  readonly #options: TraceStreamOptions
  readonly #unsubscribe: () => void
  #waiting: TraceEvent[] = []
  #dropped = 0
  #left: number
  #wake: (() => void) | undefined
  #ended = false

  constructor(options: TraceStreamOptions) {
    this.#options = options
    const { feed, since, limit, follow } = options
    this.#left = limit ?? Number.POSITIVE_INFINITY
    if (since !== undefined) {
      this.#dropped = Math.max(0, feed.facts.oldestSeq - since)
      for (const event of feed.kept(since)) this.#take(event)
    }
    this.#unsubscribe = follow ? feed.subscribe((event) => this.#take(event)) : () => {}
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (this.#waiting.length === 0 && this.#options.follow && this.#left > 0) await this.#somethingHappens()
    if (this.#ended) return
    controller.enqueue(encoder.encode(this.#nextPiece()))
    if (this.#left > 0 && (this.#options.follow || this.#waiting.length > 0)) return
    this.end()
    controller.close()
  }

  end(): void {
    this.#ended = true
    this.#waiting = []
    this.#unsubscribe()
    this.#wake?.()
  }

  #take(event: TraceEvent): void {
    if (!fits(this.#options.filter, event)) return
    this.#waiting.push(event)
    if (this.#waiting.length > waitingMax * 2) {
      this.#dropped += this.#waiting.length - waitingMax
      this.#waiting = this.#waiting.slice(-waitingMax)
    }
    this.#wake?.()
  }

  async #somethingHappens(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancelTimer = this.#options.schedule(resolve, silenceMs)
    this.#wake = resolve
    await promise
    this.#wake = undefined
    cancelTimer()
  }

  /** What waits, up to some length; a sign of life when nothing does. */
  #nextPiece(): string {
    const { form } = this.#options
    let piece = ''
    if (this.#dropped > 0) piece += written(form, 'dropped', JSON.stringify({ dropped: this.#dropped }))
    this.#dropped = 0
    let taken = 0
    for (const event of this.#waiting) {
      if (this.#left === 0 || piece.length >= pieceBytes) break
      piece += written(form, 'trace', encodeTraceEvent(event), event.seq)
      this.#left--
      taken++
    }
    this.#waiting.splice(0, taken)
    if (piece !== '') return piece
    return form === 'lines' ? '\n' : ': quiet\n\n'
  }
}

function written(form: TraceForm, kind: string, line: string, seq?: number): string {
  if (form === 'lines') return `${line}\n`
  return `event: ${kind}\n${seq === undefined ? '' : `id: ${seq}\n`}data: ${line}\n\n`
}
