/** What the network refuses at installation, rule by rule, with the text that it gives. */
import { RejectError } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { assemble } from '../../../../tests/support/universal/assemble.ts'
import { moduleAdvice } from '../../src/validation/advice.ts'
import { validateIcModule } from '../../src/validation/index.ts'
import { moduleLimits } from '../../src/validation/moduleLimits.ts'
import { systemApiTable, systemCallType } from '../../src/validation/systemApiTable.ts'

const prefix = "Canister's Wasm module is not valid: "

/** Code and text of what is thrown; undefined when nothing is. */
function failure(body: () => unknown): readonly [code: string, text: string] | undefined {
  try {
    body()
    return undefined
  } catch (error) {
    if (!(error instanceof RejectError)) throw error
    return [error.reject.errorCode, error.message]
  }
}

/** The text behind the common prefix; undefined when the module is taken. */
function refusal(body: () => unknown): string | undefined {
  const failed = failure(body)
  if (failed === undefined) return undefined
  expect(failed[0]).toBe('CanisterInvalidWasm')
  expect(failed[1].startsWith(prefix)).toBe(true)
  return failed[1].slice(prefix.length)
}

const check = (wat: string): string | undefined => refusal(() => validateIcModule(assemble(wat)))
const repeat = (count: number, text: (n: number) => string): string => Array.from({ length: count }, (_, n) => text(n)).join(' ')

describe('modules that are taken', () => {
  test.each([
    ['the empty one', '(module)'],
    [
      'one with every entry point',
      `(module (func $f) ${['init', 'pre_upgrade', 'post_upgrade', 'inspect_message', 'heartbeat', 'global_timer', 'on_low_wasm_memory']
        .map((name) => `(export "canister_${name}" (func $f))`)
        .join(' ')})`,
    ],
    [
      'methods of each kind; names may be empty or have spaces',
      '(module (func $f) (export "canister_update a b" (func $f)) (export "canister_query " (func $f)) (export "canister_composite_query c" (func $f)))',
    ],
    [
      'vectors, bulk operations, references, several values',
      '(module (memory 1) (table 1 funcref) (func (result i32 i64) (drop (i8x16.splat (i32.const 1))) (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)) (drop (table.get 0 (i32.const 0))) (i32.const 1) (i64.const 2)))',
    ],
    ['a 64-bit memory of the heap limit', `(module (memory i64 ${moduleLimits.heapPages64}))`],
    ['a 64-bit memory that may grow beyond it', `(module (memory i64 1 ${moduleLimits.heapPages64 + 1}))`],
    ['the largest table', `(module (table ${moduleLimits.tableElements} funcref))`],
    ['other exports of any name', '(module (func $f (param i32)) (export "run" (func $f)) (export "canister" (func $f)))'],
    ['the largest number of globals', `(module ${repeat(moduleLimits.globals, () => '(global i32 (i32.const 0))')})`],
  ])('%s', (_name, wat) => {
    expect(check(wat)).toBeUndefined()
  })
})

const signatureText = 'Wasm module has an invalid function signature. '
const importText = 'Wasm module has an invalid import section. '
const bodyText = 'Wasm module contains a function at index 0 with unsupported instruction '
const exportText = 'Wasm module has an invalid export section. '

describe('modules that are refused', () => {
  test.each([
    [
      'a function of another module',
      '(module (import "env" "f" (func)))',
      `${importText}Module imports function 'f' from 'env' that is not exported by the runtime.`,
    ],
    [
      'an unknown system call',
      '(module (import "ic0" "nope" (func)))',
      `${importText}Module imports function 'nope' from 'ic0' that is not exported by the runtime.`,
    ],
    [
      'a system call named like a property of every object',
      '(module (import "ic0" "toString" (func)))',
      `${importText}Module imports function 'toString' from 'ic0' that is not exported by the runtime.`,
    ],
    ['a global', '(module (import "env" "g" (global i32)))', `${importText}Importing globals is not allowed.`],
    [
      'a system call of another module',
      '(module (import "env" "time" (func)))',
      `${importText}Module imports function "time" from "env", expected to be imported from one of ["ic0"] instead.`,
    ],
    [
      'a 32-bit system call of another module, with a 64-bit memory',
      '(module (import "env" "stable_size" (func)) (memory i64 1))',
      `${importText}Module imports function 'stable_size' from 'env' that is not exported by the runtime.`,
    ],
    [
      'a memory of another module',
      '(module (import "foo" "memory" (memory 1)))',
      `${importText}Only memory imported from env.memory is allowed.`,
    ],
    [
      'a table of another module',
      '(module (import "ic0" "table" (table 1 funcref)))',
      `${importText}Only tables imported from env.table are allowed.`,
    ],
    [
      'a method of two kinds',
      '(module (func $f) (export "canister_update m" (func $f)) (export "canister_query m" (func $f)))',
      `Duplicate function 'm' exported multiple times with different call types: update, query, or composite_query.`,
    ],
    [
      'an entry point that does not exist',
      '(module (func (export "canister_foo")))',
      `${exportText}Exporting reserved function 'canister_foo' with "canister_" prefix`,
    ],
    [
      'a method without a space',
      '(module (func (export "canister_update")))',
      `${exportText}Exporting reserved function 'canister_update' with "canister_" prefix`,
    ],
    [
      'the name of memory that the network adds',
      '(module (func (export "stable_bytemap_memory")))',
      `${exportText}Exporting reserved symbol stable_bytemap_memory not allowed.`,
    ],
    [
      'a reserved symbol',
      '(module (func (export "canister_start")))',
      `${exportText}Exporting reserved symbol canister_start not allowed.`,
    ],
    [
      'another reserved symbol',
      '(module (memory (export "stable_memory") 1))',
      `${exportText}Exporting reserved symbol stable_memory not allowed.`,
    ],
    [
      'too many methods',
      `(module (func $f) ${repeat(moduleLimits.exportedMethods + 1, (n) => `(export "canister_query ${n}" (func $f))`)})`,
      'The number of exported functions called `canister_update <name>`, `canister_query <name>`, or `canister_composite_query <name>` is 1001 which exceeds 1000.',
    ],
    [
      'method names that are too long together',
      `(module (func (export "canister_query ${'x'.repeat(20_001)}")))`,
      'The sum of `<name>` lengths in exported functions called `canister_update <name>`, `canister_query <name>`, or `canister_composite_query <name>` is 20001 which exceeds the allowed limit of 20000.',
    ],
    [
      'too many globals',
      `(module ${repeat(moduleLimits.globals + 1, () => '(global i32 (i32.const 0))')})`,
      'Wasm module defined 1001 globals which exceeds the maximum number allowed 1000.',
    ],
    [
      'too many functions',
      `(module ${repeat(moduleLimits.functions + 1, () => '(func)')})`,
      'Wasm module defined 50001 functions which exceeds the maximum number allowed 50000.',
    ],
    [
      'a function that is too complex',
      `(module (func) (func ${repeat(20_001, () => '(block)')}))`,
      'Wasm module contains a function at index 1 with complexity 1020052 which exceeds the maximum complexity allowed 1000000.',
    ],
    [
      'one of several opcodes that change tables, behind imports',
      `(module (import "ic0" "msg_reply" (func)) (table 1 funcref) (func) (func (table.fill (i32.const 0) (ref.null func) (i32.const 1))
        (table.set 0 (i32.const 0) (ref.null func))))`,
      'Wasm module contains a function at index 2 with unsupported instruction table.fill.',
    ],
    [
      'a table change behind a function that is too complex',
      `(module (table 1 funcref) (func ${repeat(20_001, () => '(block)')}) (func (table.set 0 (i32.const 0) (ref.null func))))`,
      'Wasm module contains a function at index 0 with complexity 1020052 which exceeds the maximum complexity allowed 1000000.',
    ],
    [
      'an entry point with a parameter',
      '(module (func (export "canister_init") (param i32)))',
      `${signatureText}Expected input params [] for 'canister_init', got [I32].`,
    ],
    [
      'a method with a result',
      '(module (func (export "canister_query q") (result i64) (i64.const 1)))',
      `${signatureText}Expected return type [] for 'canister_query q', got [I64].`,
    ],
    [
      'a system call with another result',
      '(module (import "ic0" "time" (func (result i32))))',
      `${signatureText}Expected return type [I64] for 'time', got [I32].`,
    ],
    [
      'a 32-bit pointer with a 64-bit memory',
      '(module (import "ic0" "debug_print" (func (param i32 i32))) (memory i64 1))',
      `${signatureText}Expected input params [I64, I64] for 'debug_print', got [I32, I32].`,
    ],
    ['table.set', '(module (table 1 funcref) (func (table.set 0 (i32.const 0) (ref.null func))))', `${bodyText}table.set.`],
    ['table.grow', '(module (table 1 funcref) (func (drop (table.grow 0 (ref.null func) (i32.const 0)))))', `${bodyText}table.grow.`],
    ['table.copy', '(module (table 1 funcref) (func (table.copy (i32.const 0) (i32.const 0) (i32.const 0))))', `${bodyText}table.copy.`],
    [
      'table.init',
      '(module (table 1 funcref) (elem func) (func (table.init 0 (i32.const 0) (i32.const 0) (i32.const 0))))',
      `${bodyText}table.init.`,
    ],
    [
      'a table of external references',
      '(module (table 1 externref))',
      'Wasm module has an invalid table section. Table element type must be funcref, got externref',
    ],
    [
      'a global that holds a reference',
      '(module (global funcref (ref.null func)))',
      'Wasm module has an invalid global section. Unsupported global type: Ref(funcref)',
    ],
    [
      'a 64-bit memory that starts beyond the heap limit',
      `(module (memory i64 ${moduleLimits.heapPages64 + 1}))`,
      'Wasm module declares an initial Wasm64 memory of 98305 pages which exceeds the maximum number allowed 98304.',
    ],
    [
      'an import before an export',
      '(module (import "env" "g" (global i32)) (func (export "canister_foo")))',
      `${importText}Importing globals is not allowed.`,
    ],
    [
      'an export before a table',
      '(module (table 1 externref) (func (export "canister_foo")))',
      `${exportText}Exporting reserved function 'canister_foo' with "canister_" prefix`,
    ],
    [
      'a table before globals',
      `(module (table 1 externref) ${repeat(moduleLimits.globals + 1, () => '(global i32 (i32.const 0))')})`,
      'Wasm module has an invalid table section. Table element type must be funcref, got externref',
    ],
  ])('%s', (_name, wat, text) => {
    expect(check(wat)).toBe(text)
  })

  test.each([
    ['a memory', '(module (import "env" "memory" (memory 1)))', 'unknown import: `env::memory` has not been defined'],
    ['a memory by any name', '(module (import "a" "b" (memory 1)))', 'unknown import: `a::b` has not been defined'],
    ['a table', '(module (import "env" "table" (table 1 funcref)))', 'unknown import: `env::table` has not been defined'],
    ['two tables', '(module (table 1 funcref) (table 1 funcref))', 'resource limit exceeded: table count too high at 2'],
    ['a large table', '(module (table 1000001 funcref))', 'table minimum size of 1000001 elements exceeds table limits'],
  ])('what is valid but cannot be instantiated: %s', (_name, wat, text) => {
    expect(failure(() => validateIcModule(assemble(wat)))).toEqual([
      'CanisterWasmEngineError',
      `Canister encountered a Wasm engine error: Failed to instantiate module: ${text}`,
    ])
  })

  const engine = /^Wasmtime failed to validate wasm module wasmtime::Module::validate\(\) failed with /

  test.each([
    ['constants that are computed', '(module (global i32 (i32.const 1)))', [0x41, 1, 0x41, 1, 0x6a]],
    ['constants that read a global of the module', '(module (global i32 (i32.const 1)) (global i32 (i32.const 1)))', [0x23, 0]],
  ])('%s', (_name, wat, constant) => {
    const bytes = assemble(wat)
    const at = bytes.lastIndexOf(0x41)
    const changed = Uint8Array.from([...bytes.subarray(0, at), ...constant, ...bytes.subarray(at + 2)])
    changed[9] = (changed[9] ?? 0) + constant.length - 2
    expect(WebAssembly.validate(changed)).toBe(true)
    expect(refusal(() => validateIcModule(changed))).toMatch(engine)
  })

  test('bytes that are no valid module', () => {
    const bytes = assemble('(module (func (drop (i32.const 1))))')
    expect(refusal(() => validateIcModule(bytes.subarray(0, bytes.length - 1)))).toMatch(engine)
  })

  test('a module that is cut off in front of its code', () => {
    const bytes = assemble('(module (func (drop (i32.const 1))))')
    expect(refusal(() => validateIcModule(bytes.subarray(0, 12)))).toMatch(/^Failed to decode wasm module: Error finding code section: /)
  })

  test('a code section that claims to be smaller than it is', () => {
    const bytes = assemble('(module (func (drop (i32.const 1))))').slice()
    const size = bytes.lastIndexOf(10, bytes.length - 8) + 1
    bytes[size] = 2
    expect(refusal(() => validateIcModule(bytes))).toMatch(engine)
  })

  test('a second memory', () => {
    const bytes = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 5, 2, 0, 1, 0, 1])
    expect(refusal(() => validateIcModule(bytes))).toMatch(/failed with multiple memories \(at offset 0x[0-9a-f]+\)$/)
  })

  test('a code section of more than 12 MiB, its count not counted', () => {
    const section = (bodies: number): Uint8Array => {
      const size = bodies + 1
      const leb4 = [0, 7, 14, 21].map((shift) => ((size >>> shift) & 0x7f) | (shift === 21 ? 0 : 0x80))
      return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 10, ...leb4, 1])
    }
    expect(refusal(() => validateIcModule(section(moduleLimits.codeSectionBytes)))).toMatch(engine)
    expect(refusal(() => validateIcModule(section(moduleLimits.codeSectionBytes + 1)))).toBe(
      'Wasm module code section size of 12582913 exceeds the maximum allowed size of 12582912.',
    )
  })

  test('a function whose name in the name section is too long', () => {
    const named = (length: number): Uint8Array => {
      const entry = [1, 0, ...leb(length), ...new Uint8Array(length).fill(0x78)]
      const contents = [4, ...new TextEncoder().encode('name'), 1, ...leb(entry.length), ...entry]
      return Uint8Array.from([...assemble('(module (func))'), 0, ...leb(contents.length), ...contents])
    }
    expect(refusal(() => validateIcModule(named(2 ** 20)))).toBeUndefined()
    const shown = 'x'.repeat(100)
    const text = `Wasm module contains a function at index 0 with name '${shown}...' of size 1048577 bytes that exceeds the maximum allowed size of 1048576 bytes.`
    expect(refusal(() => validateIcModule(named(2 ** 20 + 1)))).toBe(text)
    expect(moduleAdvice(text)).toMatchObject({ anchor: 'wasm-module-function-name-too-large' })
  })
})

test('tail calls are taken', () => {
  // A function that is `return_call 0`.
  const bytes = assemble('(module (func nop nop))').slice()
  bytes.set([0x12, 0x00], bytes.indexOf(0x01, bytes.length - 4))
  expect(refusal(() => validateIcModule(bytes))).toBeUndefined()
})

describe('data segments that do not fit the memory', () => {
  const refused = (wat: string) => failure(() => validateIcModule(assemble(wat)))
  test.each([
    ['an empty one beyond no memory', '(module (memory 0) (data (i32.const 1) ""))', '0 bytes at 1'],
    ['of 64 bits', '(module (memory i64 0) (data (i64.const 1) ""))', '0 bytes at 1'],
    ['one that begins inside', '(module (memory 1 2) (data (i32.const 0) "ok") (data (i32.const 65535) "ab"))', '2 bytes at 65535'],
    ['an offset is not negative', '(module (memory 1) (data (i32.const -1) "a"))', '1 bytes at 4294967295'],
    ['nor is one of 64 bits', '(module (memory i64 1) (data (i64.const -1) "a"))', '1 bytes at 18446744073709551615'],
  ])('%s', (_name, wat, piece) => {
    const text = `Could not instrument wasm module of canister: Wasm module has invalid data segment of ${piece}`
    expect(refused(wat)).toEqual(['CanisterInvalidWasm', text])
  })
  test.each([
    ['an empty one at the end', '(module (memory 1) (data (i32.const 65536) ""))'],
    ['an empty one of no memory', '(module (memory i64 0) (data (i64.const 0) ""))'],
    ['one that fills the last bytes', '(module (memory 1) (data (i32.const 65534) "ab"))'],
    ['a passive one', '(module (memory 0) (data "abc"))'],
  ])('not so: %s', (_name, wat) => {
    expect(refused(wat)).toBeUndefined()
  })
})

describe('custom sections', () => {
  const withSections = (...sections: readonly (readonly [string, number])[]): Uint8Array => {
    const parts = sections.map(([name, size]) => {
      const bytes = new TextEncoder().encode(name)
      return [0, ...leb(bytes.length + 1 + size), bytes.length, ...bytes, ...new Uint8Array(size)]
    })
    return Uint8Array.from([...assemble('(module)'), ...parts.flat()])
  }

  test.each([
    [
      'public and private',
      [
        ['icp:public a', 1],
        ['icp:private b c', 2],
      ],
      undefined,
    ],
    [
      'other names in any number',
      [
        ['name x', 1],
        ['name x', 1],
      ],
      undefined,
    ],
    ['the largest number', Array.from({ length: 16 }, (_, n) => [`icp:public ${n}`, 1]), undefined],
    [
      'one more',
      Array.from({ length: 17 }, (_, n) => [`icp:public ${n}`, 1]),
      /^Wasm module defined 17 custom sections which exceeds the maximum number allowed 16\.$/,
    ],
    [
      'the same name twice',
      [
        ['icp:public a', 1],
        ['icp:private a', 1],
      ],
      /^Wasm module has an invalid custom section\. Invalid custom section: name a already exists$/,
    ],
    ['no scope', [['icp:a', 1]], /\. Invalid custom section: Custom section 'icp:a' has no public\/private scope defined\.$/],
    [
      'another scope',
      [['icp:publica', 1]],
      /\. Invalid custom section: Custom section 'icp:publica' has no public\/private scope defined\.$/,
    ],
    ['no space behind the scope', [['icp:public', 1]], /\. 'icp:' section names must have a space after the public\/private scope$/],
    ['an empty name', [['icp:private ', 1]], undefined],
    [
      'too much together',
      [['icp:public a', 2 ** 20]],
      /\. Invalid custom sections: total size of the custom sections exceeds the maximum allowed: size 1048577 bytes, allowed 1048576 bytes$/,
    ],
  ] as [string, [string, number][], RegExp | undefined][])('%s', (_name, sections, text) => {
    const result = refusal(() => validateIcModule(withSections(...sections)))
    if (text === undefined) expect(result).toBeUndefined()
    else expect(result).toMatch(text)
  })
})

function leb(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest]
    bytes.push((rest & 0x7f) | 0x80)
  }
}

describe('system calls', () => {
  test.each(Object.entries(systemApiTable))('%s is taken with its own type in both widths, and with no other', (name, call) => {
    for (const address of ['i32', 'i64'] as const) {
      const { params, results } = systemCallType(call, address)
      const memory = address === 'i64' ? '(memory i64 1)' : '(memory 1)'
      const imported = (types: readonly string[]): string =>
        `(module (import "ic0" "${name}" (func (param ${types.join(' ')}) (result ${results.join(' ')}))) ${memory})`
      const refused = call.only32 && address === 'i64'
      expect(check(imported(params)) === undefined).toBe(!refused)
      expect(check(imported([...params, 'f32']))).toContain(refused ? importText : signatureText)
    }
  })
})
