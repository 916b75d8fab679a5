/** What a folder keeps, and what it says when something is wrong with it. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PersistentMap, PortableObject, type PortableValue } from '@tidemark/state'
import { Principal } from '@tidemark/types'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { CorruptStateError, FolderInUseError, ForeignFolderError, type KeptState, StateFolder } from '../src/index.ts'
import { MemoryFiles } from './support/memoryFiles.ts'

const folder = '/project/state'

function page(seed: number): Uint8Array {
  return new Uint8Array(4096).fill(seed)
}

describe('a state', () => {
  const { value } = fc.letrec<{ value: PortableValue }>((tie) => {
    const name = fc.string({ maxLength: 5 }).filter((text) => text !== '__proto__')
    const principal = fc.uint8Array({ maxLength: 29 }).map((bytes) => Principal.fromBytes(bytes))
    const plain = [fc.constant(undefined), fc.constant(null), fc.boolean(), fc.double(), fc.bigInt(), fc.string(), principal]
    return {
      value: fc.oneof(
        { depthSize: 'small' },
        ...plain,
        fc.uint8Array({ maxLength: 2000 }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
        fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 3 }).map((pairs) => new Map(pairs)),
        fc.array(fc.bigInt(), { maxLength: 3 }).map((members) => new Set(members)),
        fc.tuple(name, tie('value')).map(([className, content]) => new PortableObject(className, content)),
      ),
    }
  })

  test('comes back as it was, whatever it is made of', () => {
    fc.assert(
      fc.property(value, (state) => {
        const open = StateFolder.open(folder, new MemoryFiles())
        open.save({ about: null, state })
        const found = open.load()
        open.close()
        expect(found).toEqual({ about: null, state })
      }),
    )
  })

  test('with many pages comes back page by page', () => {
    const open = StateFolder.open(folder, new MemoryFiles())
    const pages = PersistentMap.of(Array.from({ length: 100 }, (_, n): [number, Uint8Array] => [n * 7, page(n)]))
    open.save({ about: 'pages', state: { pages } })
    const { pages: found } = (open.load() as KeptState).state as { pages: typeof pages }
    open.close()
    expect(found.size).toBe(100)
    for (const [index, bytes] of pages.entries()) expect(found.get(index)).toEqual(bytes)
  })

  test('costs what changed, and equal parts are kept once', () => {
    const open = StateFolder.open(folder, new MemoryFiles())
    const pages = Array.from({ length: 64 }, (_, n) => page(n))
    const first = open.save({ about: null, state: { pages, twice: pages } })
    expect(first.blobBytes).toBe(64 * 4096)
    const second = open.save({ about: null, state: { pages: [...pages.slice(1), page(200)] } })
    expect(second.bytesWritten).toBeLessThan(3 * 4096)
    expect(open.save({ about: null, state: { pages } }).bytesWritten).toBeLessThan(3 * 4096)
    open.close()
  })
})

describe('a damaged folder', () => {
  function withState(): MemoryFiles {
    const files = new MemoryFiles()
    const open = StateFolder.open(folder, files)
    open.save({ about: null, state: { pages: [page(1), page(2)] } })
    open.close()
    return files
  }

  const damages: [title: string, change: (bytes: Uint8Array) => Uint8Array | undefined][] = [
    ['is missing', () => undefined],
    ['is empty', () => new Uint8Array(0)],
    ['ends early', (bytes) => bytes.slice(0, bytes.length - 1)],
    ['has another byte in its middle', (bytes) => bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte))],
    ['has another byte at its begin', (bytes) => bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte))],
  ]

  test.each(['packs', 'trees'].flatMap((part) => damages.map(([title, change]) => [part, title, change] as const)))(
    'says so: a file of %s %s',
    (part, _, change) => {
      const files = withState()
      const path = files.paths().find((each) => each.startsWith(`${folder}/${part}/`)) ?? ''
      files.damage(path, change)
      const open = StateFolder.open(folder, files)
      expect(() => open.load()).toThrow(CorruptStateError)
      expect(() => open.load()).toThrow(path)
      open.close()
    },
  )

  test.each<[title: string, text: string, error: typeof CorruptStateError | typeof ForeignFolderError]>([
    ['no JSON', '{"format":', CorruptStateError],
    ['another program', '{"name":"a package"}', ForeignFolderError],
    ['a newer version', '{"format":"tidemark state","version":2,"tree":"00"}', ForeignFolderError],
    ['no tree', '{"format":"tidemark state","version":1}', CorruptStateError],
    ['a tree that is not there', '{"format":"tidemark state","version":1,"tree":"00"}', CorruptStateError],
  ])('says so: its head is of %s', (_, text, error) => {
    const files = withState()
    files.damage(`${folder}/state.json`, () => Buffer.from(text))
    expect(() => StateFolder.open(folder, files).load()).toThrow(error)
  })
})

describe('on a real disk', () => {
  const path = mkdtempSync(join(tmpdir(), 'tidemark-storage-'))
  afterEach(() => rmSync(path, { recursive: true, force: true }))

  test('a state outlives the one who saved it, and one has the folder at a time', () => {
    const open = StateFolder.open(path)
    expect(open.isEmpty).toBe(true)
    open.save({ about: { name: 'mine' }, state: { page: page(9) } })
    expect(() => StateFolder.open(path)).toThrow(FolderInUseError)
    open.close()
    const again = StateFolder.open(path)
    expect(again.isEmpty).toBe(false)
    expect(again.load()).toEqual({ about: { name: 'mine' }, state: { page: page(9) } })
    again.close()
    expect(readdirSync(path).sort()).toEqual(['packs', 'state.json', 'trees'])
  })

  test('a claim of a process that is gone counts for nothing', () => {
    StateFolder.open(path).close()
    writeFileSync(join(path, 'in-use'), '2147483646\n')
    StateFolder.open(path).close()
  })

  test('a folder with other files is left alone', () => {
    StateFolder.open(path).close()
    writeFileSync(join(path, 'thesis.txt'), 'years of work')
    expect(() => StateFolder.open(path)).toThrow(ForeignFolderError)
    expect(readdirSync(path)).toEqual(['thesis.txt'])
  })
})
