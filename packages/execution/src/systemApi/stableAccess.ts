/**
 * What touching stable memory costs, and how much of it one message may touch.
 *
 * @see costs reference, "Page charges"; Interface specification, "Stable memory".
 */
import { contextMask, entryBit, isReplicated } from '../entryKind.ts'
import { Trap } from '../trap.ts'
import type { Machine } from './systemCall.ts'

const osPage = 4096
const wasmPage = 65_536
/** Instructions for the first write to a 4 KiB page in a message, until mid 2026. */
const dirtyPageInstructions = 1000
/** Instructions for the first touch of a 64 KiB page in a message, and again for the first write to it, from mid 2026. */
const touchInstructions = 80_000

const upgradeKinds = contextMask('s I G')
const queryKinds = contextMask('RQ NRQ TQ CQ CRy CRt CC F')

/** Pages of stable memory that the message in progress has touched. */
export class StableAccess {
  readonly #accessed = new Set<number>()
  readonly #touched = new Set<number>()
  readonly #written = new Set<number>()

  /** Adds the 4 KiB pages of a range. @returns how many are accessed by now */
  access(offset: number, size: number): number {
    return addPages(this.#accessed, osPage, offset, size).size
  }

  /** Adds the 64 KiB pages of a range. @returns how many of them are new */
  touch(offset: number, size: number): number {
    const before = this.#touched.size
    return addPages(this.#touched, wasmPage, offset, size).size - before
  }

  /** Adds written 64 KiB pages of a range. @returns how many of them are new */
  write(offset: number, size: number): number {
    const before = this.#written.size
    return addPages(this.#written, wasmPage, offset, size).size - before
  }
}

/** Before the heap is looked at. @throws Trap when the message reads more of stable memory than it may */
export function admitStableRead(machine: Machine, offset: number, size: number): void {
  checkAccess(machine, machine.execution.stableAccess.access(offset, size), 'accessed')
}

/**
 * Before the heap is looked at: until mid 2026 the pages are charged then.
 *
 * @throws Trap when the message writes more of stable memory than it may
 */
export function admitStableWrite(machine: Machine, offset: number, size: number): void {
  const { execution, exports } = machine
  const stable = execution.canister.stableMemory
  const clean = stable.countClean(offset, size)
  checkAccess(machine, execution.stableAccess.access(offset, size), 'accessed')
  checkAccess(machine, stable.dirtyPages + clean, 'modified')
  if (execution.env.pricing.profile === '2025') exports.charge(clean * dirtyPageInstructions)
}

/** What the copy itself costs from mid 2026 on, when it happens. */
export function chargeStableRead({ execution, exports }: Machine, offset: number, size: number): void {
  if (execution.env.pricing.profile === '2025') return
  exports.charge(execution.stableAccess.touch(offset, size) * touchInstructions)
}

/** What the copy itself costs from mid 2026 on, when it happens. */
export function chargeStableWrite(machine: Machine, offset: number, size: number): void {
  const { execution, exports } = machine
  if (execution.env.pricing.profile === '2025') return
  chargeStableRead(machine, offset, size)
  if (isReplicated(execution.kind)) exports.charge(execution.stableAccess.write(offset, size) * touchInstructions)
}

function checkAccess({ execution }: Machine, pages: number, what: 'accessed' | 'modified'): void {
  const { limits } = execution.env
  const bit = entryBit[execution.kind]
  const max =
    (bit & queryKinds) !== 0
      ? limits.stableAccessBytesQuery
      : (bit & upgradeKinds) !== 0
        ? limits.stableAccessBytesUpgrade
        : limits.stableAccessBytes
  if (pages * osPage <= max) return
  const [regular, upgrade, query] = [limits.stableAccessBytes, limits.stableAccessBytesUpgrade, limits.stableAccessBytesQuery].map(
    (bytes) => `${bytes / 1024} KB`,
  )
  const allowed =
    what === 'modified'
      ? `in a single execution: limit ${regular} for regular messages, ${upgrade} for upgrade messages and ${query} for queries.`
      : `in a single message execution: limit ${regular} for regular messages and ${query} for queries.`
  throw new Trap({
    errorCode: 'CanisterMemoryAccessLimitExceeded',
    message: `Canister exceeded memory access limits: Exceeded the limit for the number of ${what} pages in the stable memory ${allowed}`,
  })
}

function addPages(pages: Set<number>, pageBytes: number, offset: number, size: number): Set<number> {
  const last = Math.floor((offset + size - 1) / pageBytes)
  for (let page = Math.floor(offset / pageBytes); page <= last; page++) pages.add(page)
  return pages
}
