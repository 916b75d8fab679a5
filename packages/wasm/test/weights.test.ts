import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findOpcode, opcodes } from '../src/opcodes/opcodeTable.ts'
import { resolveWeights } from '../src/opcodes/weights.ts'

const table = JSON.parse(readFileSync(new URL('fixtures/opcode-weights.json', import.meta.url), 'utf8')) as {
  weights: Record<string, number>
  weights_wasm64_overrides: Record<string, number>
}

describe('the published weights', () => {
  test('are those of the opcodes that we know, no more and no fewer', () => {
    expect(opcodes.map((opcode) => opcode.name).toSorted()).toEqual(Object.keys(table.weights).toSorted())
  })

  test.each(Object.entries(table.weights))('%s weighs %i', (name, weight) => {
    const narrow = resolveWeights({}, false)
    expect(narrow[findOpcode(name)?.code ?? -1]).toBe(weight)
  })

  test.each(Object.keys(table.weights))('%s with a 64-bit memory', (name) => {
    const wide = resolveWeights({}, true)
    expect(wide[findOpcode(name)?.code ?? -1]).toBe(table.weights_wasm64_overrides[name] ?? table.weights[name])
  })
})

test('a weight can be set, and one of an opcode that does not exist is refused', () => {
  expect(resolveWeights({ weights: { 'i32.add': 7 } }, false)[findOpcode('i32.add')?.code ?? -1]).toBe(7)
  expect(() => resolveWeights({ weights: { 'i32.plus': 7 } }, false)).toThrow('no opcode is called i32.plus')
})
