/** The persistent map and the tracked one against plain maps. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PersistentMap, TrackedMap } from '../src/index.ts'

// Strings with one FNV-1a hash: only such keys meet in one place of the trie.
const colliding = ['costarring', 'liquid', 'declinate', 'macallums']
const key = fc.oneof(fc.constantFrom(...colliding), fc.string({ maxLength: 2 }), fc.nat({ max: 40 }), fc.constantFrom(2 ** 31, 2 ** 32 - 1))
const changes = fc.array(fc.tuple(key, fc.option(fc.nat({ max: 3 }), { nil: undefined })), { maxLength: 60 })

type Key = string | number
type Change = readonly [Key, number | undefined]

function changed(map: PersistentMap<Key, number>, list: readonly Change[]): PersistentMap<Key, number> {
  return list.reduce((before, [name, value]) => (value === undefined ? before.delete(name) : before.set(name, value)), map)
}

function change(map: Map<Key, number>, list: readonly Change[]): Map<Key, number> {
  for (const [name, value] of list) {
    if (value === undefined) map.delete(name)
    else map.set(name, value)
  }
  return map
}

describe('a persistent map', () => {
  test('holds what a map holds, and so does every version of it', () => {
    fc.assert(
      fc.property(changes, changes, (first, second) => {
        const model = change(new Map(), first)
        const before = changed(PersistentMap.of(), first)
        const after = changed(before, second)
        expect(new Map(before.entries())).toEqual(model)
        expect(before.size).toBe(model.size)
        const later = change(new Map(model), second)
        expect(new Map(after.entries())).toEqual(later)
        expect(after.size).toBe(later.size)
        for (const [name] of [...first, ...second]) expect(after.get(name)).toBe(later.get(name))
      }),
    )
  })

  test('tells exactly the keys by which two versions differ', () => {
    fc.assert(
      fc.property(changes, changes, changes, (common, left, right) => {
        const base = changed(PersistentMap.of(), common)
        const [a, b] = [changed(base, left), changed(base, right)]
        const expected = new Set([...a.entries(), ...b.entries()].map(([name]) => name).filter((name) => a.get(name) !== b.get(name)))
        const told = a.differences(b)
        expect(new Set(told)).toEqual(expected)
        expect(told).toHaveLength(expected.size)
      }),
    )
  })
})

test('a tracked map goes to any version, in any order', () => {
  fc.assert(
    fc.property(fc.array(changes, { maxLength: 5 }), fc.array(fc.nat({ max: 4 }), { maxLength: 8 }), (parts, visits) => {
      const map = new TrackedMap<number>()
      const apply = (list: readonly Change[]) => {
        for (const [name, value] of list) {
          if (value === undefined) map.delete(String(name))
          else map.set(String(name), value)
        }
      }
      const kept = parts.map((part) => {
        apply(part)
        return map.keep()
      })
      for (const visit of visits) {
        const version = kept[visit % Math.max(1, kept.length)]
        if (version === undefined) return
        const before = new Map(map.keep().entries())
        const keys = map.restore(version)
        expect(new Map(map.keep().entries())).toEqual(new Map(version.entries()))
        for (const [name, value] of version.entries()) expect(before.get(name) === value || keys.has(name)).toBe(true)
        apply(parts[visit % parts.length] ?? [])
      }
    }),
  )
})
