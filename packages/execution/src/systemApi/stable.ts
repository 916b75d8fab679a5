/** Stable memory. @see Interface specification, "Stable memory". */
import { growMemory } from '../memoryGrowth.ts'
import { wasmTrap } from '../trap.ts'
import { admitStableRead, admitStableWrite, chargeStableRead, chargeStableWrite } from './stableAccess.ts'
import { type Machine, type SystemCallGroup, systemCall } from './systemCall.ts'

const all = '* s'
const refused = -1
const maxPages32 = 65_536

/** System calls on stable memory, in 32-bit and 64-bit form. */
export const stableCalls: SystemCallGroup = {
  stable_size: systemCall(all, ({ execution }: Machine) => pages32('stable_size', execution.canister.stableMemory.sizePages)),
  stable_grow: systemCall(all, (machine: Machine, pages: number) => {
    const current = pages32('stable_grow', machine.execution.canister.stableMemory.sizePages)
    return current + pages > maxPages32 ? refused : grow(machine, pages)
  }),
  stable_read: systemCall(all, (machine: Machine, destination: number, offset: number, size: number) => {
    if (size > 0) pages32('stable_read', machine.execution.canister.stableMemory.sizePages)
    read('stable_read', machine, destination, offset, size)
  }),
  stable_write: systemCall(all, (machine: Machine, offset: number, source: number, size: number) => {
    if (size > 0) pages32('stable_write', machine.execution.canister.stableMemory.sizePages)
    write('stable_write', machine, offset, source, size)
  }),
  stable64_size: systemCall(all, ({ execution }: Machine) => BigInt(execution.canister.stableMemory.sizePages)),
  stable64_grow: systemCall(all, (machine: Machine, pages: bigint) => {
    const wanted = BigInt.asUintN(64, pages)
    return wanted > BigInt(machine.execution.env.limits.stableMemoryPages) ? -1n : BigInt(grow(machine, Number(wanted)))
  }),
  stable64_read: systemCall(all, (machine: Machine, destination: bigint, offset: bigint, size: bigint) =>
    read('stable64_read', machine, wide(destination), wide(offset), wide(size)),
  ),
  stable64_write: systemCall(all, (machine: Machine, offset: bigint, source: bigint, size: bigint) =>
    write('stable64_write', machine, wide(offset), wide(source), wide(size)),
  ),
}

/** Values past 2^53 are out of any bounds; the exact figure does not matter then. */
function wide(value: bigint): number {
  return Number(BigInt.asUintN(64, value))
}

function grow({ execution }: Machine, pages: number): number {
  const stable = execution.canister.stableMemory
  const current = stable.sizePages
  if (current + pages > execution.env.limits.stableMemoryPages) return refused
  if (growMemory(execution, BigInt(pages) * 65_536n) === 'out_of_memory') return refused
  stable.grow(pages)
  return current
}

function read(name: string, machine: Machine, destination: number, offset: number, size: number): void {
  if (size === 0) return
  const { execution, memory } = machine
  const stable = execution.canister.stableMemory
  if (offset + size > stable.sizeBytes) throw wasmTrap('stable memory out of bounds', name)
  admitStableRead(machine, offset, size)
  if (!memory.contains(destination, size)) throw wasmTrap('heap out of bounds', name)
  chargeStableRead(machine, offset, size)
  const bytes = new Uint8Array(size)
  stable.read(offset, bytes)
  memory.write(`ic0.${name}`, destination, bytes)
}

function write(name: string, machine: Machine, offset: number, source: number, size: number): void {
  if (size === 0) return
  const { execution, memory } = machine
  const stable = execution.canister.stableMemory
  if (offset + size > stable.sizeBytes) throw wasmTrap('stable memory out of bounds', name)
  admitStableWrite(machine, offset, size)
  if (!memory.contains(source, size)) throw wasmTrap('heap out of bounds', name)
  chargeStableWrite(machine, offset, size)
  stable.write(offset, memory.read(`ic0.${name}`, source, size))
}

function pages32(name: string, pages: number): number {
  if (pages > maxPages32) throw wasmTrap('32 bit stable memory api used on a memory larger than 4GB', name)
  return pages
}
