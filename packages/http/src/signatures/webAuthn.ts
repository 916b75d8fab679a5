/**
 * WebAuthn signatures: the authenticator signs its own data and a digest of the client data, which holds the payload as challenge.
 *
 * @see Interface specification, "Web Authentication"; RFC 9052 and RFC 9053 for COSE keys.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { CertificationError, compareLabels, decodeCbor } from '@tidemark/certification'
import { type Fields, FieldError, fieldsOf, required } from '../fields.ts'
import { owned } from '../apiMessages.ts'
import { compactOfDer, verifyP256 } from './ecdsa.ts'
import { verifyEd25519 } from './ed25519.ts'
import { InvalidPublicKey, InvalidSignature } from './errors.ts'

/** COSE: labels of key parameters, and values of `alg`. */
const cose = { kty: 1, alg: 3, crv: -1, x: -2, y: -3, n: -1, e: -2, es256: -7, eddsa: -8, rs256: -257 } as const
const rsaBytes = { min: 256, max: 1024 } as const

/** Checks a WebAuthn signature of a COSE key over the payload. @throws InvalidPublicKey, InvalidSignature */
export async function verifyWebAuthn(coseKey: Uint8Array, signature: Uint8Array, payload: Uint8Array): Promise<void> {
  const { authenticatorData, clientData, inner } = parseSignature(signature)
  const challenge = challengeOf(clientData)
  if (compareLabels(challenge, payload) !== 0) throw invalid('the challenge is not what was to be signed')
  const signed = concatBytes(authenticatorData, sha256(clientData))
  if (!(await verifyCose(parseKey(coseKey), inner, signed))) throw invalid('the signature does not verify under the public key')
}

async function verifyCose(key: Fields, signature: Uint8Array, signed: Uint8Array): Promise<boolean> {
  switch (key.get(cose.alg)) {
    case cose.es256: {
      const compact = compactOfDer(signature)
      if (key.get(cose.kty) !== 2 || key.get(cose.crv) !== 1) throw new InvalidPublicKey('COSE: ES256 needs a point of P-256')
      return (
        compact !== undefined &&
        verifyP256(concatBytes(Uint8Array.of(4), coordinate(key, cose.x), coordinate(key, cose.y)), compact, signed)
      )
    }
    case cose.eddsa:
      if (key.get(cose.kty) !== 1 || key.get(cose.crv) !== 6) throw new InvalidPublicKey('COSE: EdDSA needs a point of Ed25519')
      return verifyEd25519(coordinate(key, cose.x), signature, signed)
    case cose.rs256:
      if (key.get(cose.kty) !== 3) throw new InvalidPublicKey('COSE: RS256 needs an RSA key')
      return verifyRs256(bytes(key, cose.n), bytes(key, cose.e), signature, signed)
    default:
      throw new InvalidPublicKey(`COSE: unsupported algorithm ${String(key.get(cose.alg))}`)
  }
}

async function verifyRs256(modulus: Uint8Array, exponent: Uint8Array, signature: Uint8Array, signed: Uint8Array): Promise<boolean> {
  if (modulus.length < rsaBytes.min || modulus.length > rsaBytes.max) throw new InvalidPublicKey(`RSA: modulus of ${modulus.length} bytes`)
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const jwk = { kty: 'RSA', n: base64Url(modulus), e: base64Url(exponent) }
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify']).catch((error: unknown) => {
    throw new InvalidPublicKey(`RSA: ${error instanceof Error ? error.message : String(error)}`)
  })
  return crypto.subtle.verify(algorithm, key, owned(signature), owned(signed))
}

function parseSignature(signature: Uint8Array): { authenticatorData: Uint8Array; clientData: Uint8Array; inner: Uint8Array } {
  try {
    const fields = fieldsOf(decodeCbor(signature, 'WebAuthn signature'), 'WebAuthn signature')
    const json = fields.get('client_data_json')
    return {
      authenticatorData: required(fields, 'authenticator_data', 'bytes'),
      // A text by the specification; some clients send the bytes.
      clientData: json instanceof Uint8Array ? json : new TextEncoder().encode(required(fields, 'client_data_json', 'text')),
      inner: required(fields, 'signature', 'bytes'),
    }
  } catch (error) {
    if (error instanceof CertificationError || error instanceof FieldError) throw invalid(error.message)
    throw error
  }
}

function challengeOf(clientData: Uint8Array): Uint8Array {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(clientData))
    const challenge = typeof parsed === 'object' && parsed !== null && 'challenge' in parsed ? parsed.challenge : undefined
    if (typeof challenge !== 'string' || /[^\w-]/.test(challenge)) throw invalid('no challenge in the client data')
    return Uint8Array.from(atob(challenge.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
  } catch (error) {
    if (error instanceof InvalidSignature) throw error
    throw invalid('the client data is no JSON with a challenge')
  }
}

function parseKey(coseKey: Uint8Array): Fields {
  try {
    return fieldsOf(decodeCbor(coseKey, 'COSE key'), 'COSE key')
  } catch (error) {
    if (error instanceof CertificationError || error instanceof FieldError) throw new InvalidPublicKey(error.message)
    throw error
  }
}

function coordinate(key: Fields, label: number): Uint8Array {
  const value = bytes(key, label)
  if (value.length !== 32) throw new InvalidPublicKey(`COSE: a coordinate has 32 bytes, got ${value.length}`)
  return value
}

function bytes(key: Fields, label: number): Uint8Array {
  const value = key.get(label)
  if (value instanceof Uint8Array) return value
  throw new InvalidPublicKey(`COSE: parameter ${label} must be bytes`)
}

function base64Url(value: Uint8Array): string {
  return btoa(String.fromCharCode(...value))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

function invalid(message: string): InvalidSignature {
  return new InvalidSignature(`Invalid webauthn signature: ${message}`)
}
