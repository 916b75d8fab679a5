/** What one message logs, never more than the canister's log can hold. */
import { Fifo } from '@tidemark/state'

/** Bytes that a record counts for besides its content, until the message has ended. */
const recordOverheadBytes = 40

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
    const kept = content.subarray(0, Math.max(0, capacityBytes - recordOverheadBytes))
    this.#records.push(kept)
    this.#keptBytes += kept.length + recordOverheadBytes
    while (this.#keptBytes > capacityBytes && this.#records.size > 1) {
      this.#keptBytes -= (this.#records.shift() as Uint8Array).length + recordOverheadBytes
      this.#dropped++
    }
  }

  records(): Uint8Array[] {
    return [...this.#records]
  }
}
