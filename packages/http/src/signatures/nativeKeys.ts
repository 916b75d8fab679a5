/**
 * The platform's own crypto, where it has the algorithm: several times faster than any implementation in JavaScript.
 * Imported keys are kept, because clients send many requests under one key.
 */
import { owned } from '../apiMessages.ts'

const keysMax = 1_000
const keys = new Map<string, Promise<CryptoKey | undefined>>()

type Algorithm = { readonly name: 'Ed25519' } | { readonly name: 'ECDSA'; readonly namedCurve: 'P-256'; readonly hash: 'SHA-256' }

/** Whether the signature verifies, or `undefined` when the platform cannot tell. */
export async function verifyNatively(
  algorithm: Algorithm,
  key: Uint8Array,
  signature: Uint8Array,
  payload: Uint8Array,
): Promise<boolean | undefined> {
  const imported = await importedKey(algorithm, key)
  if (imported === undefined) return undefined
  return crypto.subtle.verify(algorithm, imported, owned(signature), owned(payload))
}

function importedKey(algorithm: Algorithm, key: Uint8Array): Promise<CryptoKey | undefined> {
  const id = `${algorithm.name}${key.toString()}`
  const known = keys.get(id)
  if (known !== undefined) return known
  // Neither a platform without the algorithm nor a malformed key is an error here: the caller's own code decides.
  const imported = crypto.subtle.importKey('raw', owned(key), algorithm, false, ['verify']).catch(() => undefined)
  if (keys.size >= keysMax) keys.delete(keys.keys().next().value as string)
  keys.set(id, imported)
  return imported
}
