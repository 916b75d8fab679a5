/**
 * Canister signatures of users.
 *
 * Verifying one takes a BLS pairing, some 25 ms, and a signed-in user sends the same one in the delegation of every request. So
 * those that verified are remembered; what they say does not depend on the time.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { CertificationError, verifyCanisterSignature } from '@tidemark/certification'
import { toHex } from '@tidemark/types'
import { InvalidSignature } from './errors.ts'

const rememberedMax = 1_000
const verified = new Set<string>()

/** @throws InvalidSignature */
export function verifyCanister(parts: Parameters<typeof verifyCanisterSignature>[0]): void {
  // Digests have one length, so the parts cannot be shifted against each other.
  const { publicKeyDer, signature, payload, rootKey } = parts
  const id = toHex(sha256(concatBytes(...[publicKeyDer, signature, payload, rootKey].map((part) => sha256(part)))))
  if (verified.has(id)) return
  try {
    verifyCanisterSignature(parts)
  } catch (error) {
    if (error instanceof CertificationError) throw new InvalidSignature(`Invalid canister signature: ${error.message}`)
    throw error
  }
  const [oldest] = verified
  if (verified.size >= rememberedMax && oldest !== undefined) verified.delete(oldest)
  verified.add(id)
}
