/**
 * A canister with 100 GiB allocated grows from 96 to 98 to 104 GiB, on a network in this process: what it pays, and the
 * ways in which the last growth can fail. Stable memory is sparse, so nothing of that size is kept anywhere.
 * Run it with Node 24: node examples/memoryAllocation.ts
 */
import { IDL } from '@dfinity/candid'
import { Principal as CandidPrincipal } from '@dfinity/principal'
import { management } from '@tidemark/bindings'
import { formatCycles } from '@tidemark/cycles'
import { createReplica, type Replica, type ReplicaOptions } from '@tidemark/replica'
import { anonymousPrincipal, errorCodeText, managementCanisterId, Principal, type Reject } from '@tidemark/types'
import loadWabt from 'wabt'

const gib = 1n << 30n

/** A canister whose method `grow` takes a number of 64 KiB pages, 8 bytes little-endian, and answers as `stable64_grow` does. */
const source = `(module
  (import "ic0" "msg_arg_data_copy" (func $argument (param i32 i32 i32)))
  (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "stable64_grow" (func $grow (param i64) (result i64)))
  (memory 1)
  (func (export "canister_update grow")
    (call $argument (i32.const 0) (i32.const 0) (i32.const 8))
    (i64.store (i32.const 0) (call $grow (i64.load (i32.const 0))))
    (call $append (i32.const 0) (i32.const 8))
    (call $reply)))`
const wasm = (await loadWabt()).parseWat('grow.wat', source).toBinary({}).buffer

const methods = new Map(management.idlFactory({ IDL })._fields)

const settingNames = [
  'controllers',
  'compute_allocation',
  'memory_allocation',
  'freezing_threshold',
  'reserved_cycles_limit',
  'minimum_incoming_canister_call_cycles',
  'log_visibility',
  'log_memory_limit',
  'snapshot_visibility',
  'status_visibility',
  'wasm_memory_limit',
  'wasm_memory_threshold',
  'environment_variables',
]

/** Settings as the management canister takes them: those that are not named stay as they are. */
function settings(changes: Record<string, bigint>): Record<string, unknown> {
  return Object.fromEntries(settingNames.map((name) => [name, changes[name] === undefined ? [] : [changes[name]]]))
}

/** A network in this process, as its users see it. */
class Network {
  readonly #replica: Replica
  #requests = 0

  constructor(options: ReplicaOptions) {
    this.#replica = createReplica(options)
  }

  /** Sends an update and runs rounds until it is answered. */
  call(canisterId: Principal, effectiveCanisterId: Principal, methodName: string, arg: Uint8Array): Uint8Array | Reject {
    const requestId = new Uint8Array(32)
    new DataView(requestId.buffer).setUint32(0, ++this.#requests)
    const ingressExpiryNanos = this.#replica.timeNanos() + 240_000_000_000n
    const envelope = { requestId, sender: anonymousPrincipal, ingressExpiryNanos, sizeBytes: arg.length + 200 }
    const admission = this.#replica.submit({ ...envelope, canisterId, effectiveCanisterId, methodName, arg })
    if (!admission.accepted) return admission.reject
    for (;;) {
      this.#replica.tick()
      const status = this.#replica.ingressRecord(requestId)?.status
      if (status?.status === 'replied') return status.reply
      if (status?.status === 'rejected') return status.reject
    }
  }

  /** Calls the management canister. @throws Error when it refuses */
  manage(method: string, effectiveCanisterId: Principal, arg: Record<string, unknown>): unknown {
    const type = methods.get(method)
    if (type === undefined) throw new Error(`no method ${method}`)
    const answer = this.call(managementCanisterId, effectiveCanisterId, method, new Uint8Array(IDL.encode(type.argTypes, [arg])))
    if (!(answer instanceof Uint8Array)) throw new Error(answer.message)
    return IDL.decode(type.retTypes, answer)[0]
  }

  /** Creates a canister with code. */
  install(cycles: bigint, changes: Record<string, bigint>): Canister {
    const anywhere = this.#replica.defaultEffectiveCanisterId
    const request = { amount: [cycles], settings: [settings(changes)], specified_id: [], sender_canister_version: [] }
    const created = this.manage('provisional_create_canister_with_cycles', anywhere, request) as { canister_id: CandidPrincipal }
    const canister = new Canister(this, Principal.fromBytes(created.canister_id.toUint8Array()))
    canister.manage('install_code', { mode: { install: null }, wasm_module: wasm, arg: new Uint8Array(0), sender_canister_version: [] })
    return canister
  }
}

interface Status {
  readonly memory_size: bigint
  readonly cycles: bigint
  readonly reserved_cycles: bigint
  readonly idle_cycles_burned_per_day: bigint
}

class Canister {
  readonly #network: Network
  readonly #id: Principal

  constructor(network: Network, id: Principal) {
    this.#network = network
    this.#id = id
  }

  manage(method: string, arg: Record<string, unknown>): unknown {
    return this.#network.manage(method, this.#id, { canister_id: CandidPrincipal.fromUint8Array(this.#id.bytes), ...arg })
  }

  set(changes: Record<string, bigint>): void {
    this.manage('update_settings', { settings: settings(changes), sender_canister_version: [] })
  }

  topUp(cycles: bigint): void {
    this.manage('provisional_top_up_canister', { amount: cycles })
  }

  get status(): Status {
    return this.manage('canister_status', {}) as Status
  }

  /** Grows stable memory. @returns how that ended */
  grow(bytes: bigint): string {
    const pages = new Uint8Array(8)
    new DataView(pages.buffer).setBigUint64(0, bytes / 65_536n, true)
    const answer = this.#network.call(this.#id, this.#id, 'grow', pages)
    if (!(answer instanceof Uint8Array)) return `${errorCodeText(answer.errorCode)} ${answer.message.split('\n')[0]}`
    const before = new DataView(answer.buffer, answer.byteOffset).getBigInt64(0, true)
    return before < 0n ? 'stable64_grow returns -1' : 'granted'
  }
}

/** What differs between the ways in which the example can end. */
interface Variant {
  readonly title: string
  /** Memory taken on the subnet, the canister's allocation included. */
  readonly subnetUsage: bigint
  readonly cycles: bigint
  readonly reservedCyclesLimit: bigint
}

const trillion = 1_000_000_000_000n
const ordinary = { subnetUsage: 700n * gib, cycles: 100n * trillion, reservedCyclesLimit: 5n * trillion }
const variants: readonly Variant[] = [
  { ...ordinary, title: 'success' },
  { ...ordinary, title: 'the subnet is full', subnetUsage: 2037n * gib, reservedCyclesLimit: 10n ** 30n },
  { ...ordinary, title: 'it would freeze', cycles: 84n * trillion },
  { ...ordinary, title: 'it cannot reserve', subnetUsage: 800n * gib },
  { ...ordinary, title: 'it reserves', subnetUsage: 800n * gib, reservedCyclesLimit: 20n * trillion },
]

/** 100 GiB allocated and 96 GiB used while the subnet is still below its threshold; then others take what the variant says. */
function start(variant: Variant, allocationCapsUsage: boolean): Canister {
  const others = variant.subnetUsage > 700n * gib ? 600n * gib : variant.subnetUsage - 100n * gib
  const network = new Network({ allocationCapsUsage, virtualUsageBytes: others })
  const canister = network.install(2n * trillion, { freezing_threshold: 0n, reserved_cycles_limit: variant.reservedCyclesLimit })
  canister.grow(96n * gib)
  canister.set({ memory_allocation: 100n * gib })
  canister.topUp(variant.cycles - canister.status.cycles)
  canister.set({ freezing_threshold: 2_592_000n })
  const neighbour = variant.subnetUsage - others - 100n * gib
  if (neighbour > 0n) network.install(10n ** 24n, { reserved_cycles_limit: 10n ** 30n, memory_allocation: neighbour })
  return canister
}

function describe(title: string, canister: Canister): void {
  const { memory_size, idle_cycles_burned_per_day: perDay, reserved_cycles } = canister.status
  const cells = [title.padEnd(26), `${memory_size / gib} GiB used`.padEnd(13), `${formatCycles(perDay)} per day`.padEnd(23)]
  console.log(
    [
      ...cells,
      `freezes below ${formatCycles(perDay * 30n - reserved_cycles)}`.padEnd(31),
      `reserved ${formatCycles(reserved_cycles)}`,
    ].join(' '),
  )
}

for (const variant of variants) {
  console.log(`${variant.title}: the subnet at ${variant.subnetUsage / gib} GiB, ${formatCycles(variant.cycles)}`)
  const now = start(variant, false)
  describe('  100 GiB allocated', now)
  const first = now.grow(2n * gib)
  describe(`  2 GiB more: ${first}`, now)
  const second = now.grow(6n * gib)
  const isGranted = second === 'granted'
  // A canister that came close to its threshold is topped up before it is asked again.
  now.topUp(trillion)
  describe(`  6 GiB more: ${isGranted ? second : 'refused'}`, now)
  if (!isGranted) console.log(`    ${second}`)
  const before = start(variant, true)
  console.log(`  before the change: 2 GiB more: ${before.grow(2n * gib)}; 6 GiB more: ${before.grow(6n * gib)}`)
  console.log()
}
