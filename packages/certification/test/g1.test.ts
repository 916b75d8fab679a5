import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type JacobianPoint, multiplyCompressed } from '../src/g1.ts'
import { hashToG1 } from '../src/hashToG1.ts'

const { Fr } = bls12_381.fields
const jacobian = (point: typeof bls12_381.G1.Point.BASE): JacobianPoint => ({ ...point.toAffine(), z: 1n })

test.each([1n, 2n, 3n, 15n, 16n, 17n, 31n, 32n, 33n, Fr.ORDER - 1n, Fr.ORDER - 2n])('the base point times %d', (scalar) => {
  const { BASE } = bls12_381.G1.Point
  expect(multiplyCompressed(jacobian(BASE), scalar)).toEqual(Uint8Array.from(BASE.multiply(scalar).toBytes()))
})

test('any point times any scalar is what the library says', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: Fr.ORDER - 1n }), fc.uint8Array({ maxLength: 20 }), (scalar, message) => {
      const point = bls12_381.shortSignatures.hash(message)
      expect(multiplyCompressed(jacobian(point), scalar)).toEqual(Uint8Array.from(point.multiply(scalar).toBytes()))
    }),
    { numRuns: 40 },
  )
})

test('nothing times a point is refused', () => {
  expect(() => multiplyCompressed(jacobian(bls12_381.G1.Point.BASE), 0n)).toThrow(RangeError)
})

// RFC 9380, appendix J.9.1: hash_to_curve of BLS12381G1_XMD:SHA-256_SSWU_RO_.
test.each([
  ['', '052926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4e8cf62d9c09db0fac349612b759e79a1'],
  ['abc', '03567bc5ef9c690c2ab2ecdf6a96ef1c139cc0b2f284dca0a9a7943388a49a3aee664ba5379a7655d3c68900be2f6903'],
])('hashes "%s" to the published point', (message, x) => {
  const point = hashToG1(new TextEncoder().encode(message), 'QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_')
  const [first = 0, ...rest] = multiplyCompressed(point, 1n)
  expect(Buffer.from([first & 0x1f, ...rest]).toString('hex')).toBe(x)
})

test('hashes any message to the point that the library says', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (message) => {
      const suite = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_'
      const expected = bls12_381.shortSignatures.hash(message, suite)
      expect(multiplyCompressed(hashToG1(message, suite), 1n)).toEqual(Uint8Array.from(expected.toBytes()))
    }),
    { numRuns: 40 },
  )
})
