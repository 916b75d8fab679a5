import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loggedPages } from '../src/index.ts'
import { memories, start } from './support/host.ts'
import { assemble } from './support/wat.ts'

const pageBytes = 4096
const chunkBytes = 65_536
const initialChunks = 1
const maximumChunks = 4

type Write =
  | { readonly kind: 'store8' | 'store16' | 'store32' | 'store64' | 'store128'; readonly address: number; readonly value: number }
  | { readonly kind: 'fill'; readonly address: number; readonly value: number; readonly length: number }
  | { readonly kind: 'copy'; readonly address: number; readonly from: number; readonly length: number }
  | { readonly kind: 'grow'; readonly chunks: number }

interface Message {
  readonly writes: readonly Write[]
  readonly end: 'commit' | 'rollback'
}

const sizes = { store8: 1, store16: 2, store32: 4, store64: 8, store128: 16 } as const

/** A few pages around the end of the memory as it begins, and mostly near the borders of what is put aside as one. */
const address = fc.oneof(
  { weight: 1, arbitrary: fc.nat(maximumChunks * chunkBytes) },
  { weight: 4, arbitrary: fc.integer({ min: chunkBytes - 3 * pageBytes, max: chunkBytes + 3 * pageBytes }) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.integer({ min: 52, max: 76 }), fc.integer({ min: -17, max: 17 }))
      .map(([unit, distance]) => unit * 1024 + distance),
  },
)
const length = fc.oneof(fc.nat(40), fc.nat(3000), fc.nat(9000))
const value = fc.integer({ min: 1, max: 255 })
const write: fc.Arbitrary<Write> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom('store8', 'store16', 'store32', 'store64', 'store128'), address, value }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fill' as const), address, value: fc.nat(255), length }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('copy' as const), address, from: address, length }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('grow' as const), chunks: fc.nat(2) }) },
)
const messages: fc.Arbitrary<Message[]> = fc.array(
  fc.record({ writes: fc.array(write, { maxLength: 8 }), end: fc.constantFrom('commit', 'rollback') }),
  { minLength: 1, maxLength: 8 },
)

function module(type: 'i32' | 'i64'): Uint8Array {
  const stores = [
    ['store8', `i32.store8 (local.get 0) (local.get 1)`],
    ['store16', `i32.store16 (local.get 0) (i32.mul (local.get 1) (i32.const 0x101))`],
    ['store32', `i32.store (local.get 0) (i32.mul (local.get 1) (i32.const 0x1010101))`],
    ['store64', `i64.store (local.get 0) (i64.mul (i64.extend_i32_u (local.get 1)) (i64.const 0x101010101010101))`],
    ['store128', `v128.store (local.get 0) (i8x16.splat (local.get 1))`],
  ]
  return assemble(`(module (memory ${type} ${initialChunks} ${maximumChunks})
    ${stores.map(([name, body]) => `(func (export "${name}") (param ${type} i32) (${body}))`).join('\n')}
    (func (export "fill") (param ${type} i32 ${type}) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
    (func (export "copy") (param ${type} ${type} ${type}) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
    (func (export "grow") (param ${type}) (drop (memory.grow (local.get 0)))))`)
}

/** What a message does to plain bytes: the bytes after it, and the pages it wrote. Undefined when it traps. */
function expected(bytes: Uint8Array, writes: readonly Write[]): { readonly after: Uint8Array; readonly written: Set<number> } | undefined {
  let after = bytes.slice()
  const written = new Set<number>()
  for (const one of writes) {
    if (one.kind === 'grow') {
      const grown = after.length + one.chunks * chunkBytes
      if (grown <= maximumChunks * chunkBytes) after = Uint8Array.from({ length: grown }, (_, at) => after[at] ?? 0)
      continue
    }
    const count = 'length' in one ? one.length : sizes[one.kind]
    if (one.address + count > after.length || (one.kind === 'copy' && one.from + count > after.length)) return undefined
    if (one.kind === 'copy') after.copyWithin(one.address, one.from, one.from + count)
    else after.fill(one.value, one.address, one.address + count)
    if (count === 0) continue
    for (let page = Math.floor(one.address / pageBytes); page * pageBytes < one.address + count; page++) written.add(page)
  }
  return { after, written }
}

test.each(['i32', 'i64'] as const)('messages that write here and there are kept or undone, in a memory of %s', (type) => {
  const bytes = module(type)
  const wide = (number: number): number | bigint => (type === 'i64' ? BigInt(number) : number)
  fc.assert(
    fc.property(messages, fc.boolean(), (all, grown) => {
      const guest = start(bytes)
      const { controls } = guest
      const call = (name: string, ...args: (number | bigint)[]): unknown =>
        (guest.exports[name] as unknown as (...args: unknown[]) => unknown)(...args)
      const run = (one: Write): void => {
        if (one.kind === 'grow') call('grow', wide(one.chunks))
        else if (one.kind === 'fill') call('fill', wide(one.address), one.value, wide(one.length))
        else if (one.kind === 'copy') call('copy', wide(one.address), wide(one.from), wide(one.length))
        else call(one.kind, wide(one.address), one.value)
      }
      const memory = (): Uint8Array => new Uint8Array(guest.memory?.buffer ?? new ArrayBuffer(0))
      let present: Uint8Array = new Uint8Array(initialChunks * chunkBytes)
      if (grown) {
        present = new Uint8Array(2 * chunkBytes)
        guest.message(() => run({ kind: 'grow', chunks: 1 }))
        controls.commit()
      }
      for (const { writes, end } of all) {
        const outcome = expected(present, writes)
        expect(guest.message(() => writes.forEach(run))).toBe(outcome === undefined ? 'memory access out of bounds' : undefined)
        if (outcome !== undefined && guest.memory !== undefined) {
          const { after, written } = outcome
          expect(new Set(Array.from({ length: controls.dirty_pages() }, (_, n) => controls.dirty_page(n)))).toEqual(written)
          const differs = (page: number): boolean => Buffer.compare(pageOf(after, page), pageOf(present, page)) !== 0
          expect(controls.changed_pages()).toBe([...written].filter(differs).length)
          for (const { index, before } of loggedPages(memories, guest.memory))
            expect(Buffer.compare(before(), pageOf(present, index))).toBe(0)
          expect(Buffer.compare(memory().subarray(0, after.length), after)).toBe(0)
        }
        if (outcome === undefined || end === 'rollback') controls.rollback()
        else {
          controls.commit()
          present = outcome.after
        }
        expect(controls.pages() * chunkBytes).toBe(present.length)
        // What stands beyond the logical size is zero, or a memory that grows again would show it.
        expect(Buffer.compare(memory(), Buffer.concat([present], memory().length))).toBe(0)
      }
    }),
    { numRuns: 300 },
  )
})

function pageOf(bytes: Uint8Array, page: number): Buffer {
  return Buffer.concat([bytes.subarray(page * pageBytes, (page + 1) * pageBytes)], pageBytes)
}

test('what a host has filled in before the first message is put back', () => {
  const bytes = assemble('(module (memory 1) (func (export "run") (i32.store (i32.const 5000) (i32.const 1))))')
  const guest = start(bytes)
  const memory = new Uint8Array(guest.memory?.buffer ?? new ArrayBuffer(0))
  memory.fill(7)
  expect(guest.message(() => guest.exports['run']?.())).toBeUndefined()
  guest.controls.rollback()
  expect(memory.every((byte) => byte === 7)).toBe(true)
})

test('a host that makes a memory larger and fills it says so by setting its pages', () => {
  const bytes = assemble('(module (memory 1) (func (export "run") (i32.store (i32.const 70000) (i32.const 1))))')
  const guest = start(bytes)
  guest.memory?.grow(1)
  const memory = new Uint8Array(guest.memory?.buffer ?? new ArrayBuffer(0))
  memory.fill(7)
  guest.controls.set_pages(2)
  expect(guest.message(() => guest.exports['run']?.())).toBeUndefined()
  guest.controls.rollback()
  expect(memory.every((byte) => byte === 7)).toBe(true)
})
