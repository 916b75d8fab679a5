/** What the network refuses at installation, rule by rule, with the text that it gives. */
import { RejectError } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { assemble } from '../../../../tests/support/universal/assemble.ts'
import { decodeModule, validateIcModule } from '../../src/validation/index.ts'
import { moduleLimits } from '../../src/validation/moduleLimits.ts'
import { systemApiTable, systemCallType } from '../../src/validation/systemApiTable.ts'

const prefix = "Canister's Wasm module is not valid: "

/** The text behind the common prefix; undefined when the module is taken. */
function refusal(body: () => unknown): string | undefined {
  try {
    body()
    return undefined
  } catch (error) {
    if (!(error instanceof RejectError)) throw error
    expect(error.reject.errorCode).toBe('CanisterInvalidWasm')
    expect(error.message.startsWith(prefix)).toBe(true)
    return error.message.slice(prefix.length)
  }
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
    ['imports of memory and table', '(module (import "env" "memory" (memory 1)) (import "env" "table" (table 1 funcref)))'],
    [
      'vectors, bulk operations, references, several values',
      '(module (memory 1) (table 1 funcref) (func (result i32 i64) (drop (i8x16.splat (i32.const 1))) (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)) (drop (table.get 0 (i32.const 0))) (i32.const 1) (i64.const 2)))',
    ],
    ['a 64-bit memory of the heap limit', `(module (memory i64 1 ${moduleLimits.heapPages64}))`],
    ['other exports of any name', '(module (func $f (param i32)) (export "run" (func $f)) (export "canister" (func $f)))'],
    ['the largest number of globals', `(module ${repeat(moduleLimits.globals, () => '(global i32 (i32.const 0))')})`],
  ])('%s', (_name, wat) => {
    expect(check(wat)).toBeUndefined()
  })
})

const importText = 'Wasm module has an invalid import section. '
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
      'a memory by another name',
      '(module (import "env" "mem" (memory 1)))',
      `${importText}Only memory imported from env.memory is allowed.`,
    ],
    [
      'a table by another name',
      '(module (import "ic0" "table" (table 1 funcref)))',
      `${importText}Only tables imported from env.table are allowed.`,
    ],
    [
      'a method of two kinds',
      '(module (func $f) (export "canister_update m" (func $f)) (export "canister_query m" (func $f)))',
      `${exportText}Duplicate function 'm' exported multiple times with different call types: update, query, or composite_query.`,
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
      'The number of exported functions called `canister_update <name>`, `canister_query <name>`, or `canister_composite_query <name>` exceeds 1000.',
    ],
    [
      'method names that are too long together',
      `(module (func (export "canister_query ${'x'.repeat(20_001)}")))`,
      'The sum of `<name>` lengths in exported functions called `canister_update <name>`, `canister_query <name>`, or `canister_composite_query <name>` exceeds 20000.',
    ],
    [
      'too many globals',
      `(module ${repeat(moduleLimits.globals + 1, () => '(global i32 (i32.const 0))')})`,
      'Wasm module defined 1001 globals which exceeds the maximum number allowed 1000.',
    ],
    [
      'too many functions',
      `(module ${repeat(moduleLimits.functions + 1, () => '(func)')})`,
      'Wasm module defined 50001 functions, which exceeds the maximum number allowed 50000.',
    ],
    [
      'a function that is too complex',
      `(module (func) (func ${repeat(20_001, () => '(block)')}))`,
      'Wasm module contains a function at index 1 with complexity 1020052 which exceeds the maximum complexity allowed 1000000.',
    ],
  ])('%s', (_name, wat, text) => {
    expect(check(wat)).toBe(text)
  })

  test.each([
    ['an entry point with a parameter', '(module (func (export "canister_init") (param i32)))', exportText],
    ['a method with a result', '(module (func (export "canister_query q") (result i32) (i32.const 1)))', exportText],
    ['a system call of the wrong type', '(module (import "ic0" "time" (func (result i32))))', importText],
    ['a 32-bit pointer with a 64-bit memory', '(module (import "ic0" "debug_print" (func (param i32 i32))) (memory i64 1))', importText],
    [
      'a data segment at a global',
      '(module (import "ic0" "time" (func (result i64))) (global $g i32 (i32.const 0)) (memory 1) (data (global.get $g) "x"))',
      'Wasm module has an invalid data section.',
    ],
    [
      'table.set',
      '(module (table 1 funcref) (func (table.set 0 (i32.const 0) (ref.null func))))',
      'wasmtime::Module::validate() failed with',
    ],
    [
      'table.grow',
      '(module (table 1 funcref) (func (drop (table.grow 0 (ref.null func) (i32.const 0)))))',
      'wasmtime::Module::validate() failed with',
    ],
    ['a 64-bit memory beyond the heap limit', `(module (memory i64 1 ${moduleLimits.heapPages64 + 1}))`, 'Wasm memory size of'],
  ])('%s', (_name, wat, start) => {
    expect(check(wat)?.startsWith(start)).toBe(true)
  })

  test('a tail call', () => {
    // A function that is `return_call 0`.
    const bytes = assemble('(module (func nop nop))').slice()
    bytes.set([0x12, 0x00], bytes.indexOf(0x01, bytes.length - 4))
    expect(refusal(() => validateIcModule(bytes))).toMatch(
      /^wasmtime::Module::validate\(\) failed with unsupported instruction return_call$/,
    )
  })

  test('bytes that are no valid module', () => {
    const bytes = assemble('(module (func (drop (i32.const 1))))')
    expect(refusal(() => validateIcModule(bytes.subarray(0, bytes.length - 1)))).toMatch(/^wasmtime::Module::validate\(\) failed with /)
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
    ['one more', Array.from({ length: 17 }, (_, n) => [`icp:public ${n}`, 1]), /17/],
    [
      'the same name twice',
      [
        ['icp:public a', 1],
        ['icp:private a', 1],
      ],
      /^Invalid custom section: name a already exists$/,
    ],
    ['no scope', [['icp:a', 1]], /has no public\/private scope defined\.$/],
    ['no space behind the scope', [['icp:publica', 1]], /'icp:' section names must have a space after the public\/private scope$/],
    [
      'too much together',
      [['icp:public a', 2 ** 20]],
      /total size of the custom sections exceeds the maximum allowed: size 1048577 bytes, allowed 1048576 bytes$/,
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
      expect(check(imported([...params, 'f32']))).toContain(importText)
    }
  })
})

describe('encodings', () => {
  const module = assemble('(module (memory 1) (data (i32.const 0) "some data that compresses compresses compresses"))')

  test('raw and gzip', async () => {
    expect(decodeModule(module)).toEqual(module)
    const stream = new Blob([module as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('gzip'))
    const compressed = new Uint8Array(await new Response(stream).arrayBuffer())
    expect(decodeModule(compressed)).toEqual(module)
    expect(refusal(() => validateIcModule(decodeModule(compressed.subarray(0, compressed.length - 12))))).toBeDefined()
  })

  test('anything else is refused', () => {
    for (const bytes of [[], [1, 2, 3], [0x1f, 0x8b], [0x1f, 0x8b, 0x08], [0, 0x61, 0x73]]) {
      expect(refusal(() => validateIcModule(decodeModule(Uint8Array.from(bytes))))).toBeDefined()
    }
  })

  test('a small file that inflates to more than the limit is refused while it inflates', async () => {
    const zeros = new Uint8Array(2 ** 20)
    let chunks = 0
    const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        if (chunks++ < 110) controller.enqueue(zeros)
        else controller.close()
      },
    })
    const bomb = new Uint8Array(await new Response(source.pipeThrough(new CompressionStream('gzip'))).arrayBuffer())
    expect(bomb.length).toBeLessThan(200_000)
    expect(refusal(() => decodeModule(bomb))).toMatch(/^Wasm module size of \d+ exceeds the maximum allowed size of 104857600\.$/)
  })
})
