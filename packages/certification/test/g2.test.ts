import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { multiplyBaseCompressed } from '../src/g2.ts'

const { Fr } = bls12_381.fields
const expected = (scalar: bigint): Uint8Array => Uint8Array.from(bls12_381.G2.Point.BASE.multiply(scalar).toBytes())

test.each([1n, 2n, 3n, 15n, 16n, 17n, 31n, 32n, 33n, Fr.ORDER - 1n, Fr.ORDER - 2n])('the base point times %d', (scalar) => {
  expect(multiplyBaseCompressed(scalar)).toEqual(expected(scalar))
})

test('any public key is what the library says', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: Fr.ORDER - 1n }), (scalar) => {
      expect(multiplyBaseCompressed(scalar)).toEqual(expected(scalar))
    }),
    { numRuns: 40 },
  )
})

test('the scalar zero makes no key', () => {
  expect(() => multiplyBaseCompressed(0n)).toThrow(RangeError)
})
