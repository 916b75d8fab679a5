/** Checks of BLS signatures that remember what they found, for those who meet the same certificate again and again. */
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { toHex } from '@tidemark/types'
import { type SignatureCheck, verifyBls } from './blsKey.ts'

/**
 * A check that verifies each signature once and remembers the `most` last ones that verified. Refusals are not remembered:
 * nobody can push good ones out with bad ones.
 */
export function createRememberingCheck(most: number, check: SignatureCheck = verifyBls): SignatureCheck {
  const verified = new Set<string>()
  return (publicKeyDer, signature, message) => {
    // Digests have one length, so the parts cannot be shifted against each other.
    const id = toHex(sha256(concatBytes(sha256(publicKeyDer), sha256(signature), sha256(message))))
    if (verified.has(id)) return true
    if (!check(publicKeyDer, signature, message)) return false
    const [oldest] = verified
    if (verified.size >= most && oldest !== undefined) verified.delete(oldest)
    verified.add(id)
    return true
  }
}
