/** Programs whose instruction totals are known, run as messages of a canister, in both generations of page charges. */
import { readFileSync } from 'node:fs'
import { createTraceRecorder } from '@tidemark/trace'
import { describe, expect, test } from 'vitest'
import { assemble, network } from '../../../tests/support/index.ts'

interface Row {
  readonly id: string
  readonly title: string
  readonly wat: string
  readonly export: string
  readonly expected: { readonly total_from_mid_2026: number; readonly total_until_mid_2026: number | null }
}

const file = new URL('../../../tests/conformance/data/instruction-counts.json', import.meta.url)
const { rows } = JSON.parse(readFileSync(file, 'utf8')) as { rows: Row[] }
const eightBytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)

describe.each([
  ['2026', 'total_from_mid_2026'],
  ['2025', 'total_until_mid_2026'],
] as const)('prices of %s', (profile, column) => {
  const messages = rows.filter((row) => row.export.startsWith('canister_update') && row.expected[column] !== null)

  test.each(messages)('$id $title', (row) => {
    const trace = createTraceRecorder({ capacity: 100 })
    const net = network({ profile, trace })
    const id = net.install(assemble(row.wat))
    net.call(id, row.export.slice('canister_update '.length), eightBytes)
    const update = trace.events().find((event) => event.kind === 'update')
    expect(Number(update?.instructions)).toBe(row.expected[column])
  })

  test.each(rows.filter((row) => row.export.startsWith('(start)')))('$id $title', (row) => {
    // Compiling is charged beside: it cancels out against the same module without what runs.
    const used = installCost(profile, row.wat) - installCost(profile, '(module)') - compiling(row.wat)
    expect(Number(used)).toBe(row.expected[column])
  })
})

const compileInstructions = 6000

/** Instructions charged for compiling, by the module's own opcodes. */
function compiling(wat: string): number {
  // Counted by hand: I60 has const, drop, nop, two ends; I61 const, set, end and get, const, add, set, end.
  return compileInstructions * (wat.includes('global') ? 8 : 5)
}

/** Cycles that installing takes, which are instructions at a cycle each. */
function installCost(profile: '2025' | '2026', wat: string): number {
  const net = network({ profile })
  const id = net.create()
  const before = net.canister(id).consumedCycles.instructions
  net.installInto(id, assemble(wat))
  return Number(net.canister(id).consumedCycles.instructions - before)
}
