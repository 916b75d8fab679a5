/** The inputs of a network since its last save, written down before anybody hears of what they did. */
import { apply, decodeInput, encodeInput, type Network, type NetworkInput } from '@tidemark/network'
import type { Replica } from '@tidemark/replica'
import type { FoundJournal, Journal, JournalBase } from '@tidemark/storage'

/** From here on the state is saved and the journal begun anew: bytes, and rounds, which take time to go through again. */
const bytesMax = 33_554_432
const roundsMax = 20_000
/** Bytes of queries that wait for the next round at the most. */
const waitingBytesMax = 1_048_576
/** How long it may take until what was written outlives a loss of power, milliseconds. */
const syncMillis = 1_000

export interface JournalWatcher {
  /** Hears once that it is time for a save. */
  readonly onFull: () => void
  /** Hears why nothing is written any more until the next save. */
  readonly onFailure: (error: unknown) => void
}

/** Brings a network from the state that a journal names to where it was. @throws RangeError for an entry that is none */
export function replayJournal(network: Replica | Network, { entries }: FoundJournal): void {
  for (const entry of entries) apply(network, decodeInput(entry))
}

export class StateJournal {
  readonly #journal: Journal
  readonly #watcher: JournalWatcher
  #isWritten = true
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  /** How many of those that wait end with a round. */
  #waitingWhole = 0
  #isPlanned = false
  /** Length up to the end of the last round. */
  #wholeLength: number
  #rounds = 0
  /** Whether it was told that it is time for a save. */
  #isTold = false
  #sync: NodeJS.Timeout | undefined

  constructor(journal: Journal, watcher: JournalWatcher) {
    this.#journal = journal
    this.#wholeLength = journal.length
    this.#watcher = watcher
  }

  /** Whether every input is written down. */
  get isWritten(): boolean {
    return this.#isWritten
  }

  /** Takes an input down; it is written when the present work of the process is done, and before any answer to it. */
  note(input: NetworkInput): void {
    if (!this.#isWritten) return
    const entry = encodeInput(input)
    this.#waiting.push(entry)
    this.#waitingBytes += entry.length
    if (input.kind === 'tick') {
      this.#waitingWhole = this.#waiting.length
      this.#rounds++
    }
    // What a query has changed, only a later round shows.
    if (this.#isPlanned || (input.kind === 'query' && this.#waitingBytes < waitingBytesMax)) return
    this.#isPlanned = true
    queueMicrotask(() => this.flush())
  }

  /** Writes what waits. A round that is in there has come to its end. */
  flush(): void {
    this.#isPlanned = false
    if (!this.#isWritten || this.#waiting.length === 0) return
    const [whole, open] = [this.#waiting.slice(0, this.#waitingWhole), this.#waiting.slice(this.#waitingWhole)]
    this.#forgetWaiting()
    try {
      if (whole.length > 0) {
        this.#journal.add(whole)
        this.#wholeLength = this.#journal.length
      }
      if (open.length > 0) {
        this.#journal.add(open)
        this.#planSync()
      }
    } catch (error) {
      this.suspend()
      return this.#watcher.onFailure(error)
    }
    if (this.#isTold || (this.#journal.length < bytesMax && this.#rounds < roundsMax)) return
    this.#isTold = true
    this.#watcher.onFull()
  }

  /** The round that runs has failed: neither it nor what waited for it is to happen again. */
  forgetRound(): void {
    this.#forgetWaiting()
    if (this.#isWritten) this.#journal.cut(this.#wholeLength)
  }

  /** Writes nothing until the next save: the state has changed otherwise than by inputs. */
  suspend(): void {
    this.#isWritten = false
    this.#forgetWaiting()
  }

  /** A save has taken in everything so far. @throws the system's errors: then nothing is written until the next save */
  restart(base: JournalBase): void {
    this.suspend()
    this.#journal.restart(base)
    this.#isWritten = true
    this.#wholeLength = this.#journal.length
    this.#rounds = 0
    this.#isTold = false
  }

  close(): void {
    this.flush()
    this.suspend()
    clearTimeout(this.#sync)
    this.#journal.close()
  }

  #forgetWaiting(): void {
    this.#waiting = []
    this.#waitingBytes = 0
    this.#waitingWhole = 0
  }

  #planSync(): void {
    this.#sync ??= setTimeout(() => {
      this.#sync = undefined
      if (this.#isWritten) this.#journal.sync()
    }, syncMillis)
  }
}
