/** Checks a signature for a client: any scheme that users and canisters sign with. */
import { InvalidPublicKey, InvalidSignature, verifyUserSignature } from '@tidemark/http'
import { bytesOf, type Fields } from './wire/fields.ts'
import type { JsonValue } from './wire/json.ts'

export async function verifySignature(fields: Fields): Promise<JsonValue> {
  const parts = {
    payload: bytesOf(fields['msg'], '`msg`'),
    signature: bytesOf(fields['sig'], '`sig`'),
    publicKeyDer: bytesOf(fields['pubkey'], '`pubkey`'),
    rootKey: bytesOf(fields['root_pubkey'], '`root_pubkey`'),
  }
  try {
    await verifyUserSignature(parts)
    return { Ok: null }
  } catch (error) {
    if (error instanceof InvalidPublicKey || error instanceof InvalidSignature) return { Err: error.message }
    throw error
  }
}
