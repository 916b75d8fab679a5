/** The heap as system calls use it: every access is checked, charged and, for writes, logged for rollback. */
import { contractViolation } from '../trap.ts'

/** Exports of the instrumented module that system calls need. */
export interface RewrittenExports {
  readonly touchRead: (address: number, length: number) => void
  readonly touchWrite: (address: number, length: number) => void
  readonly charge: (instructions: number) => void
  readonly counter: () => number
  readonly pages: () => number
}

/** Bounds-checked access to the memory of one instance. */
export class HostMemory {
  readonly #memory: WebAssembly.Memory | undefined
  readonly #exports: () => RewrittenExports
  #view: Uint8Array

  constructor(memory: WebAssembly.Memory | undefined, exports: () => RewrittenExports) {
    this.#memory = memory
    this.#exports = exports
    this.#view = new Uint8Array(memory?.buffer ?? new ArrayBuffer(0))
  }

  /** Bytes that the canister may address. */
  get sizeBytes(): number {
    return this.#memory === undefined ? 0 : this.#exports().pages() * 65_536
  }

  /**
   * A copy of a range of the heap.
   *
   * @param call - how the error names the system call and its parameter, for example `ic0.msg_reply_data_append payload`
   * @throws Trap when the range is not inside the heap
   */
  read(call: string, address: number, length: number): Uint8Array {
    this.#check(call, address, length)
    if (length === 0) return new Uint8Array(0)
    this.#exports().touchRead(address, length)
    return this.#bytes().slice(address, address + length)
  }

  /** Writes bytes into the heap. @throws Trap when they do not fit */
  write(call: string, address: number, bytes: Uint8Array): void {
    this.#check(call, address, bytes.length)
    if (bytes.length === 0) return
    this.#exports().touchWrite(address, bytes.length)
    this.#bytes().set(bytes, address)
  }

  /**
   * Writes an amount of cycles as 16 bytes little-endian.
   *
   * @param call - name of the system call, without its module
   * @throws Trap when they do not fit
   */
  writeAmount(call: string, address: number, amount: bigint): void {
    const bytes = new Uint8Array(16)
    if (this.#memory !== undefined && !this.contains(address, bytes.length)) {
      throw contractViolation(
        `ic0_${call} failed because dst + size is out of bounds.Found dst = ${address} and size = ${bytes.length} while must be <= ${this.sizeBytes}`,
      )
    }
    const view = new DataView(bytes.buffer)
    view.setBigUint64(0, amount & 0xffff_ffff_ffff_ffffn, true)
    view.setBigUint64(8, amount >> 64n, true)
    this.write(`ic0.${call}`, address, bytes)
  }

  /**
   * Copies a part of a blob into the heap, as the `*_copy` functions do.
   *
   * @param part - what the error calls the blob
   * @throws Trap when the part is not inside the blob or its target not inside the heap
   */
  copyOut(call: string, part: string, blob: Uint8Array, destination: number, offset: number, size: number): void {
    this.#check(`${call} heap`, destination, size)
    if (offset + size > blob.length) {
      throw contractViolation(`${call} ${part}: src=${offset} + length=${size} exceeds the slice size=${blob.length}`)
    }
    this.write(`${call} heap`, destination, blob.subarray(offset, offset + size))
  }

  /** Whether a range lies inside the heap. */
  contains(address: number, length: number): boolean {
    return address + length <= this.sizeBytes
  }

  #check(call: string, address: number, length: number): void {
    if (this.#memory === undefined) throw contractViolation('WebAssembly module must define memory')
    const size = this.sizeBytes
    if (address + length > size) {
      throw contractViolation(`${call}: src=${address} + length=${length} exceeds the slice size=${size}`)
    }
  }

  #bytes(): Uint8Array {
    const buffer = this.#memory?.buffer
    if (buffer !== undefined && this.#view.buffer !== buffer) this.#view = new Uint8Array(buffer)
    return this.#view
  }
}
