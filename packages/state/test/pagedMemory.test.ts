/** Paged memory against a plain array of bytes. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PagedMemory, osPageBytes, wasmPageBytes } from '../src/index.ts'

/** The model: a byte array, with a copy to go back to. */
interface Model {
  bytes: Uint8Array
  saved: Uint8Array | undefined
}

type Command =
  | { readonly kind: 'grow'; readonly pages: number }
  | { readonly kind: 'write'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'begin' | 'commit' | 'rollback' }

// Offsets near the borders of 4 KiB pages find more than evenly spread ones.
const offset = fc.oneof(
  fc.nat({ max: 4 * wasmPageBytes }),
  fc.tuple(fc.nat({ max: 64 }), fc.integer({ min: -3, max: 3 })).map(([page, by]) => Math.max(0, page * osPageBytes + by)),
)
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.nat({ max: 3 * osPageBytes }).map((size) => new Uint8Array(size)),
  fc.constant(new Uint8Array(osPageBytes + 5).fill(7)),
)
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constant('grow' as const), pages: fc.nat({ max: 2 }) }),
  fc.record({ kind: fc.constant('write' as const), at: offset, bytes }),
  fc.record({ kind: fc.constantFrom('begin' as const, 'commit' as const, 'rollback' as const) }),
)

function apply(memory: PagedMemory, model: Model, next: Command): void {
  switch (next.kind) {
    case 'grow': {
      const grown = new Uint8Array(model.bytes.length + next.pages * wasmPageBytes)
      grown.set(model.bytes)
      model.bytes = grown
      return memory.grow(next.pages)
    }
    case 'write':
      if (next.at + next.bytes.length > model.bytes.length) return
      model.bytes = model.bytes.slice()
      model.bytes.set(next.bytes, next.at)
      return memory.write(next.at, next.bytes)
    case 'begin':
      if (model.saved !== undefined) return
      model.saved = model.bytes
      return memory.begin()
    case 'commit':
      if (model.saved === undefined) return
      model.saved = undefined
      return memory.commit()
    case 'rollback':
      if (model.saved === undefined) return
      model.bytes = model.saved
      model.saved = undefined
      return memory.rollback()
  }
}

function contents(memory: PagedMemory): Uint8Array {
  const all = new Uint8Array(memory.sizeBytes)
  memory.read(0, all)
  return all
}

test('behaves like an array of bytes under any commands', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
      const memory = new PagedMemory()
      const model: Model = { bytes: new Uint8Array(0), saved: undefined }
      apply(memory, model, { kind: 'grow', pages: 2 })
      for (const next of commands) apply(memory, model, next)
      expect(memory.sizeBytes).toBe(model.bytes.length)
      expect(Buffer.compare(contents(memory), model.bytes)).toBe(0)
    }),
    { numRuns: 200, seed: 3 },
  )
})

test('reads any part as the model does', () => {
  const memory = new PagedMemory()
  memory.grow(2)
  const model = new Uint8Array(memory.sizeBytes)
  for (let at = 0; at < model.length; at += 1000) {
    memory.write(at, Uint8Array.of(at & 255, 1))
    model.set([at & 255, 1], at)
  }
  fc.assert(
    fc.property(fc.nat({ max: model.length }), fc.nat({ max: 20_000 }), (from, size) => {
      const part = new Uint8Array(Math.min(size, model.length - from)).fill(9)
      memory.read(from, part)
      expect(part).toEqual(model.slice(from, from + part.length))
    }),
    { numRuns: 200, seed: 3 },
  )
})

describe('sharing', () => {
  test('a copy keeps its bytes when the original is written in a message', () => {
    const memory = new PagedMemory()
    memory.grow(1)
    memory.write(0, Uint8Array.of(1, 2, 3))
    const copy = new PagedMemory(memory)
    memory.begin()
    memory.write(0, Uint8Array.of(9))
    memory.commit()
    expect(contents(copy).slice(0, 3)).toEqual(Uint8Array.of(1, 2, 3))
    expect(contents(memory).slice(0, 3)).toEqual(Uint8Array.of(9, 2, 3))
  })

  test('the original keeps its bytes when a copy is written in a message', () => {
    const memory = new PagedMemory()
    memory.grow(1)
    memory.write(0, Uint8Array.of(1))
    const copy = new PagedMemory(memory)
    copy.begin()
    copy.write(0, Uint8Array.of(9))
    copy.commit()
    expect(contents(memory)[0]).toBe(1)
  })
})

describe('what is stored', () => {
  const stored = (memory: PagedMemory) => [...memory.pageEntries()].map(([index]) => index)

  test('nothing of a memory that was only grown', () => {
    const memory = new PagedMemory()
    memory.grow(8_000_000)
    expect(memory.sizeBytes).toBe(8_000_000 * wasmPageBytes)
    expect(stored(memory)).toEqual([])
  })

  test('only pages that were written', () => {
    const memory = new PagedMemory()
    memory.grow(10)
    memory.begin()
    memory.write(3 * osPageBytes - 1, Uint8Array.of(1, 1))
    memory.commit()
    expect(stored(memory)).toEqual([2, 3])
  })

  test('a page that became all zero is dropped', () => {
    const memory = new PagedMemory()
    memory.grow(1)
    memory.begin()
    memory.write(0, Uint8Array.of(1))
    memory.commit()
    memory.begin()
    memory.write(0, Uint8Array.of(0))
    memory.commit()
    expect(stored(memory)).toEqual([])
  })

  test('counts the pages that a message wrote, and those of a range that it did not', () => {
    const memory = new PagedMemory()
    memory.grow(1)
    memory.begin()
    memory.write(osPageBytes, new Uint8Array(2 * osPageBytes))
    expect(memory.dirtyPages).toBe(2)
    expect(memory.dirtyPageIndexes()).toEqual([1, 2])
    expect(memory.countClean(0, 4 * osPageBytes)).toBe(2)
    expect(memory.countClean(osPageBytes, 1)).toBe(0)
    expect(memory.countClean(0, 0)).toBe(0)
    memory.commit()
    expect(memory.dirtyPages).toBe(0)
  })
})
