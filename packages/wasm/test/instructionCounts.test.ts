import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ImportAdapter, PageCharges } from '../src/index.ts'
import { plenty, start, type Guest } from './support/host.ts'
import { assemble } from './support/wat.ts'

interface Row {
  id: string
  title: string
  wat: string
  export: string
  traps?: boolean
  expected: Record<string, number | null>
}

const data = new URL('../../../tests/conformance/data/', import.meta.url)
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, data), 'utf8'))
const { rows } = read('instruction-counts.json') as { rows: Row[] }
const costs = (read('system-api-costs.json') as { functions: Record<string, { fixed: number; per_byte: number | null }> }).functions

/** Which parameters of the imported functions are byte lengths. */
const sizes: Readonly<Record<string, number | number[]>> = {
  msg_reply_data_append: 1,
  msg_arg_data_copy: 2,
  call_new: [1, 3],
  call_data_append: 1,
  stable64_write: 2,
}

const adapters: Record<string, ImportAdapter> = Object.fromEntries(
  Object.entries(costs).map(([name, { fixed, per_byte }]) => {
    const size = sizes[name]
    return [`ic0.${name}`, { fixedCost: fixed, perByteCost: per_byte ?? 0, ...(size !== undefined && { sizeParam: size }) }]
  }),
)

/** The least of a host: touches the heap where the real functions do, answers zero. */
function host(guest: () => Guest, stableWrite: number): Record<string, (...args: number[]) => unknown> {
  const reads =
    (at: number, size: number) =>
    (...args: number[]) =>
      guest().controls.touch_read(Number(args[at]), Number(args[size]))
  return {
    msg_arg_data_copy: (target = 0, offset = 0, size = 0) => {
      guest().controls.touch_write(target, size)
      const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8).subarray(offset, offset + size)
      new Uint8Array(guest().memory?.buffer ?? new ArrayBuffer(0)).set(bytes, target)
    },
    msg_reply_data_append: reads(0, 1),
    call_new: (...args) => {
      reads(0, 1)(...args)
      reads(2, 3)(...args)
    },
    call_data_append: reads(0, 1),
    call_perform: () => 0,
    debug_print: (at = 0, size = 0) => {
      guest().controls.charge(52 * size)
      guest().controls.touch_read(at, size)
    },
    stable64_write: (...args) => {
      reads(1, 2)(...args)
      guest().controls.charge(stableWrite)
    },
    stable64_grow: () => 0n,
    stable64_size: () => 0n,
    time: () => 0n,
    msg_reply: () => {},
  }
}

const generations: readonly (readonly [string, PageCharges, string, number])[] = [
  ['2025', 'dirty-4k-after', 'total_until_mid_2026', 1_000],
  ['2026', { kind: 'touch-64k', read: 80_000, write: 80_000, chargeWrites: true }, 'total_from_mid_2026', 160_000],
]

describe.each(generations)('instruction totals, page charges of %s', (_name, pageCharges, column, stableWrite) => {
  test.each(rows.filter((row) => row.expected[column] !== null))('$id $title', (row) => {
    const guest: Guest = start(assemble(row.wat), { pageCharges, imports: adapters }, { ic0: host(() => guest, stableWrite) })
    const trap = guest.message(() => {
      for (const name of row.export.split(', ')) {
        if (name === '(start)') guest.controls.start?.()
        else guest.exports[name]?.()
      }
    })
    expect(trap !== undefined).toBe(row.traps === true)
    const perChangedPage = guest.facts.memory?.address === 'i64' ? 4_000 : 1_000
    const pages = pageCharges === 'dirty-4k-after' && guest.memory ? guest.controls.changed_pages() * perChangedPage : 0
    expect(plenty - guest.controls.counter() + pages).toBe(row.expected[column])
  })
})
