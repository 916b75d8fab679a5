/**
 * secp256k1 by the crypto of Node, where that is the platform: the Web Crypto API has no such curve, and in JavaScript one signature
 * takes some milliseconds. Most people on the command line sign with it.
 */
import { concatBytes } from '@noble/hashes/utils.js'
import { fromHex, toHex } from '@tidemark/types'

/** What is used of the module. */
interface NodeCrypto {
  createPublicKey(key: { readonly key: Uint8Array; readonly format: 'der'; readonly type: 'spki' }): object
  verify(
    hash: 'sha256',
    data: Uint8Array,
    key: { readonly key: object; readonly dsaEncoding: 'ieee-p1363' },
    signature: Uint8Array,
  ): boolean
}

const keysMax = 1_000
const keys = new Map<string, object | undefined>()
/** SubjectPublicKeyInfo up to the point, which is uncompressed. */
const derPrefix = fromHex('3056301006072a8648ce3d020106052b8104000a034200')

/** Loaded with the first signature: most programs that could check one start without. */
function nodeCrypto(): NodeCrypto | undefined {
  return globalThis.process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined
}

/**
 * Whether a signature (r‖s) over the payload's SHA-256 verifies, or `undefined` when the platform cannot tell.
 *
 * @param point - uncompressed, 65 bytes
 */
export function verifySecp256k1Natively(point: Uint8Array, signature: Uint8Array, payload: Uint8Array): boolean | undefined {
  const key = keyOf(point)
  return key && nodeCrypto()?.verify('sha256', payload, { key, dsaEncoding: 'ieee-p1363' }, signature)
}

function keyOf(point: Uint8Array): object | undefined {
  const id = toHex(point)
  if (keys.has(id)) return keys.get(id)
  if (keys.size >= keysMax) keys.delete(keys.keys().next().value as string)
  const key = importedKey(point)
  keys.set(id, key)
  return key
}

/** Neither a platform without the curve nor a point that is not on it is an error here: the caller's own code decides. */
function importedKey(point: Uint8Array): object | undefined {
  try {
    return nodeCrypto()?.createPublicKey({ key: concatBytes(derPrefix, point), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}
