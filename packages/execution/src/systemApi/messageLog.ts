/** What one message logs, never more than the canister's log can hold. */
import { Fifo, logRecordOverheadBytes } from '@tidemark/state'

/** Records of one message in order; the oldest make room, as they would in the log itself. */
export class MessageLog {
  readonly #records = new Fifo<Uint8Array>()
  #keptBytes = 0
  #writtenBytes = 0
  #dropped = 0

  /** Bytes of all records so far, the dropped ones too: what the charge for logging goes by. */
  get writtenBytes(): number {
    return this.#writtenBytes
  }

  /** Records that were written and did not stay. */
  get dropped(): number {
    return this.#dropped
  }

  append(content: Uint8Array, capacityBytes: number): void {
    this.#writtenBytes += content.length
    this.#records.push(content)
    this.#keptBytes += content.length + logRecordOverheadBytes
    while (this.#keptBytes > capacityBytes && this.#records.size > 1) {
      this.#keptBytes -= (this.#records.shift() as Uint8Array).length + logRecordOverheadBytes
      this.#dropped++
    }
  }

  records(): Uint8Array[] {
    return [...this.#records]
  }
}
