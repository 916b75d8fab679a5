import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instrument, readModule, WasmError } from '../src/index.ts'
import { CodeWriter } from '../src/binary/codeWriter.ts'
import { start } from './support/host.ts'
import { assemble } from './support/wat.ts'

const seeds = [
  `(module (type $t (func (param i32) (result i32))) (import "m" "f" (func $f (type $t))) (memory 1 4) (table 4 funcref)
    (global $g (mut i64) (i64.const 3)) (elem (i32.const 0) $f $h) (elem $p func $h) (data (i32.const 8) "hello") (data $d "passive")
    (func $h (export "h") (type $t) (local f64 v128) (block (result i32) (loop (br_if 0 (i32.const 0)))
      (if (result i32) (local.get 0) (then (call $f (i32.const 1))) (else (call_indirect (type $t) (i32.const 2) (i32.const 0))))))
    (func (export "run") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 7)) (table.init $p (i32.const 0) (i32.const 0) (i32.const 1))
      (i64.store offset=3 (i32.const 9) (global.get $g)) (drop (f64.add (f64.const 1) (f64.const 2))) (br_table 0 0 0 (i32.const 1)))
    (start 2))`,
  `(module (memory i64 1) (func (export "run") (param i64) (result v128) (v128.load offset=9 (local.get 0)) (v128.not)))`,
].map(assemble)

/** Runs the module through both entries: it must come out right or as a clean error, never as anything else. */
function survive(bytes: Uint8Array): 'taken' | 'refused' {
  let refused = false
  for (const read of [readModule, instrument]) {
    try {
      const output = read(bytes)
      if ('bytes' in output) expect(WebAssembly.validate(output.bytes)).toBe(true)
    } catch (error) {
      if (!(error instanceof WasmError)) throw error
      refused = true
    }
  }
  return refused ? 'refused' : 'taken'
}

describe('malformed modules are refused cleanly', () => {
  test.each(seeds.map((bytes, index) => [index, bytes] as const))('every cut of module %i', (_index, bytes) => {
    for (let length = 0; length < bytes.length; length++) survive(bytes.subarray(0, length))
  })

  test.each(seeds.map((bytes, index) => [index, bytes] as const))('every byte of module %i replaced', (_index, bytes) => {
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0x00, 0x01, 0x0b, 0x7f, 0x80, 0xff, (bytes[at] ?? 0) ^ 0x40]) {
        const changed = bytes.slice()
        changed[at] = value
        survive(changed)
      }
    }
  })

  test('random changes, insertions and repetitions', () => {
    const change = fc.record({ at: fc.nat(), value: fc.nat(255), length: fc.nat(12), kind: fc.nat(2) })
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 6 }), (seed, changes) => {
        let bytes = [...seed]
        for (const { at, value, length, kind } of changes) {
          const position = at % bytes.length
          if (kind === 0) bytes[position] = value
          else if (kind === 1) bytes.splice(position, length)
          else bytes = [...bytes.slice(0, position), ...bytes.slice(Math.max(0, position - length), position), ...bytes.slice(position)]
          if (bytes.length === 0) bytes = [0]
        }
        survive(Uint8Array.from(bytes))
      }),
      { numRuns: 3_000, seed: 7 },
    )
  })

  test.each([
    ['no module', '', 'unexpected end'],
    ['another magic', '00 61 73 6e 01 00 00 00', 'magic header not detected'],
    ['another version', '00 61 73 6d 02 00 00 00', 'unknown binary version'],
    ['a section that claims more than there is', '00 61 73 6d 01 00 00 00 01 ff ff ff ff 0f', 'length out of bounds'],
    ['a count that claims more than there is', '00 61 73 6d 01 00 00 00 03 05 ff ff ff ff 0f', 'length out of bounds'],
    ['an overlong number', '00 61 73 6d 01 00 00 00 01 80 80 80 80 80 00', 'integer too large'],
    ['sections out of order', '00 61 73 6d 01 00 00 00 03 01 00 01 01 00', 'section out of order'],
    ['a tag section', '00 61 73 6d 01 00 00 00 0d 01 00', 'exceptions proposal not enabled (at offset 0xa)'],
    ['an unknown section', '00 61 73 6d 01 00 00 00 0e 01 00', 'malformed section id: 14 (at offset 0xa)'],
    ['a component', '00 61 73 6d 0d 00 01 00', 'the WebAssembly component model feature is not enabled'],
    ['a reference by index', '00 61 73 6d 01 00 00 00 01 06 01 60 01 64 00 00', 'function references required for index reference types'],
    ['a garbage-collected reference', '00 61 73 6d 01 00 00 00 01 05 01 60 01 6e 00', 'heap types not supported without the gc feature'],
    ['a structure', '00 61 73 6d 01 00 00 00 01 03 01 5f 00', 'struct indexed types not supported without the gc feature (at offset 0xb)'],
    ['a type that is none', '00 61 73 6d 01 00 00 00 01 05 01 60 01 67 00', 'invalid value type (at offset 0xd)'],
    ['two memories', '00 61 73 6d 01 00 00 00 05 05 02 00 01 00 01', 'multiple memories (at offset 0xa)'],
    ['a shared memory', '00 61 73 6d 01 00 00 00 05 04 01 03 01 01', 'threads must be enabled for shared memories (at offset 0xb)'],
    ['pages of another size', '00 61 73 6d 01 00 00 00 05 04 01 08 01 00', 'the custom page sizes proposal must be enabled'],
    [
      'a function without a body',
      '00 61 73 6d 01 00 00 00 01 04 01 60 00 00 03 02 01 00',
      'function and code section have inconsistent lengths',
    ],
  ])('%s', (_name, hex, message) => {
    const bytes = Uint8Array.from(hex === '' ? [] : hex.split(' ').map((byte) => parseInt(byte, 16)))
    expect(() => instrument(bytes)).toThrow(WasmError)
    expect(() => instrument(bytes)).toThrow(message)
  })

  test.each([
    ['threads support is not enabled', [0xfe, 0x03, 0x00]],
    ['gc support is not enabled', [0xfb, 0x00, 0x00]],
    ['gc support is not enabled', [0xd3]],
    ['exceptions support is not enabled', [0x08, 0x00]],
    ['exceptions support is not enabled', [0x1f, 0x40, 0x00]],
    ['legacy exceptions support is not enabled', [0x06, 0x40]],
    ['relaxed SIMD support is not enabled', [0xfd, 0x80, 0x02]],
    ['function references support is not enabled', [0x14, 0x00]],
    ['wide arithmetic support is not enabled', [0xfc, 0x13]],
    ['memory control support is not enabled', [0xfc, 0x12, 0x00]],
    ['stack switching support is not enabled', [0xe0, 0x00]],
    ['unknown 0xfe subopcode: 0x27a', [0xfe, 0xfa, 0x04]],
    ['unknown 0xfc subopcode: 0x40', [0xfc, 0x40]],
    ['unknown 0xfd subopcode: 0x200', [0xfd, 0x80, 0x04]],
    ['illegal opcode: 0x27', [0x27]],
    ['illegal opcode: 0xff', [0xff]],
  ])('opcodes of features that are not supported: %s', (message, opcode) => {
    const body = [0, ...opcode, 0x0b]
    const code = [1, body.length, ...body]
    const bytes = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, code.length, ...code])
    // A header, sections of types, functions and code, a size and no locals stand before it.
    expect(() => instrument(bytes)).toThrow(`${message} (at offset 0x17)`)
  })

  test('a module with a wrong type', () => {
    expect(() => readModule(badlyTyped())).toThrow(WasmError)
    expect(() => instrument(badlyTyped())).toThrow(/expected i32, got i64/)
  })

  test('a 64-bit memory may be declared larger than engines have it, up to 2^48 pages', () => {
    const declared = (maximum: bigint): Uint8Array =>
      assemble(`(module (memory i64 1 ${maximum}) (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0))))`)
    for (const maximum of [262_144n, 262_145n, 2n ** 32n, 2n ** 48n]) {
      const guest = start(declared(maximum))
      const grow = guest.exports['grow'] as unknown as (pages: bigint) => bigint
      expect([grow(1n), grow(262_144n), grow(1n)]).toEqual([1n, -1n, 2n])
    }
    const bytes = declared(2n ** 48n)
    // The last byte of the number 2^48.
    bytes[bytes.indexOf(0x80) + 6] = 0x41
    expect(() => readModule(bytes)).toThrow('memory size must be at most 2**48 pages')
  })

  test.each([0, 1, 200, 49_980])('a function with as many locals as there may be, of which the first %i and one more are used', (used) => {
    const locals = (type: string, count: number): string => `(local ${Array.from({ length: count }, () => type).join(' ')})`
    const module = (count: number): Uint8Array =>
      assemble(`(module (memory 1) (func (export "run") (param $n i64) (result i64) ${locals('i64', 20_000)} ${locals('f32', 0)} ${locals('i32', count - 20_000)}
        (local.set ${used < 20_000 ? used + 1 : used - 30_000} (local.get $n)) ${used < 20_000 ? '' : `(local.set ${used} (i32.const 7))`}
        (i64.store (i32.const 8) (i64.const 35))
        (i64.add (i64.load (i32.const 8)) (local.get ${used < 20_000 ? used + 1 : used - 30_000}))))`)
    const guest = start(module(49_999))
    const run = guest.exports['run'] as unknown as (n: bigint) => bigint
    expect(run(7n)).toBe(42n)
    expect(() => readModule(module(50_001))).toThrow('too many locals')
  })

  test('a function that uses so many locals that there is no room for those of the checks', () => {
    const named = (last: number): Uint8Array =>
      assemble(`(module (func (local ${Array.from({ length: 50_000 }, () => 'i32').join(' ')}) (local.set ${last} (i32.const 1))))`)
    expect(() => instrument(named(49_997))).not.toThrow()
    expect(() => instrument(named(49_998))).toThrow('too many locals beside those of the checks')
  })

  test('an export name of our own', () => {
    expect(() => instrument(assemble('(module (func (export "tidemark:begin")))'))).toThrow('export name tidemark:begin is reserved')
  })
})

function badlyTyped(): Uint8Array {
  const bytes = assemble('(module (func (result i32) (i32.const 1)))').slice()
  bytes[bytes.indexOf(0x41)] = 0x42
  return bytes
}

test('time grows with the size of the input and not faster', () => {
  // Deep nesting and many functions: what would show anything worse than linear.
  const nested = (depth: number): Uint8Array => {
    const out = new CodeWriter(depth * 4)
    out.op(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10)
    const section = out.openLength()
    out.op(1)
    const body = out.openLength()
    out.op(0)
    for (let index = 0; index < depth; index++) out.op(0x02, 0x40)
    for (let index = 0; index < depth; index++) out.op(0x41, 0, 0x0d, 0, 0x0b)
    out.end()
    out.fillLength(body)
    out.fillLength(section)
    return out.view()
  }
  const steps = (depth: number): number => instrument(nested(depth)).bytes.length / depth
  expect(steps(40_000) / steps(4_000)).toBeLessThan(1.1)
})
