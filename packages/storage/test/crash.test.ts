/** Whatever stops a save, and wherever: the folder holds the state before or the one after. */
import { describe, expect, test } from 'vitest'
import { type KeptState, StateFolder } from '../src/index.ts'
import { Crash, type Loss, MemoryFiles } from './support/memoryFiles.ts'

const folder = '/project/state'
const losses: Loss[] = ['everything kept', 'names kept, content cut', 'nothing kept']

function page(seed: number): Uint8Array {
  return Uint8Array.from({ length: 4096 }, (_, at) => (at * seed) & 0xff)
}

/** Most pages of the second are new, so that it leaves a pack behind. */
const before: KeptState = { about: { round: 1 }, state: { pages: [page(1), page(2), page(3), page(4)] } }
const after: KeptState = { about: { round: 2 }, state: { pages: [page(1), page(5), page(6), page(7)], more: 'text' } }

function saved(files: MemoryFiles, ...states: readonly KeptState[]): void {
  const open = StateFolder.open(folder, files)
  try {
    open.load()
    for (const state of states) open.save(state)
  } finally {
    open.close()
  }
}

function loaded(files: MemoryFiles): KeptState | undefined {
  const open = StateFolder.open(folder, files)
  const kept = open.load()
  open.close()
  return kept
}

/** Steps of the second save, with opening and closing. */
function stepsOf(first: KeptState | undefined): number {
  const files = new MemoryFiles()
  if (first !== undefined) saved(files, first)
  const begun = files.steps
  saved(files, after)
  return files.steps - begun
}

describe.each([
  ['the first save', undefined],
  ['a later save', before],
])('a crash in %s', (_, first) => {
  test.each(losses)('leaves the old state or the new one at every step, with %s', (loss) => {
    const steps = stepsOf(first)
    const outcomes: unknown[] = []
    for (let step = 0; step < steps; step++) {
      const files = new MemoryFiles()
      if (first !== undefined) saved(files, first)
      files.crashAt(step)
      expect(() => saved(files, after)).toThrow(Crash)

      const disk = files.afterCrash(loss)
      const found = loaded(disk)
      expect([first, after]).toContainEqual(found)
      outcomes.push(found)

      // Goes on as if nothing had been, and leaves nothing behind.
      saved(disk, after)
      expect(loaded(disk)).toEqual(after)
      expect(disk.paths()).toHaveLength(3)
    }
    expect(outcomes).toContainEqual(first)
    expect(outcomes).toContainEqual(after)
  })
})

test('a full disk leaves the state before, and the same open folder can save once there is room', () => {
  const files = new MemoryFiles()
  const open = StateFolder.open(folder, files)
  open.save(before)
  const begun = files.steps
  open.save(after)
  const steps = files.steps - begun
  open.save(before)
  for (let step = 0; step < steps - 3; step++) {
    files.crashAt(step)
    expect(() => open.save(after)).toThrow(Crash)
    files.crashAt(Infinity)
    expect([before, after]).toContainEqual(open.load())
    open.save(before)
    expect(open.load()).toEqual(before)
  }
})
