/** Entries of a journal are there once they were added, whatever stops the writer and wherever. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FoundJournal, Journal, readJournal } from '../src/index.ts'
import { Crash, type Loss, MemoryFiles } from './support/memoryFiles.ts'

const folder = '/project/state'
const base = { tree: 'a'.repeat(64), about: { profile: '2026' } }
const texts = (found: FoundJournal | undefined) => found?.entries.map((entry) => Buffer.from(entry).toString())
const entry = (text: string) => new Uint8Array(Buffer.from(text))

test('gives back its base and its entries, in their order', () => {
  const files = new MemoryFiles()
  const journal = Journal.begin(folder, base, files)
  journal.add([entry('one'), entry('two')])
  journal.add([entry('three')])
  const found = readJournal(folder, files)
  expect(found).toMatchObject({ ...base, length: journal.length, tornBytes: 0 })
  expect(texts(found)).toEqual(['one', 'two', 'three'])
})

test('is not there in a folder without one, and of no use when its beginning is damaged', () => {
  const files = new MemoryFiles()
  expect(readJournal(folder, files)).toBeUndefined()
  Journal.begin(folder, base, files).add([entry('one')])
  files.damage(`${folder}/journal`, (bytes) => bytes.fill(0, 8, 12))
  expect(readJournal(folder, files)).toBeUndefined()
})

test('a byte that is damaged ends it there', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 6 }), fc.nat(), (list, place) => {
      const files = new MemoryFiles()
      const journal = Journal.begin(folder, base, files)
      const start = journal.length
      journal.add(list.map(entry))
      const at = start + (place % (journal.length - start))
      files.damage(`${folder}/journal`, (bytes) => Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 0x40 : byte)))
      const found = texts(readJournal(folder, files)) ?? []
      expect(found.length).toBeLessThan(list.length)
      expect(found).toEqual(list.slice(0, found.length).map((text) => Buffer.from(text).toString()))
    }),
    { numRuns: 200 },
  )
})

describe.each<Loss>(['everything kept', 'names kept, content cut'])('a crash with %s', (loss) => {
  test('leaves what was brought to the disk, at every step, and the next writer goes on from there', () => {
    for (let step = 0; ; step++) {
      const files = new MemoryFiles()
      const journal = Journal.begin(folder, base, files)
      journal.add([entry('safe')])
      journal.sync()
      files.crashAt(step)
      let ended = false
      try {
        journal.add([entry('second'), entry('third')])
        journal.sync()
        journal.restart({ ...base, tree: 'b'.repeat(64) })
        ended = true
      } catch (error) {
        expect(error).toBeInstanceOf(Crash)
      }
      const disk = files.afterCrash(loss)
      const found = readJournal(folder, disk)
      if (found === undefined) throw new Error(`nothing is left after step ${step}`)
      if (found.tree === base.tree && loss === 'everything kept') expect(texts(found)?.[0]).toBe('safe')
      const next = Journal.goOn(folder, found, disk)
      next.add([entry('next')])
      expect(texts(readJournal(folder, disk))).toEqual([...(texts(found) ?? []), 'next'])
      if (ended) return expect(texts(found)).toEqual([])
    }
  })
})

test('entries that were cut off are gone', () => {
  const files = new MemoryFiles()
  const journal = Journal.begin(folder, base, files)
  journal.add([entry('stays')])
  const { length } = journal
  journal.add([entry('goes')])
  journal.cut(length)
  journal.add([entry('comes')])
  expect(texts(readJournal(folder, files))).toEqual(['stays', 'comes'])
})
