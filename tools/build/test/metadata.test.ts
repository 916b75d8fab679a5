import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendCustomSection, readCustomSections, withPublicMetadata } from '../src/index.ts'
import { decodeLeb128, encodeLeb128 } from '../src/wasm/leb128.ts'

const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
const section = fc.record({ name: fc.string(), contents: fc.uint8Array({ maxLength: 300 }) })

test('numbers survive LEB128', () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), (value) => {
      expect(decodeLeb128(encodeLeb128(value), 0).value).toBe(value)
    }),
  )
})

describe('custom sections', () => {
  test('read back what was appended, in order, and V8 sees the same', () => {
    fc.assert(
      fc.property(fc.array(section, { maxLength: 5 }), (sections) => {
        const module = sections.reduce<Uint8Array<ArrayBuffer>>((bytes, next) => appendCustomSection(bytes, next), empty)
        expect(readCustomSections(module)).toEqual(sections)
        for (const { name, contents } of sections) {
          const seen = WebAssembly.Module.customSections(new WebAssembly.Module(module), name).map((bytes) => new Uint8Array(bytes))
          expect(seen).toContainEqual(contents)
        }
      }),
    )
  })

  test.each([
    ['no module', Uint8Array.of(1, 2, 3)],
    ['a section cut short', Uint8Array.of(...empty, 0, 9, 1)],
    ['a size cut short', Uint8Array.of(...empty, 0, 0x80)],
    ['a size of more than 32 bits', Uint8Array.of(...empty, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 1)],
  ])('%s is refused', (_, bytes) => {
    expect(() => readCustomSections(bytes)).toThrow(RangeError)
  })
})

describe('public metadata', () => {
  const did = 'service : {}'

  test('is added once', () => {
    const once = withPublicMetadata(empty, 'candid:service', did)
    expect(readCustomSections(once).map(({ name }) => name)).toEqual(['icp:public candid:service'])
    expect(withPublicMetadata(once, 'candid:service', 'service : { other : () -> () }')).toBe(once)
  })

  test('leaves a module alone that has it as private', () => {
    const module = appendCustomSection(empty, { name: 'icp:private candid:service', contents: new Uint8Array() })
    expect(withPublicMetadata(module, 'candid:service', did)).toBe(module)
  })

  test('is not confused by a section whose name ends the same', () => {
    const module = appendCustomSection(empty, { name: 'note candid:service', contents: new Uint8Array() })
    expect(readCustomSections(withPublicMetadata(module, 'candid:service', did))).toHaveLength(2)
  })
})
