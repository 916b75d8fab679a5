/**
 * Hashing to G1 of BLS12-381, for those who sign often: the library's, without its check that the result is of the group, which it is
 * by construction, and which takes a third of the time.
 *
 * @see RFC 9380, sections 3 (hash_to_curve) and 8.8.1 (BLS12381G1_XMD:SHA-256_SSWU_RO_).
 */
import { hash_to_field, isogenyMap, mapToCurveSimpleSWU } from '@noble/curves/abstract/hash-to-curve.js'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { addPoints, type JacobianPoint, multiplyBits } from './g1.ts'
import { isogenyToG1 } from './isogenyToG1.ts'

const { Fp } = bls12_381.fields
const { xNumerator, xDenominator, yNumerator, yDenominator } = isogenyToG1
const coefficients = [xNumerator, xDenominator, yNumerator, yDenominator].map((polynomial) => polynomial.map((hex) => BigInt(`0x${hex}`)))
/** The helper curve: y² = x³ + Ax + B. */
const helperCurve = {
  A: 0x144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1dn,
  B: 0x12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0n,
  Z: 11n,
}
/** Made when first asked for: not every process signs. */
let toHelperCurve: ReturnType<typeof mapToCurveSimpleSWU<bigint>> | undefined
const toCurve = isogenyMap(Fp, coefficients as [bigint[], bigint[], bigint[], bigint[]])
/** Effective cofactor: what brings any point of the curve into the group. */
const cofactor = 0xd201000000010001n

/** A point of the group, as good as random. */
export function hashToG1(message: Uint8Array, suite: string): JacobianPoint {
  toHelperCurve ??= mapToCurveSimpleSWU(Fp, helperCurve)
  const toHelper = toHelperCurve
  const [first, second] = hash_to_field(message, 2, { DST: suite, p: Fp.ORDER, m: 1, k: 128, expand: 'xmd', hash: sha256 }).map(
    ([element = 0n]) => {
      const { x, y } = toHelper(element)
      return { ...toCurve(x, y), z: 1n }
    },
  ) as [JacobianPoint, JacobianPoint]
  return multiplyBits(addPoints(first, second), cofactor)
}
