/** What is wrong with a module, and at which byte. Thrown for malformed and invalid input alike. */
export class WasmError extends Error {
  override readonly name = 'WasmError'
  /** Byte offset in the module at which the problem was found. */
  readonly offset: number

  constructor(message: string, offset: number) {
    super(`${message} (at offset 0x${offset.toString(16)})`)
    this.offset = offset
  }
}
