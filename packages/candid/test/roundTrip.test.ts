import { IDL } from '@dfinity/candid'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeValues } from '../src/fromIdl.ts'
import { parseArguments } from '../src/parseValue.ts'
import { printArguments, printArgumentsOnOneLine } from '../src/printValue.ts'
import { encodeArguments } from '../src/toIdl.ts'
import { typed } from './arbitrary.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

test('a printed message reads back as the same bytes, spread over lines or not', () => {
  fc.assert(
    fc.property(fc.array(typed, { maxLength: 3 }), (parts) => {
      const types = parts.map((part) => part.type)
      const bytes = new Uint8Array(
        IDL.encode(
          types,
          parts.map((part) => part.value),
        ),
      )
      const values = decodeValues(bytes, types)
      for (const text of [printArguments(values), printArgumentsOnOneLine(values)]) {
        expect(hex(encodeArguments(parseArguments(text), types)), text).toBe(hex(bytes))
      }
    }),
    { numRuns: 400, seed: 7 },
  )
})

test('a message without a known type prints from its own types and keeps its values', () => {
  fc.assert(
    fc.property(typed, ({ type, value }) => {
      const bytes = new Uint8Array(IDL.encode([type], [value]))
      const blind = decodeValues(bytes)
      const text = printArguments(blind)
      expect(hex(encodeArguments(parseArguments(text), [type])), text).toBe(hex(bytes))
    }),
    { numRuns: 400, seed: 11 },
  )
})

test('no text makes the reader fail in any other way than a Candid error', () => {
  const fragments = fc.constantFrom(
    '(',
    ')',
    '{',
    '}',
    ';',
    ',',
    '=',
    ':',
    '"',
    '\\',
    'record',
    'vec',
    'opt',
    'blob',
    '1_0',
    '-',
    '0x',
    ' ',
    '/*',
    'é',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(fragments, fc.string({ maxLength: 3 })), { maxLength: 12 }), (parts) => {
      const text = parts.join('')
      try {
        parseArguments(text)
      } catch (error) {
        expect((error as Error).name, text).toBe('CandidError')
      }
    }),
    { numRuns: 2000, seed: 3 },
  )
})
