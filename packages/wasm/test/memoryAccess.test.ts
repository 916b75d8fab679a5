import { describe, expect, test } from 'vitest'
import type { PageCharges } from '../src/index.ts'
import { accessSize, isMemoryAccess, opcodes, type Opcode } from '../src/opcodes/opcodeTable.ts'
import { opcodeModule } from './support/opcodeModule.ts'
import { outcome, start } from './support/host.ts'

const pageBytes = 4096
const memoryBytes = 2 * 65_536
const generations: readonly PageCharges[] = ['dirty-4k-after', { kind: 'touch-64k', read: 80_000, write: 80_000, chargeWrites: true }]
const accesses = opcodes.filter(isMemoryAccess)

/** Effective addresses around everything that can go wrong: alignment, page borders, 64 KiB borders, the end, far beyond. */
function addresses(size: number, wide: boolean): number[] {
  const borders = [0, pageBytes, 65_536, memoryBytes].flatMap((border) => [-size, -size + 1, -1, 0, 1].map((delta) => border + delta))
  const far = [2 ** 31, 2 ** 32 - 1, 2 ** 32 - pageBytes, ...(wide ? [2 ** 33, 2 ** 34, 2 ** 45 + 8, 2 ** 52] : [])]
  return [...borders, ...far].filter((address) => address >= 0)
}

/** What is written: distinct bytes in every lane. */
function values(opcode: Opcode): unknown[] {
  const letter = opcode.operands[1]
  const wideBits = 0x123456789abcdef0n
  if (letter === undefined) return []
  if (letter === 'V') return [wideBits, 0x0fedcba987654321n]
  return letter === 'i' || letter === 'f' ? [0x12345678] : [wideBits]
}

function pattern(memory: WebAssembly.Memory): Uint8Array {
  const bytes = new Uint8Array(memory.buffer)
  for (let index = 0; index < bytes.length; index++) bytes[index] = (index * 31 + (index >> 8)) & 0xff
  return bytes
}

function fingerprint(bytes: Uint8Array): string {
  let hash = 0
  for (const byte of bytes) hash = (Math.imul(hash, 31) + byte) | 0
  return String(hash)
}

describe.each(['i32', 'i64'] as const)('with an %s memory', (memory) => {
  describe.each([0, 1, 8, 4095, 65_536, 0xffff_fff0])('and offset %i', (offset) => {
    test.each(accesses.map((opcode) => [opcode.name, opcode] as const))('%s', (_name, opcode) => {
      const bytes = opcodeModule(opcode, { memory, offset })
      const rawInstance = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports
      const raw = rawInstance['run'] as (...args: unknown[]) => unknown
      const rawBytes = pattern(rawInstance['memory'] as WebAssembly.Memory)
      const guests = generations.map((pageCharges) => start(bytes, { pageCharges }))
      const guestBytes = guests.map((guest) => pattern(guest.memory as WebAssembly.Memory))
      for (const effective of addresses(accessSize(opcode), memory === 'i64')) {
        const base = effective - offset
        if (base < 0 || (memory === 'i32' && base > 0xffff_ffff)) continue
        const args = [memory === 'i64' ? BigInt(base) : base, ...values(opcode)]
        let expected: unknown
        const trap = outcome(() => (expected = raw(...args)))
        guests.forEach((guest, index) => {
          let actual: unknown
          const run = guest.exports['run'] as (...args: unknown[]) => unknown
          guest.controls.begin()
          expect(outcome(() => (actual = run(...args)))).toBe(trap)
          if (trap === undefined) expect(actual).toEqual(expected)
          const own = guestBytes[index] ?? new Uint8Array()
          const around = Math.max(0, Math.min(effective, memoryBytes) - 64)
          expect(own.subarray(around, around + 128)).toEqual(rawBytes.subarray(around, around + 128))
        })
      }
      for (const own of guestBytes) expect(fingerprint(own)).toBe(fingerprint(rawBytes))
    })
  })
})

test('an address beyond 64 bits traps, whatever small address it wraps to', () => {
  const store = opcodes.find(({ name }) => name === 'i64.store') as Opcode
  const guest = start(opcodeModule(store, { memory: 'i64', offset: 16 }))
  const run = guest.exports['run'] as unknown as (address: bigint, value: bigint) => void
  run(0n, 1n)
  expect(outcome(() => run(-8n, 1n))).toBe('memory access out of bounds')
})
