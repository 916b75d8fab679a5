import { WasmTrap } from './wasmTrap.ts'

type Value = number | bigint
type SystemCall = (...args: Value[]) => Value | undefined

interface SelfCall {
  readonly method: string
  readonly onReply: Value
  readonly environment: Value
  argument: number[]
}

/** A Motoko canister (64-bit) alone in the world: the only calls it can make are to itself, and they always succeed. */
export interface Host {
  /** Bytes of Wasm memory. */
  memorySize(): number
  /** One heartbeat, and every call to itself that it leads to, up to the last callback. */
  heartbeat(): void
  onLowWasmMemory(): void
  query(method: string, argument: Uint8Array): Uint8Array
}

const utf8 = new TextDecoder()

/** Instantiates a module and runs its `canister_init`. */
export function createHost(wasm: Uint8Array<ArrayBuffer>): Host {
  const module = new WebAssembly.Module(wasm)
  const calls: SelfCall[] = []
  let argument: Uint8Array = new Uint8Array()
  let reply: number[] = []
  let prepared: SelfCall | undefined

  const read = (from: Value = 0, size: Value = 0) => new Uint8Array(memory().buffer, Number(from), Number(size)).slice()
  const self = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1)
  const copy = (source: Uint8Array, to: Value = 0, from: Value = 0, size: Value = 0) =>
    void new Uint8Array(memory().buffer).set(source.subarray(Number(from), Number(from) + Number(size)), Number(to))

  const ic0: Record<string, SystemCall> = {
    msg_arg_data_size: () => BigInt(argument.length),
    msg_arg_data_copy: (to, from, size) => copy(argument, to, from, size),
    msg_caller_size: () => BigInt(self.length),
    msg_caller_copy: (to, from, size) => copy(self, to, from, size),
    canister_self_size: () => BigInt(self.length),
    canister_self_copy: (to, from, size) => copy(self, to, from, size),
    msg_reply_data_append: (from, size) => void reply.push(...read(from, size)),
    msg_reply: () => undefined,
    call_new: (_callee, _calleeSize, name, nameSize, onReply = 0, environment = 0) =>
      void (prepared = { method: utf8.decode(read(name, nameSize)), onReply, environment, argument: [] }),
    call_on_cleanup: () => undefined,
    call_data_append: (from, size) => void prepared?.argument.push(...read(from, size)),
    call_perform: () => {
      if (prepared !== undefined) calls.push(prepared)
      return 0
    },
    canister_status: () => 1,
    performance_counter: () => 0n,
    time: () => 0n,
    global_timer_set: () => 0n,
    stable64_size: () => 0n,
    trap: (from, size) => {
      throw new WasmTrap(utf8.decode(read(from, size)))
    },
  }
  const missing = (name: string) => () => {
    throw new Error(`The canister calls ic0.${name}, which this host does not have.`)
  }
  const names = WebAssembly.Module.imports(module).map(({ name }) => name)
  const instance = new WebAssembly.Instance(module, { ic0: Object.fromEntries(names.map((name) => [name, ic0[name] ?? missing(name)])) })

  function memory(): WebAssembly.Memory {
    const found = instance.exports['mem']
    if (!(found instanceof WebAssembly.Memory)) throw new Error('The canister exports no memory.')
    return found
  }

  function enter(name: string, input: readonly number[] | Uint8Array): Uint8Array {
    const entry = instance.exports[name]
    if (typeof entry !== 'function') throw new Error(`The canister has no ${name}.`)
    argument = Uint8Array.from(input)
    reply = []
    entry()
    return Uint8Array.from(reply)
  }

  function settleCalls(): void {
    const table = instance.exports['table']
    if (!(table instanceof WebAssembly.Table)) throw new Error('The canister exports no table.')
    for (let call = calls.shift(); call !== undefined; call = calls.shift()) {
      argument = enter(`canister_update ${call.method}`, call.argument)
      // The table is indexed with 64 bits, which the types of the JavaScript interface do not know yet.
      const callback: unknown = Reflect.apply(table.get, table, [call.onReply])
      if (typeof callback !== 'function') throw new Error(`The callback ${call.onReply} is not in the table.`)
      callback(call.environment)
    }
  }

  enter('canister_init', [])
  return {
    memorySize: () => memory().buffer.byteLength,
    heartbeat() {
      enter('canister_heartbeat', [])
      settleCalls()
    },
    onLowWasmMemory() {
      enter('canister_on_low_wasm_memory', [])
      settleCalls()
    },
    query: (method, input) => enter(`canister_query ${method}`, input),
  }
}
