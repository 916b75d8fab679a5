/**
 * Files that are made to hurt: each must be taken or refused with the error of this package, without taking more time or
 * memory than its size can ask for.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WasmError, functionNames, instrument, readModule } from '../src/index.ts'
import { CodeWriter } from '../src/binary/codeWriter.ts'
import { assemble } from './support/wat.ts'

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

/** A module of sections, each written behind its size. */
function moduleOf(...sections: readonly (readonly [id: number, write: (out: CodeWriter) => void])[]): Uint8Array {
  const out = new CodeWriter(1024).op(...header)
  for (const [id, write] of sections) {
    out.byte(id)
    const start = out.openLength()
    write(out)
    out.fillLength(start)
  }
  return out.view()
}

/** A module of one function without parameters whose body is written. */
function bodyOf(write: (out: CodeWriter) => void): Uint8Array {
  return moduleOf(
    [1, (out) => out.op(1, 0x60, 0, 0)],
    [3, (out) => out.op(1, 0)],
    [
      10,
      (out) => {
        out.op(1)
        const start = out.openLength()
        write(out)
        out.fillLength(start)
      },
    ],
  )
}

function repeated(count: number, write: (out: CodeWriter) => void): (out: CodeWriter) => void {
  return (out) => {
    out.u32(count)
    for (let index = 0; index < count; index++) write(out)
  }
}

/** Whether a module is taken; anything thrown but our own error fails the test. */
function survive(bytes: Uint8Array): 'taken' | 'refused' {
  const outcomes = [() => readModule(bytes), () => instrument(bytes)].map((work) => {
    try {
      work()
      return 'taken'
    } catch (error) {
      if (!(error instanceof WasmError)) throw error
      return 'refused'
    }
  })
  expect(outcomes[0]).toBe(outcomes[1])
  return outcomes[0] === 'taken' ? 'taken' : 'refused'
}

const deep = 60_000

describe('one function', () => {
  test.each([
    ['sixty thousand blocks in each other', 0x02],
    ['sixty thousand loops in each other', 0x03],
  ])('%s', (_name, opcode) => {
    survive(
      bodyOf((out) => {
        out.op(0)
        for (let index = 0; index < deep; index++) out.op(opcode, 0x40)
        for (let index = 0; index <= deep; index++) out.end()
      }),
    )
  })

  test('thirty thousand conditions in each other', () => {
    survive(
      bodyOf((out) => {
        out.op(0)
        for (let index = 0; index < deep / 2; index++) out.i32(1).op(0x04, 0x40)
        for (let index = 0; index < deep / 2; index++) out.op(0x05, 0x0b)
        out.end()
      }),
    )
  })

  test('a branch table of sixty thousand labels, and many of the largest that engines take', () => {
    const tables = (count: number, labels: number): Uint8Array =>
      bodyOf((out) => {
        out.op(0, 0x02, 0x40)
        for (let table = 0; table < count; table++) {
          out.i32(0).op(0x0e)
          repeated(labels, (items) => items.op(0))(out)
          out.op(0)
        }
        out.end().end()
      })
    survive(tables(1, deep))
    expect(survive(tables(10, 65_520))).toBe('taken')
  })

  test('three hundred thousand opcodes', () => {
    expect(
      survive(
        bodyOf((out) => {
          out.op(0)
          for (let index = 0; index < 300_000; index++) out.op(0x01)
          out.end()
        }),
      ),
    ).toBe('taken')
  })

  test.each([
    ['more bytes than engines take', 7_654_322, 'function body size exceeds limit'],
    ['more bytes than there are', 2 ** 31, 'length out of bounds'],
  ])('%s', (_name, size, text) => {
    const bytes = moduleOf(
      [1, (out) => out.op(1, 0x60, 0, 0)],
      [3, (out) => out.op(1, 0)],
      [
        10,
        (out) => {
          out.op(1)
          out.u32(size)
          if (size < 10_000_000) out.copy(new Uint8Array(size), 0, size)
        },
      ],
    )
    expect(() => instrument(bytes)).toThrow(WasmError)
    expect(() => instrument(bytes)).toThrow(size < 2 ** 31 ? text : 'function body size exceeds limit')
  })

  test.each([
    ['four billion locals', [[0xffffffff, 0x7f]]],
    ['locals that sum up to too many', Array.from({ length: 60 }, () => [1_000, 0x7f])],
  ])('%s', (_name, groups) => {
    const bytes = bodyOf((out) => {
      out.u32(groups.length)
      for (const [count = 0, type = 0] of groups) {
        out.u32(count)
        out.op(type)
      }
      out.end()
    })
    expect(() => readModule(bytes)).toThrow('too many locals')
    expect(() => instrument(bytes)).toThrow('too many locals')
  })
})

describe('many of one kind', () => {
  test('five hundred functions with nearly fifty thousand locals each', () => {
    const count = 500
    const bytes = moduleOf(
      [1, (out) => out.op(1, 0x60, 0, 0)],
      [3, repeated(count, (out) => out.op(0))],
      [10, repeated(count, (out) => out.op(6, 1, 0xec, 0x85, 0x03, 0x7e, 0x0b))],
    )
    expect(survive(bytes)).toBe('taken')
    expect(instrument(bytes).bytes.length).toBeLessThan(bytes.length * 6)
  })

  test('twenty thousand functions', () => {
    const count = 20_000
    const bytes = moduleOf(
      [1, (out) => out.op(1, 0x60, 0, 0)],
      [3, repeated(count, (out) => out.op(0))],
      [10, repeated(count, (out) => out.op(2, 0, 0x0b))],
    )
    expect(survive(bytes)).toBe('taken')
  })

  test('twenty thousand types, exports, globals and empty custom sections', () => {
    const count = 20_000
    expect(survive(moduleOf([1, repeated(count, (out) => out.op(0x60, 0, 0))]))).toBe('taken')
    expect(survive(moduleOf([6, repeated(count, (out) => out.op(0x7f, 0, 0x41, 0, 0x0b))]))).toBe('taken')
    const named = moduleOf(
      [5, (out) => out.op(1, 0, 1)],
      [
        7,
        (out) => {
          out.u32(count)
          for (let index = 0; index < count; index++) {
            out.name(String(index))
            out.op(2, 0)
          }
        },
      ],
    )
    expect(survive(named)).toBe('taken')
    expect(survive(moduleOf(...Array.from({ length: count }, () => [0, (out: CodeWriter) => out.op(0)] as const)))).toBe('taken')
  })

  test.each([
    ['types', 1, 1_000_001, 'types count exceeds limit of 1000000'],
    ['tables', 4, 101, 'tables count exceeds limit of 100'],
    ['element segments', 9, 100_001, 'element segments count exceeds limit of 100000'],
    ['data segments', 11, 100_001, 'data segments count exceeds limit of 100000'],
  ])('more %s than engines take', (_name, id, count, text) => {
    const bytes = moduleOf([id, repeated(count, (out) => out.op(0, 0))])
    expect(() => readModule(bytes)).toThrow(text)
    expect(() => instrument(bytes)).toThrow(text)
  })

  test('more parameters and results than engines take', () => {
    const type = (params: number, results: number): Uint8Array =>
      moduleOf([
        1,
        (out) => {
          out.op(1, 0x60)
          repeated(params, (items) => items.op(0x7f))(out)
          repeated(results, (items) => items.op(0x7f))(out)
        },
      ])
    expect(survive(type(1_000, 1_000))).toBe('taken')
    expect(() => instrument(type(1_001, 0))).toThrow('function parameters count exceeds limit of 1000')
    expect(() => instrument(type(0, 1_001))).toThrow('function results count exceeds limit of 1000')
  })

  test('names for functions that are not there are left out', () => {
    const entries = new CodeWriter(64)
    repeated(100_000, (out) => out.op(0xff, 0xff, 0xff, 0x7f, 0))(entries)
    const bytes = moduleOf([
      0,
      (out) => {
        out.name('name')
        out.op(1)
        out.u32(entries.length)
        out.copy(entries.buffer, 0, entries.length)
      },
    ])
    expect(functionNames(readModule(bytes))?.size).toBe(0)
  })
})

describe('bytes of chance', () => {
  test('alone, and behind the header of a module', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, headed) => {
        survive(headed ? Uint8Array.from([...header, ...bytes]) : bytes)
      }),
      { numRuns: 3_000, seed: 3 },
    )
  })

  test('as sections with true sizes', () => {
    const section = fc.tuple(fc.nat(13), fc.uint8Array({ maxLength: 60 }))
    fc.assert(
      fc.property(fc.array(section, { maxLength: 8 }), (sections) => {
        survive(moduleOf(...sections.map(([id, bytes]) => [id, (out: CodeWriter) => out.copy(bytes, 0, bytes.length)] as const)))
      }),
      { numRuns: 3_000, seed: 4 },
    )
  })

  test('as bodies, of opcodes that exist', () => {
    const opcode = fc.oneof(fc.nat(0xd2), fc.constantFrom(0xfc, 0xfd, 0x02, 0x0b, 0x20, 0x28, 0x41))
    fc.assert(
      fc.property(fc.array(opcode, { maxLength: 40 }), (code) => {
        survive(bodyOf((out) => out.op(0, ...code).end()))
      }),
      { numRuns: 4_000, seed: 5 },
    )
  })

  test('in place of one byte of a module in every section', () => {
    const seed = assemble(`(module (type $t (func (param i32) (result i32))) (memory 1 4) (table 4 funcref) (global (mut i64) (i64.const 3))
      (elem (i32.const 0) $f) (data (i32.const 8) "hello") (func $f (export "f") (type $t) (call_indirect (type $t) (i32.load (local.get 0)) (i32.const 0))))`)
    for (let at = 8; at < seed.length; at++) {
      for (let value = 0; value < 256; value += 17) {
        const bytes = seed.slice()
        bytes[at] = value
        survive(bytes)
      }
    }
  })
})
