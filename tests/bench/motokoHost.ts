/**
 * The least host that runs one Motoko canister, for a raw module and for an instrumented one alike: messages without calls,
 * no replica around them. What differs between the two is the module alone.
 */
import { type PageCharges, createMemory, createRollbackMemories, instrument, readModule } from '@tidemark/wasm'

/** Runs messages of one canister. */
export interface MotokoHost {
  /** Runs an exported method and returns its reply. */
  run(method: string, arg: Uint8Array): Uint8Array
}

type Fn = (...args: never[]) => unknown
type HostFunction = (...args: (number | bigint)[]) => unknown

const limit = 40_000_000_000
const rollback = createRollbackMemories()

/** A host of the module as the compiler made it. */
export function rawHost(bytes: Uint8Array): MotokoHost {
  const machine = new Machine()
  const instance = new WebAssembly.Instance(new WebAssembly.Module(copy(bytes)), { ic0: machine.imports(bytes) })
  const find = finder(instance)
  machine.memory = instance.exports['mem'] as WebAssembly.Memory
  find('canister_init')()
  return {
    run(method, arg) {
      machine.begin(arg)
      find(method)()
      return machine.reply()
    },
  }
}

/** A host of the module with metering, page charges and copy-on-first-write. */
export function instrumentedHost(bytes: Uint8Array, pageCharges: PageCharges): MotokoHost {
  const names = readModule(bytes).imports.map(({ name }) => name)
  const imports = Object.fromEntries(names.map((name) => [`ic0.${name}`, { fixedCost: 500 }]))
  const { bytes: rewritten, facts } = instrument(bytes, { pageCharges, imports, branchHints: true })
  if (facts.memory === undefined) throw new Error('a Motoko module has a memory')
  const machine = new Machine()
  machine.memory = createMemory(facts.memory)
  const instance = new WebAssembly.Instance(new WebAssembly.Module(copy(rewritten)), {
    ic0: machine.imports(bytes),
    tidemark: { memory: machine.memory, ...rollback, ...traps },
  })
  const find = finder(instance)
  const [setCounter, begin, commit] = [find('tidemark:set_counter'), find('tidemark:begin'), find('tidemark:commit')]
  // What the host charges for afterwards, it has to count first.
  const count = pageCharges === 'dirty-4k-after' ? find('tidemark:changed_pages') : () => undefined
  const message = (body: Control): void => {
    setCounter(limit)
    begin()
    body()
    count()
    commit()
  }
  message(() => {
    if (facts.dataSegments.some(({ active }) => active)) find('tidemark:init_data')()
    if (facts.hasStart) find('tidemark:start')()
    find('canister_init')()
  })
  return {
    run(method, arg) {
      machine.begin(arg)
      message(find(method))
      return machine.reply()
    },
  }
}

const traps = {
  out_of_instructions: fail('out of instructions'),
  operation_too_costly: fail('operation too costly'),
  stack_overflow: fail('stack overflow'),
  heap_out_of_bounds: fail('heap out of bounds'),
  out_of_memory: fail('out of memory'),
  memory_grown: () => undefined,
}

function fail(text: string): () => never {
  return () => {
    throw new Error(text)
  }
}

type Control = (arg?: number) => void

/** Finds exported functions of an instance. Once each, as what is measured is the module and not the host. */
function finder(instance: WebAssembly.Instance): (name: string) => Control {
  const found = new Map<string, Control>()
  return (name) => {
    const known = found.get(name)
    if (known !== undefined) return known
    const target = instance.exports[name]
    if (typeof target !== 'function') throw new Error(`the module exports no ${name}`)
    found.set(name, target as Control)
    return target as Control
  }
}

function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}

/** System functions over plain values; those that a benchmark does not need trap. */
class Machine {
  memory: WebAssembly.Memory | undefined
  #arg: Uint8Array = new Uint8Array(0)
  #reply: Uint8Array[] = []
  #stable = new Uint8Array(0)
  #counter = 0n

  begin(arg: Uint8Array): void {
    this.#arg = arg
    this.#reply = []
  }

  reply(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#reply))
  }

  imports(bytes: Uint8Array): Record<string, Fn> {
    const known: Record<string, HostFunction> = {
      msg_arg_data_size: () => BigInt(this.#arg.length),
      msg_arg_data_copy: (to, offset, size) => this.#write(to, this.#arg.subarray(Number(offset), Number(offset) + Number(size))),
      msg_reply_data_append: (from, size) => void this.#reply.push(this.#read(from, size)),
      msg_reply: () => undefined,
      msg_caller_size: () => 1n,
      msg_caller_copy: (to) => this.#write(to, Uint8Array.of(4)),
      canister_self_size: () => 10n,
      canister_self_copy: (to) => this.#write(to, new Uint8Array(10)),
      canister_status: () => 1,
      time: () => 1n,
      global_timer_set: () => 0n,
      performance_counter: () => ++this.#counter,
      debug_print: () => undefined,
      stable64_size: () => BigInt(this.#stable.length / 65_536),
      stable64_grow: (pages) => this.#growStable(Number(pages)),
      stable64_read: (to, offset, size) => this.#write(to, this.#stable.subarray(Number(offset), Number(offset) + Number(size))),
      stable64_write: (offset, from, size) => this.#stable.set(this.#read(from, size), Number(offset)),
      trap: (from, size) => fail(new TextDecoder().decode(this.#read(from, size)))(),
    }
    return Object.fromEntries(readModule(bytes).imports.map(({ name }) => [name, known[name] ?? fail(`ic0.${name} is not there`)]))
  }

  #growStable(pages: number): bigint {
    const before = this.#stable
    this.#stable = new Uint8Array(before.length + pages * 65_536)
    this.#stable.set(before)
    return BigInt(before.length / 65_536)
  }

  #write(to: number | bigint | undefined, bytes: Uint8Array): void {
    new Uint8Array(this.memory?.buffer ?? new ArrayBuffer(0)).set(bytes, Number(to))
  }

  #read(from: number | bigint | undefined, size: number | bigint | undefined): Uint8Array {
    return new Uint8Array(this.memory?.buffer ?? new ArrayBuffer(0)).slice(Number(from), Number(from) + Number(size))
  }
}
