import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { prepareModule } from '../../src/deploy/module.ts'
import { customSectionNames, withCustomSection } from '../../src/deploy/wasmSections.ts'

const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('sections that are added can be read again, also by the engine', () => {
  const long = new Uint8Array(300).fill(7)
  const module = withCustomSection(withCustomSection(empty, 'icp:public a', long), 'icp:private b', new Uint8Array())
  expect(customSectionNames(module)).toEqual(['icp:public a', 'icp:private b'])
  expect(
    new Uint8Array(
      WebAssembly.Module.customSections(new WebAssembly.Module(new Uint8Array(module)), 'icp:public a')[0] ?? new ArrayBuffer(),
    ),
  ).toEqual(long)
})

describe('a module before it is installed', () => {
  test('gets the interface that it does not carry', () => {
    const { bytes, hash: told } = prepareModule(empty, { did: 'service : {}' })
    expect(customSectionNames(bytes)).toEqual(['icp:public candid:service'])
    expect(told).toBe(hash(bytes))
  })

  test('keeps the one that it carries', () => {
    const carrying = withCustomSection(empty, 'icp:private candid:service', Uint8Array.of(1))
    expect(prepareModule(carrying, { did: 'service : {}' }).bytes).toEqual(carrying)
  })

  test('is compressed on demand, and an unchanged compressed one stays as it is', () => {
    expect(new Uint8Array(gunzipSync(prepareModule(empty, { gzip: true }).bytes))).toEqual(empty)
    const packed = new Uint8Array(gzipSync(empty))
    expect(prepareModule(packed).bytes).toBe(packed)
  })

  test('keeps its memory on upgrade when its compiler says so', () => {
    const motoko = withCustomSection(empty, 'icp:private enhanced-orthogonal-persistence', new Uint8Array())
    expect([prepareModule(empty).keepsMemory, prepareModule(motoko).keepsMemory]).toEqual([false, true])
  })

  test.each([
    ['no module', new TextEncoder().encode('hello'), 'The file is no Wasm module.'],
    ['a section cut short', Uint8Array.from([...empty, 0, 9, 1]), 'The Wasm module is damaged.'],
    ['a length without an end', Uint8Array.from([...empty, 1, 0x80, 0x80, 0x80, 0x80, 0x80]), 'The Wasm module is damaged.'],
    ['a broken archive', Uint8Array.of(0x1f, 0x8b, 8, 0), 'cannot be unpacked'],
  ])('%s', (_, bytes, message) => expect(() => prepareModule(bytes)).toThrow(message))
})
