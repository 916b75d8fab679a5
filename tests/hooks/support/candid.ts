/** Methods by name, with the types of their interface. */
import { IDL } from '@dfinity/candid'
import { type Binding, experimentalManagement, lifecycleHooksExample, monitor } from '@tidemark/bindings'

export interface Interface {
  readonly init: (value: unknown) => Uint8Array
  readonly encode: (method: string, args: readonly unknown[]) => Uint8Array
  /** The result of a method; undefined when it has none. */
  readonly decode: (method: string, reply: Uint8Array) => unknown
  readonly isQuery: (method: string) => boolean
}

export const exampleInterface = interfaceOf(lifecycleHooksExample)
export const monitorInterface = interfaceOf(monitor)
export const experimentalInterface = interfaceOf(experimentalManagement)

/** What the example is installed with besides its monitors. Null thresholds leave judging to others. */
export interface ExampleOptions {
  readonly gate_seconds?: bigint
  readonly cycles_threshold?: bigint
  readonly heap_memory_threshold?: bigint
  readonly output_queue_capacity?: bigint
}

/** How the example is installed. */
export function exampleInit(monitors: readonly unknown[], options: ExampleOptions = {}): Uint8Array {
  const given = (value: bigint | undefined) => (value === undefined ? [] : [value])
  const record = {
    gate_seconds: given(options.gate_seconds),
    cycles_threshold: given(options.cycles_threshold),
    heap_memory_threshold: given(options.heap_memory_threshold),
    output_queue_capacity: given(options.output_queue_capacity),
  }
  return exampleInterface.init([{ ...record, monitors: [monitors] }])
}

/** How the monitor is installed: it polls every second. */
export const monitorInit = monitorInterface.init([
  { interval_seconds: [1], history_limit: [10], installer: [], local_claim: [], visibility: [{ public: null }] },
])

function interfaceOf({ idlFactory, init }: Binding): Interface {
  const methods = new Map(idlFactory({ IDL })._fields)
  const typeOf = (method: string) => {
    const type = methods.get(method)
    if (type === undefined) throw new Error(`there is no method ${method}`)
    return type
  }
  return {
    init: (value) => new Uint8Array(IDL.encode(init({ IDL }), [value])),
    encode: (method, args) => new Uint8Array(IDL.encode(typeOf(method).argTypes, [...args])),
    decode: (method, reply) => IDL.decode(typeOf(method).retTypes, reply)[0],
    isQuery: (method) => typeOf(method).annotations.includes('query'),
  }
}
