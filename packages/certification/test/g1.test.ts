import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { multiplyCompressed } from '../src/g1.ts'

const { Fr } = bls12_381.fields

test.each([1n, 2n, 3n, 15n, 16n, 17n, 31n, 32n, 33n, Fr.ORDER - 1n, Fr.ORDER - 2n])('the base point times %d', (scalar) => {
  const { BASE } = bls12_381.G1.Point
  expect(multiplyCompressed(BASE, scalar)).toEqual(Uint8Array.from(BASE.multiply(scalar).toBytes()))
})

test('any point times any scalar is what the library says', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: Fr.ORDER - 1n }), fc.uint8Array({ maxLength: 20 }), (scalar, message) => {
      const point = bls12_381.shortSignatures.hash(message)
      expect(multiplyCompressed(point, scalar)).toEqual(Uint8Array.from(point.multiply(scalar).toBytes()))
    }),
    { numRuns: 40 },
  )
})

test('nothing times a point is refused', () => {
  expect(() => multiplyCompressed(bls12_381.G1.Point.BASE, 0n)).toThrow(RangeError)
})
