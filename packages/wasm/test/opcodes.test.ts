import { describe, expect, test } from 'vitest'
import { nanOf, opcodes, type Opcode } from '../src/opcodes/opcodeTable.ts'
import { opcodeModule } from './support/opcodeModule.ts'
import { outcome, start } from './support/host.ts'

/** Operand bits at the edges of each type. */
const edges: Readonly<Record<string, readonly bigint[]>> = {
  i: [0n, 1n, 2n, 31n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0x12345678n],
  I: [0n, 1n, 63n, 0x7fffffffffffffffn, 0x8000000000000000n, 0xffffffffffffffffn, 0xfedcba9876543210n],
  // Signed zeros, one, -1.5, extremes, infinities, quiet and signalling NaNs with payloads, subnormals, integer limits.
  f: [
    0n,
    0x80000000n,
    0x3f800000n,
    0xbfc00000n,
    0x7f7fffffn,
    0x7f800000n,
    0xff800000n,
    0x7fc00000n,
    0xffc00001n,
    0x7f800001n,
    1n,
    0x4f000000n,
  ],
  F: [
    0n,
    0x8000000000000000n,
    0x3ff0000000000000n,
    0xbff8000000000000n,
    0x7fefffffffffffffn,
    0x7ff0000000000000n,
    0xfff0000000000000n,
    0x7ff8000000000000n,
    0xfff8000000000001n,
    0x7ff0000000000001n,
    1n,
    0x41e0000000000000n,
    0x43e0000000000000n,
  ],
  V: [],
}

const vectors: readonly (readonly [bigint, bigint])[] = [
  [0n, 0n],
  [0xffffffffffffffffn, 0xffffffffffffffffn],
  [0x8000000080000000n, 0x7f807f8000017fffn],
  [0x7ff0000000000001n, 0xfff8000000000001n],
  [0x3f800000ffc00001n, 0x7f80000180000000n],
  [0x0123456789abcdefn, 0x3ff0000000000000n],
]

/** Every combination of edge operands, as arguments. */
function argumentsOf(opcode: Opcode): unknown[][] {
  let rows: unknown[][] = [[]]
  for (const letter of opcode.operands) {
    const choices: unknown[][] =
      letter === 'V'
        ? vectors.map(([low, high]) => [low, high])
        : (edges[letter] ?? []).map((bits) => [
            letter === 'i' || letter === 'f' ? Number(BigInt.asIntN(32, bits)) : BigInt.asIntN(64, bits),
          ])
    rows = rows.flatMap((row) => choices.map((choice) => [...row, ...choice]))
  }
  return rows
}

/** The lanes of a result, as the engine may give any NaN and we must give the canonical one. */
function canonical(opcode: Opcode, result: unknown): unknown {
  const shape = nanOf[opcode.code] ?? 0
  const fix32 = (bits: bigint): bigint => ((bits & 0x7f800000n) === 0x7f800000n && (bits & 0x7fffffn) !== 0n ? 0x7fc00000n : bits)
  const fix64 = (bits: bigint): bigint =>
    (bits & 0x7ff0000000000000n) === 0x7ff0000000000000n && (bits & 0xfffffffffffffn) !== 0n ? 0x7ff8000000000000n : bits
  if (shape === 1) return Number(BigInt.asIntN(32, fix32(BigInt.asUintN(32, BigInt(result as number)))))
  if (shape === 2) return BigInt.asIntN(64, fix64(BigInt.asUintN(64, result as bigint)))
  if (shape < 3) return result
  return (result as bigint[]).map((half) => {
    const bits = BigInt.asUintN(64, half)
    return BigInt.asIntN(64, shape === 4 ? fix64(bits) : fix32(bits & 0xffffffffn) | (fix32(bits >> 32n) << 32n))
  })
}

const plain = opcodes.filter(
  ({ immediate, operands, results, name }) =>
    ['none', 'lane', 'shuffle'].includes(immediate) && /^[iIfFV]+$/.test(operands) && /^[iIfFV]$/.test(results) && name !== 'else',
)

describe('an opcode does the same raw and instrumented', () => {
  test.each(plain.map((opcode) => [opcode.name, opcode] as const))('%s', (_name, opcode) => {
    const bytes = opcodeModule(opcode)
    const raw = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports['run'] as (...args: unknown[]) => unknown
    const guest = start(bytes)
    const instrumented = guest.exports['run'] as (...args: unknown[]) => unknown
    for (const args of argumentsOf(opcode)) {
      let expected: unknown
      let actual: unknown
      const trap = outcome(() => (expected = raw(...args)))
      expect(outcome(() => (actual = instrumented(...args)))).toBe(trap)
      if (trap === undefined) expect(actual, `${opcode.name}(${args.join(', ')})`).toEqual(canonical(opcode, expected))
    }
  })

  test('covers all opcodes that take and give values', () => {
    expect(plain.length).toBe(349)
  })
})
