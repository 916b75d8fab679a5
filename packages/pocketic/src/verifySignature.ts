/** Checks a signature for a client: any scheme that users and canisters sign with. */
import { blsKeyOfDer, CertificationError, decodeCanisterKey } from '@tidemark/certification'
import { InvalidPublicKey, InvalidSignature, verifyUserSignature } from '@tidemark/http'
import { bytesOf, type Fields } from './wire/fields.ts'
import type { JsonValue } from './wire/json.ts'

/** 200 for a good one, 406 for another, 400 for a key that is none: with the words of a result in each case. */
export async function verifySignature(fields: Fields): Promise<{ readonly value: JsonValue; readonly status: number }> {
  const parts = {
    payload: bytesOf(fields['msg'], '`msg`'),
    signature: bytesOf(fields['sig'], '`sig`'),
    publicKeyDer: bytesOf(fields['pubkey'], '`pubkey`'),
    rootKey: bytesOf(fields['root_pubkey'], '`root_pubkey`'),
  }
  const rootProblem = isCanisterKey(parts.publicKeyDer) ? problemOfRoot(parts.rootKey) : undefined
  if (rootProblem !== undefined) return { value: { Err: `Failed to parse DER encoded root public key: ${rootProblem}` }, status: 400 }
  try {
    await verifyUserSignature(parts)
    return { value: { Ok: null }, status: 200 }
  } catch (error) {
    if (error instanceof InvalidPublicKey)
      return { value: { Err: `Failed to parse DER encoded public key: ${error.message}` }, status: 400 }
    if (!(error instanceof InvalidSignature)) throw error
    return { value: { Err: `Canister signature verification failed: ${error.message}` }, status: 406 }
  }
}

function isCanisterKey(der: Uint8Array): boolean {
  return problemOf(() => decodeCanisterKey(der)) === undefined
}

/** Signatures of canisters are certified under the root key; those of users are not. */
function problemOfRoot(der: Uint8Array): string | undefined {
  return problemOf(() => blsKeyOfDer(der))
}

function problemOf(read: () => unknown): string | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof CertificationError) return error.message
    throw error
  }
}
