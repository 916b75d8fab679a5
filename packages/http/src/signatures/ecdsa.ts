/**
 * ECDSA over SHA-256: uncompressed points of 65 bytes, signatures of 64 bytes r‖s big-endian.
 *
 * Both values of s are taken, as the network does.
 */
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { InvalidPublicKey } from './errors.ts'
import { verifyNatively } from './nativeKeys.ts'
import { verifySecp256k1Natively } from './nodeCrypto.ts'

export async function verifyP256(key: Uint8Array, signature: Uint8Array, payload: Uint8Array): Promise<boolean> {
  expectUncompressed(key)
  if (signature.length !== 64) return false
  const native = await verifyNatively({ name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }, key, signature, payload)
  return native ?? verifyPortably(p256, key, signature, payload)
}

export async function verifySecp256k1(key: Uint8Array, signature: Uint8Array, payload: Uint8Array): Promise<boolean> {
  expectUncompressed(key)
  if (signature.length !== 64) return false
  return verifySecp256k1Natively(key, signature, payload) ?? verifyPortably(secp256k1, key, signature, payload)
}

/** r‖s of an ECDSA signature in DER; `undefined` when it is malformed. */
export function compactOfDer(der: Uint8Array): Uint8Array | undefined {
  try {
    return p256.Signature.fromBytes(der, 'der').toBytes('compact')
  } catch {
    return undefined
  }
}

function verifyPortably(curve: typeof p256, key: Uint8Array, signature: Uint8Array, payload: Uint8Array): boolean {
  try {
    return curve.verify(signature, payload, key, { lowS: false })
  } catch {
    return false
  }
}

function expectUncompressed(key: Uint8Array): void {
  if (key.length !== 65 || key[0] !== 4) throw new InvalidPublicKey('an ECDSA key must be an uncompressed point of 65 bytes')
}
