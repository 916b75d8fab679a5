import { exportStart } from './startExport.ts'

/** What the canister sees of the world around it. */
export interface World {
  caller: Uint8Array
  controllers: Uint8Array[]
  self: Uint8Array
  timeNanos: bigint
  rootKey: Uint8Array
  environment: [name: string, value: string][]
  /** Made for a query from the certified data of the moment; absent in updates. */
  certify: (certifiedData: Uint8Array) => Uint8Array
}

/** A single canister without a network: messages run one after the other, a trap or a query leaves no effect. */
export interface Host {
  readonly world: World
  readonly certifiedData: Uint8Array
  install(argument: Uint8Array): void
  upgrade(argument: Uint8Array): void
  update(method: string, argument: Uint8Array): Uint8Array
  query(method: string, argument: Uint8Array): Uint8Array
}

class Trap extends Error {}

type Import = (...args: (number | bigint)[]) => number | bigint | undefined
const pageSize = 65_536
const utf8 = new TextDecoder()

/** Hosts a 64-bit Motoko module (enhanced orthogonal persistence) with the system calls an asset canister makes. */
export function createHost(wasm: Uint8Array<ArrayBuffer>, world: World): Host {
  const module = new WebAssembly.Module(exportStart(wasm))
  let instance: WebAssembly.Instance | undefined
  let certifiedData: Uint8Array = new Uint8Array()
  let argument: Uint8Array = new Uint8Array()
  let certificate: Uint8Array | undefined
  let reply: number[] = []

  const memory = (): WebAssembly.Memory => instance?.exports['mem'] as WebAssembly.Memory
  const read = (address: number | bigint, size: number | bigint): Uint8Array =>
    new Uint8Array(memory().buffer, Number(address), Number(size)).slice()
  const write = (address: number | bigint, bytes: Uint8Array): void => new Uint8Array(memory().buffer).set(bytes, Number(address))
  const copier =
    (source: () => Uint8Array): Import =>
    (address = 0, offset = 0, size = 0) => {
      write(address, source().subarray(Number(offset), Number(offset) + Number(size)))
      return undefined
    }
  const sizer =
    (source: () => Uint8Array): Import =>
    () =>
      BigInt(source().length)
  const variable = (address: number | bigint, size: number | bigint): string | undefined => {
    const name = utf8.decode(read(address, size))
    return world.environment.find(([key]) => key === name)?.[1]
  }
  const bytesOf = (text: string | undefined): Uint8Array => new TextEncoder().encode(text)

  const ic0: Record<string, Import> = {
    msg_arg_data_size: sizer(() => argument),
    msg_arg_data_copy: copier(() => argument),
    msg_caller_size: sizer(() => world.caller),
    msg_caller_copy: copier(() => world.caller),
    canister_self_size: sizer(() => world.self),
    canister_self_copy: copier(() => world.self),
    root_key_size: sizer(() => world.rootKey),
    root_key_copy: copier(() => world.rootKey),
    data_certificate_present: () => (certificate === undefined ? 0 : 1),
    data_certificate_size: sizer(() => certificate ?? new Uint8Array()),
    data_certificate_copy: copier(() => certificate ?? new Uint8Array()),
    certified_data_set: (address = 0, size = 0) => void (certifiedData = read(address, size)),
    msg_reply: () => undefined,
    msg_reply_data_append: (address = 0, size = 0) => {
      for (const byte of read(address, size)) reply.push(byte)
      return undefined
    },
    is_controller: (address = 0, size = 0) => {
      const principal = String(read(address, size))
      return world.controllers.some((controller) => String(controller) === principal) ? 1 : 0
    },
    time: () => world.timeNanos,
    performance_counter: () => 0n,
    canister_status: () => 1,
    global_timer_set: () => 0n,
    stable64_size: () => 0n,
    env_var_count: () => BigInt(world.environment.length),
    env_var_name_size: (index = 0) => BigInt(bytesOf(world.environment[Number(index)]?.[0]).length),
    env_var_name_copy: (index = 0, ...rest) => copier(() => bytesOf(world.environment[Number(index)]?.[0]))(...rest),
    env_var_name_exists: (address = 0, size = 0) => (variable(address, size) === undefined ? 0 : 1),
    env_var_value_size: (address = 0, size = 0) => BigInt(bytesOf(variable(address, size)).length),
    env_var_value_copy: (address = 0, size = 0, ...rest) => copier(() => bytesOf(variable(address, size)))(...rest),
    debug_print: () => undefined,
    trap: (address = 0, size = 0) => {
      throw new Trap(utf8.decode(read(address, size)))
    },
  }
  const imports = {
    ic0: Object.fromEntries(
      WebAssembly.Module.imports(module).map(({ name }) => [
        name,
        ic0[name] ??
          (() => {
            throw new Error(`the canister calls ic0.${name}, which this host does not have`)
          }),
      ]),
    ),
  }

  /** A fresh instance; on an upgrade it starts with the memory of the one before. */
  function instantiate(kept?: Uint8Array): void {
    instance = new WebAssembly.Instance(module, imports)
    if (kept !== undefined) {
      memory().grow(BigInt((kept.length - memory().buffer.byteLength) / pageSize) as unknown as number)
      write(0, kept)
    }
    enter('start')
  }

  function enter(entryPoint: string): void {
    const entry = instance?.exports[entryPoint] as (() => void) | undefined
    if (entry === undefined) throw new Error(`the canister has no ${entryPoint}`)
    entry()
  }

  function run(entryPoint: string, input: Uint8Array, { isQuery }: { isQuery: boolean }): Uint8Array {
    const before = { memory: new Uint8Array(memory().buffer).slice(), certifiedData }
    argument = input
    reply = []
    certificate = isQuery ? world.certify(certifiedData) : undefined
    let finished = false
    try {
      enter(entryPoint)
      finished = true
      return Uint8Array.from(reply)
    } finally {
      if (isQuery || !finished) {
        certifiedData = before.certifiedData
        write(0, before.memory)
        new Uint8Array(memory().buffer).fill(0, before.memory.length)
      }
    }
  }

  return {
    world,
    get certifiedData() {
      return certifiedData
    },
    install(input) {
      instantiate()
      run('canister_init', input, { isQuery: false })
    },
    upgrade(input) {
      run('canister_pre_upgrade', new Uint8Array(), { isQuery: false })
      instantiate(new Uint8Array(memory().buffer).slice())
      run('canister_post_upgrade', input, { isQuery: false })
    },
    update: (method, input) => run(`canister_update ${method}`, input, { isQuery: false }),
    query: (method, input) => run(`canister_query ${method}`, input, { isQuery: true }),
  }
}
