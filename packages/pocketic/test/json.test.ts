/** Numbers keep all their digits on their way in and out. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson, printJson } from '../src/wire/json.ts'

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.string(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 1n << 53n, max: (1n << 128n) - 1n }),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('any'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).any

test('what is printed is read back', () => {
  fc.assert(
    fc.property(value, (original) => {
      expect(parseJson(printJson(original as Parameters<typeof printJson>[0]))).toEqual(original)
    }),
  )
})

test.each([
  ['{"nanos_since_epoch":1620328630000000001}', { nanos_since_epoch: 1_620_328_630_000_000_001n }],
  ['[9007199254740991,9007199254740993]', [9_007_199_254_740_991, 9_007_199_254_740_993n]],
  ['-9007199254740993', -9_007_199_254_740_993n],
  ['1e30', 1e30],
  ['1.5', 1.5],
])('%s is read exactly', (text, expected) => {
  expect(parseJson(text)).toEqual(expected)
})

test('a big number is printed bare', () => {
  expect(printJson({ cycles: (1n << 127n) - 1n })).toBe('{"cycles":170141183460469231731687303715884105727}')
})
