/**
 * The signature schemes that users sign with, told apart by their public keys' DER form.
 *
 * @see Interface specification, "Signatures".
 */
import { CertificationError, canisterSignatureOid, decodePublicKeyDer } from '@tidemark/certification'
import { verifyCanister } from './canister.ts'
import { verifyP256, verifySecp256k1 } from './ecdsa.ts'
import { verifyEd25519 } from './ed25519.ts'
import { InvalidPublicKey, InvalidSignature } from './errors.ts'
import { verifyWebAuthn } from './webAuthn.ts'

const oids = {
  ed25519: '1.3.101.112',
  ecPublicKey: '1.2.840.10045.2.1',
  p256: '1.2.840.10045.3.1.7',
  secp256k1: '1.3.132.0.10',
  coseKey: '1.3.6.1.4.1.56387.1.1',
} as const

/** Checks a user's signature over the payload (domain separator included). @throws InvalidPublicKey, InvalidSignature */
export async function verifyUserSignature(parts: {
  readonly publicKeyDer: Uint8Array
  readonly signature: Uint8Array
  readonly payload: Uint8Array
  readonly rootKey: Uint8Array
}): Promise<void> {
  const { publicKeyDer, signature, payload } = parts
  const { algorithm, parameters, key } = decodeKey(publicKeyDer)
  if (algorithm === canisterSignatureOid) return verifyCanister(parts)
  if (algorithm === oids.coseKey) return verifyWebAuthn(key, signature, payload)
  if (!(await verifyBasic(algorithm, parameters, key, signature, payload))) {
    throw new InvalidSignature('Invalid basic signature: the signature does not verify under the public key')
  }
}

function verifyBasic(
  algorithm: string,
  curve: string | undefined,
  key: Uint8Array,
  signature: Uint8Array,
  payload: Uint8Array,
): Promise<boolean> {
  if (algorithm === oids.ed25519 && curve === undefined) return verifyEd25519(key, signature, payload)
  if (algorithm === oids.ecPublicKey && curve === oids.p256) return verifyP256(key, signature, payload)
  if (algorithm === oids.ecPublicKey && curve === oids.secp256k1) return verifySecp256k1(key, signature, payload)
  throw new InvalidPublicKey(`unsupported public key algorithm ${algorithm}`)
}

function decodeKey(der: Uint8Array): ReturnType<typeof decodePublicKeyDer> {
  try {
    return decodePublicKeyDer(der)
  } catch (error) {
    if (error instanceof CertificationError) throw new InvalidPublicKey(error.message)
    throw error
  }
}
