/**
 * Public keys: the base point of G2 of BLS12-381 times a scalar, without the table that the library makes first and that pays
 * for itself after a dozen keys only. Keys of a local network are no secrets.
 *
 * Coordinates are of Fp², c0 + c1·u with u² = −1; points are Jacobian: x = X/Z², y = Y/Z³. The formulas hold for a = 0.
 */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { multiplyPoint } from './multiplyPoint.ts'

/** c0 + c1·u; not reduced between two multiplications. */
type Pair = readonly [c0: bigint, c1: bigint]

interface TwistPoint {
  readonly x: Pair
  readonly y: Pair
  readonly z: Pair
}

const { Fp } = bls12_381.fields
const p = Fp.ORDER

/** Compressed form (96 bytes) of the base point times a scalar from 1 to below the order of the group. */
export function multiplyBaseCompressed(scalar: bigint): Uint8Array {
  const { x, y } = bls12_381.G2.Point.BASE.toAffine()
  const base: TwistPoint = { x: [x.c0, x.c1], y: [y.c0, y.c1], z: [1n, 0n] }
  return compressed(multiplyPoint({ double: doubleTwist, add: addTwist, negate: negateTwist }, base, scalar))
}

function negateTwist({ x, y, z }: TwistPoint): TwistPoint {
  return { x, y: [-y[0], -y[1]], z }
}

function doubleTwist({ x, y, z }: TwistPoint): TwistPoint {
  const yy = square(y)
  const s = scale(times(x, yy), 4n)
  const m = scale(square(x), 3n)
  const x3 = minus(square(m), scale(s, 2n))
  const y3 = minus(times(m, minus(s, x3)), scale(square(yy), 8n))
  return { x: x3, y: y3, z: scale(times(y, z), 2n) }
}

/** Of two points that are not opposite: no scalar below the order of the group makes them so. */
function addTwist(a: TwistPoint, b: TwistPoint): TwistPoint {
  const az = square(a.z)
  const bz = square(b.z)
  const u = times(a.x, bz)
  const s = times(a.y, times(b.z, bz))
  const h = minus(times(b.x, az), u)
  if (h[0] % p === 0n && h[1] % p === 0n) return doubleTwist(a)
  const r = minus(times(b.y, times(a.z, az)), s)
  const hh = square(h)
  const hhh = times(h, hh)
  const v = times(u, hh)
  const x = minus(minus(square(r), hhh), scale(v, 2n))
  return { x, y: minus(times(r, minus(v, x)), times(s, hhh)), z: times(times(a.z, b.z), h) }
}

function times([a0, a1]: Pair, [b0, b1]: Pair): Pair {
  const low = a0 * b0
  const high = a1 * b1
  return [(low - high) % p, ((a0 + a1) * (b0 + b1) - low - high) % p]
}

function square([c0, c1]: Pair): Pair {
  return [((c0 + c1) * (c0 - c1)) % p, (2n * c0 * c1) % p]
}

function minus(a: Pair, b: Pair): Pair {
  return [a[0] - b[0], a[1] - b[1]]
}

function scale(a: Pair, factor: bigint): Pair {
  return [a[0] * factor, a[1] * factor]
}

function compressed({ x, y, z }: TwistPoint): Uint8Array {
  // 1 / (c0 + c1·u) = (c0 − c1·u) / (c0² + c1²)
  const norm = Fp.inv(Fp.create(z[0] * z[0] + z[1] * z[1]))
  const inverse: Pair = [(z[0] * norm) % p, (-z[1] * norm) % p]
  const squared = square(inverse)
  const [x0, x1] = times(x, squared)
  const [y0, y1] = times(y, times(squared, inverse)).map((part) => Fp.create(part)) as [bigint, bigint]
  const bytes = concatBytes(Fp.toBytes(Fp.create(x1)), Fp.toBytes(Fp.create(x0)))
  const isLarger = (y1 === 0n ? y0 : y1) > p >> 1n
  bytes[0] = (bytes[0] as number) | 0x80 | (isLarger ? 0x20 : 0)
  return bytes
}
