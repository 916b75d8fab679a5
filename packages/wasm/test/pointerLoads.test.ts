import fc from 'fast-check'
import { expect, test } from 'vitest'
import { start } from './support/host.ts'
import { assemble } from './support/wat.ts'

/**
 * Objects as Motoko lays them out: addresses are one below the object, whose second word says where the object has been moved,
 * mostly nowhere. Loads through it cost what any load costs.
 */
const chunkBytes = 65_536
const chunks = 4
const read = 1_000_000

const bodies = {
  'the length of an array': '(i64.load offset=17 (i64.load offset=9 (local.get $a)))',
  'two fields of one object':
    '(i64.add (i64.load offset=17 (i64.load offset=9 (local.get $a))) (i64.load offset=25 (i64.load offset=9 (local.get $a))))',
  'fields of two objects by turns':
    '(i64.add (i64.load offset=17 (i64.load offset=9 (local.get $a))) (i64.load offset=17 (i64.load offset=9 (local.get $b)))) (i64.add (i64.load offset=33 (i64.load offset=9 (local.get $a))))',
  'a field far behind its object': '(i64.load offset=4097 (i64.load offset=9 (local.get $a)))',
  'a field of an object that a copy of the variable holds':
    '(local.set $c (local.get $a)) (drop (i64.load offset=9 (local.get $c))) (local.set $c (local.get $b)) (i64.load8_u offset=17 (i64.load offset=9 (local.get $c)))',
  'a field of what is left in a loop':
    '(local.set $c (local.get $a)) (loop $again (local.set $s (i64.add (local.get $s) (i64.load offset=17 (i64.load offset=9 (local.get $c))))) (if (i64.ne (local.get $c) (local.get $b)) (then (local.set $c (local.get $b)) (br $again)))) (local.get $s)',
  'a field after a branch that changes the variable':
    '(drop (i64.load offset=9 (local.get $a))) (local.set $c (local.get $a)) (if (i64.lt_u (local.get $a) (local.get $b)) (then (local.set $c (local.get $b)))) (i64.load offset=17 (i64.load offset=9 (local.get $c)))',
} as const

/** Near the borders of pages, where an object may reach into one that nothing has touched. */
const place = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: chunks - 1 }), fc.integer({ min: -40, max: 8 }))
    .map(([chunk, distance]) => chunk * chunkBytes + distance),
  fc
    .tuple(fc.integer({ min: 1, max: chunks * 16 - 1 }), fc.integer({ min: -40, max: 8 }))
    .map(([page, distance]) => page * 4096 + distance),
  fc.nat(chunks * chunkBytes - 5000),
)

/** What a program reads when it runs on plain bytes, as chunks; undefined when it reads beyond the end. */
function touched(name: keyof typeof bodies, memory: DataView, a: number, b: number): Set<number> | undefined {
  const seen = new Set<number>()
  const load = (address: number, size = 8): number => {
    if (address + size > memory.byteLength) throw new RangeError()
    seen.add(Math.floor(address / chunkBytes)).add(Math.floor((address + size - 1) / chunkBytes))
    return size === 8 ? Number(memory.getBigUint64(address, true)) : memory.getUint8(address)
  }
  const field = (object: number, offset: number, size?: number): number => load(load(object + 9) + offset, size)
  const run: Record<keyof typeof bodies, () => unknown> = {
    'the length of an array': () => field(a, 17),
    'two fields of one object': () => [field(a, 17), field(a, 25)],
    'fields of two objects by turns': () => [field(a, 17), field(b, 17), field(a, 33)],
    'a field far behind its object': () => field(a, 4097),
    'a field of an object that a copy of the variable holds': () => [load(a + 9), field(b, 17, 1)],
    'a field of what is left in a loop': () => [field(a, 17), a === b ? 0 : field(b, 17)],
    'a field after a branch that changes the variable': () => [load(a + 9), field(a < b ? b : a, 17)],
  }
  try {
    run[name]()
    return seen
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

test.each(Object.keys(bodies) as (keyof typeof bodies)[])('each 64 KiB page is charged once, when it is first read: %s', (name) => {
  const bytes = assemble(`(module (memory i64 ${chunks})
    (func (export "run") (param $a i64) (param $b i64) (result i64) (local $c i64) (local $s i64) ${bodies[name]}))`)
  const guest = start(bytes, { pageCharges: { kind: 'touch-64k', read, write: 0, chargeWrites: false } })
  const memory = new DataView(guest.memory?.buffer ?? new ArrayBuffer(0))
  const run = guest.exports['run'] as unknown as (a: bigint, b: bigint) => bigint
  const moved = fc.option(place)
  fc.assert(
    fc.property(place, place, moved, moved, (a, b, aMoved, bMoved) => {
      new Uint8Array(memory.buffer).fill(0)
      memory.setBigUint64(a + 9, BigInt(aMoved ?? a), true)
      memory.setBigUint64(b + 9, BigInt(bMoved ?? b), true)
      const expected = touched(name, memory, a, b)
      const failed = guest.message(() => run(BigInt(a), BigInt(b)))
      if (expected === undefined) expect(failed).toBe('memory access out of bounds')
      else {
        expect(failed).toBeUndefined()
        expect(Math.floor(guest.used() / read)).toBe(expected.size)
        expect(guest.controls.touched_chunks()).toBe(expected.size)
      }
      guest.controls.rollback()
    }),
    { numRuns: 400 },
  )
})
