/** The hand-written canister with just the five system calls it imports. */
export interface Host {
  /** Bytes of Wasm memory. */
  memorySize(): number
  heartbeat(): void
  onLowWasmMemory(): void
  /** @throws {Error} with the canister's own text when it traps */
  query(method: string, argument: Uint8Array): Uint8Array
}

/** Instantiates the module. */
export function createHost(wasm: Uint8Array<ArrayBuffer>): Host {
  let argument: Uint8Array = new Uint8Array()
  let reply: number[] = []
  const bytes = (from: number, size: number) => new Uint8Array(memory().buffer, from, size)
  const ic0 = {
    msg_arg_data_size: () => argument.length,
    msg_arg_data_copy: (to: number, from: number, size: number) => bytes(to, size).set(argument.subarray(from, from + size)),
    msg_reply_data_append: (from: number, size: number) => void reply.push(...bytes(from, size)),
    msg_reply: () => undefined,
    trap: (from: number, size: number) => {
      throw new Error(new TextDecoder().decode(bytes(from, size)))
    },
  }
  const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), { ic0 })

  function memory(): WebAssembly.Memory {
    const found = instance.exports['memory']
    if (!(found instanceof WebAssembly.Memory)) throw new Error('The canister exports no memory.')
    return found
  }

  function enter(name: string): void {
    const entry = instance.exports[name]
    if (typeof entry !== 'function') throw new Error(`The canister has no ${name}.`)
    entry()
  }

  return {
    memorySize: () => memory().buffer.byteLength,
    heartbeat: () => enter('canister_heartbeat'),
    onLowWasmMemory: () => enter('canister_on_low_wasm_memory'),
    query(method, input) {
      argument = input
      reply = []
      enter(`canister_query ${method}`)
      return Uint8Array.from(reply)
    },
  }
}
