/** Checks a signature for a client: any scheme that users and canisters sign with. */
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
