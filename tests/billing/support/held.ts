/** Canisters that hold exactly so many bytes, and exactly so many cycles. */
import type { Principal } from '@tidemark/types'
import type { TestNetwork } from '../../support/index.ts'
import { type SettingsChange, assemble, candid, expectReject, network, program, universalCanister } from '../../support/index.ts'

export const page = 65_536n
export const gib = 1n << 30n
export const defaultFreezingSeconds = 2_592_000n
/** The least that every canister here is created with; enough to install on 34 nodes. */
export const startCycles = 1_000_000_000_000n

const emptyModule = assemble('(module)')
const encoder = new TextEncoder()

/** A module made longer by a custom section of zeros; without a size, by an empty one. */
export function padded(wasm: Uint8Array, size?: number, sectionName = 'pad'): Uint8Array {
  // Section id, length in five bytes, length of the name, the name, zeros.
  const name = encoder.encode(sectionName)
  const overhead = 1 + 5 + 1 + name.length
  const bytes = size ?? overhead
  if (bytes < overhead) throw new Error(`a section takes at least ${overhead} bytes`)
  const result = new Uint8Array(wasm.length + bytes)
  result.set(wasm)
  const length = bytes - 6
  const leb = [0, 7, 14, 21, 28].map((shift, n) => ((length >> shift) & 0x7f) | (n < 4 ? 0x80 : 0))
  result.set([0, ...leb, name.length, ...name], wasm.length)
  return result
}

/** Bytes that a canister uses in all, as its status says. */
export function usageOf(net: TestNetwork, id: Principal): bigint {
  return statusOf(net, id).memory_size
}

export interface Status {
  readonly memory_size: bigint
  readonly memory_metrics: Readonly<Record<string, bigint>>
  readonly cycles: bigint
  readonly reserved_cycles: bigint
  readonly idle_cycles_burned_per_day: bigint
}

export function statusOf(net: TestNetwork, id: Principal): Status {
  return net.manage('canister_status', { canister_id: candid(id) }, { effectiveCanisterId: id }) as Status
}

/**
 * Installs a module so that the canister then uses exactly so many bytes: a section fills up to whole pages, the rest is
 * stable memory.
 */
export function installHolding(net: TestNetwork, id: Principal, usageBytes: bigint): void {
  const isSmall = usageBytes < 4n * page
  const wasm = isSmall ? emptyModule : universalCanister()
  // What is kept for logs counts only with the newer prices; it is there before any code is.
  const rest = usageBytes - usageWithoutPadding(isSmall) - (statusOf(net, id).memory_metrics['log_memory_store_size'] ?? 0n)
  const padding = isSmall ? rest : (rest % page) + page
  const arg = isSmall
    ? ''
    : program()
        .sys('stable64_grow', (rest - padding) / page)
        .op('drop')
  const installed = net.installInto(id, padded(wasm, Number(padding)), arg)
  if (installed.kind === 'reject') throw new Error(expectReject(installed))
}

const measured = new Map<boolean, bigint>()

function usageWithoutPadding(isSmall: boolean): bigint {
  let usage = measured.get(isSmall)
  if (usage === undefined) {
    const net = network()
    const { memory_size, memory_metrics } = statusOf(net, net.install(isSmall ? emptyModule : universalCanister()))
    usage = memory_size - (memory_metrics['log_memory_store_size'] ?? 0n)
    measured.set(isSmall, usage)
  }
  return usage
}

/** A canister that uses nothing at all: one that ran out of cycles, so that not even its history is left. */
export function createUsingNothing(net: TestNetwork): Principal {
  const id = net.create({ cycles: 1n, settings: { compute_allocation: 0n } })
  net.advance(1_000_000_000)
  return id
}

/** Tops a canister up to exactly this balance, which must not be below what it has. */
export function fund(net: TestNetwork, id: Principal, balance: bigint): void {
  const missing = balance - net.balance(id)
  if (missing < 0n) throw new Error(`the canister has ${-missing} cycles too many`)
  if (missing > 0n) net.topUp(id, missing)
  if (net.balance(id) !== balance) throw new Error(`expected ${balance} cycles, got ${net.balance(id)}`)
}

export function setSettings(net: TestNetwork, id: Principal, settings: SettingsChange): void {
  const changed = net.updateSettings(id, settings)
  if (changed.kind === 'reject') throw new Error(expectReject(changed))
}

/** Whether the network refuses to run anything of a canister for lack of cycles. */
export function isFrozen(net: TestNetwork, id: Principal): boolean {
  const answer = net.query(id, program().reply())
  return answer.kind === 'reject' && expectReject(answer).startsWith('IC0207 ')
}
