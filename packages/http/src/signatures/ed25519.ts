/** Ed25519, RFC 8032: keys of 32 bytes, signatures of 64. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { InvalidPublicKey } from './errors.ts'
import { verifyNatively } from './nativeKeys.ts'

export async function verifyEd25519(key: Uint8Array, signature: Uint8Array, payload: Uint8Array): Promise<boolean> {
  if (key.length !== 32) throw new InvalidPublicKey(`an Ed25519 key has 32 bytes, got ${key.length}`)
  if (signature.length !== 64) return false
  return (await verifyNatively({ name: 'Ed25519' }, key, signature, payload)) ?? verifyPortably(key, signature, payload)
}

function verifyPortably(key: Uint8Array, signature: Uint8Array, payload: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, payload, key)
  } catch {
    return false
  }
}
