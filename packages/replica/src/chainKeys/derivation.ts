/**
 * Keys derived from keys, step by step along a path of byte strings. Whoever knows the public key and its chain code can
 * derive the public keys below it; whoever knows the secret adds the same offset to it.
 *
 * @see BIP 32, here with indexes of any length; Interface specification, "IC method `ecdsa_public_key`" and
 * "IC method `schnorr_public_key`".
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToNumberBE } from '@noble/curves/utils.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'

/** The end of a path. */
export interface Derived {
  /** Compressed: 33 bytes on secp256k1, 32 on Ed25519. */
  readonly publicKey: Uint8Array
  /** 32 bytes. */
  readonly chainCode: Uint8Array
  /** What to add to the secret that the path began with. */
  readonly offset: bigint
}

/** Chain code of a master key. */
export const masterChainCode: Uint8Array = new Uint8Array(32)

interface Step {
  readonly tweak: bigint
  readonly chainCode: Uint8Array
}

/** Derives from a compressed point of secp256k1. Indexes of four bytes give the keys of BIP 32. */
export function deriveSecp256k1(publicKey: Uint8Array, chainCode: Uint8Array, path: readonly Uint8Array[]): Derived {
  const { Point } = secp256k1
  return walk(Point.fromBytes(publicKey), Point.BASE, Point.Fn, chainCode, path, (point, code, index) => {
    const mac = hmac(sha512, code, concatBytes(point, index))
    return { tweak: Point.Fn.create(bytesToNumberBE(mac.subarray(0, 32))), chainCode: mac.slice(32) }
  })
}

const ed25519Info = new TextEncoder().encode('Ed25519')

/** Derives from a point of Ed25519. */
export function deriveEd25519(publicKey: Uint8Array, chainCode: Uint8Array, path: readonly Uint8Array[]): Derived {
  const { Point } = ed25519
  return walk(Point.fromBytes(publicKey), Point.BASE, Point.Fn, chainCode, path, (point, code, index) => {
    const okm = hkdf(sha512, concatBytes(point, index), code, ed25519Info, 96)
    return { tweak: Point.Fn.create(bytesToNumberBE(okm.subarray(0, 64))), chainCode: okm.slice(64) }
  })
}

interface CurvePoint<P> {
  add(other: P): P
  multiply(scalar: bigint): P
  toBytes(): Uint8Array
}

function walk<P extends CurvePoint<P>>(
  start: P,
  base: P,
  scalars: { add(a: bigint, b: bigint): bigint },
  masterCode: Uint8Array,
  path: readonly Uint8Array[],
  step: (publicKey: Uint8Array, chainCode: Uint8Array, index: Uint8Array) => Step,
): Derived {
  let point = start
  let publicKey = point.toBytes()
  let chainCode = masterCode
  let offset = 0n
  for (const index of path) {
    const next = step(publicKey, chainCode, index)
    point = point.add(base.multiply(next.tweak))
    publicKey = point.toBytes()
    offset = scalars.add(offset, next.tweak)
    chainCode = next.chainCode
  }
  return { publicKey, chainCode, offset }
}
