/** Users of every kind, as clients sign for them. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha224, sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import {
  derCanisterKey,
  derEd25519,
  encodeCanisterSignature,
  encodePublicKeyDer,
  encodeSelfDescribed,
  leaf,
  node,
  text,
  witness,
} from '@tidemark/certification'
import { Principal } from '@tidemark/types'
import type { TestReplica } from './testReplica.ts'

export interface Signer {
  readonly publicKeyDer: Uint8Array
  readonly principal: Principal
  sign(payload: Uint8Array): Promise<Uint8Array>
}

const ecPublicKey = '1.2.840.10045.2.1'
const coseKeyOid = '1.3.6.1.4.1.56387.1.1'

export function ed25519Signer(seed = 'user'): Signer {
  const secret = sha256(text(seed))
  return signer(derEd25519(ed25519.getPublicKey(secret)), (payload) => ed25519.sign(payload, secret))
}

export function p256Signer(): Signer {
  const secret = sha256(text('p256'))
  const der = encodePublicKeyDer({ algorithm: ecPublicKey, parameters: '1.2.840.10045.3.1.7', key: p256.getPublicKey(secret, false) })
  return signer(der, (payload) => p256.sign(payload, secret))
}

/** `lowS` false gives the other of the two signatures that the curve's equation allows. */
export function secp256k1Signer({ lowS }: { readonly lowS: boolean }): Signer {
  const secret = sha256(text('secp256k1'))
  const der = encodePublicKeyDer({ algorithm: ecPublicKey, parameters: '1.3.132.0.10', key: secp256k1.getPublicKey(secret, false) })
  return signer(der, (payload) => {
    const signature = secp256k1.Signature.fromBytes(secp256k1.sign(payload, secret, { lowS: true }))
    return lowS ? signature.toBytes() : new secp256k1.Signature(signature.r, secp256k1.Point.Fn.neg(signature.s)).toBytes()
  })
}

export function compressedP256Signer(): Signer {
  const secret = sha256(text('p256'))
  const der = encodePublicKeyDer({ algorithm: ecPublicKey, parameters: '1.2.840.10045.3.1.7', key: p256.getPublicKey(secret, true) })
  return signer(der, (payload) => p256.sign(payload, secret))
}

/** A passkey: signs its own data and the client data that the browser makes around the challenge. */
export async function webAuthnSigner(
  algorithm: 'ES256' | 'EdDSA' | 'RS256',
  challenge: (payload: Uint8Array) => Uint8Array = (payload) => payload,
): Promise<Signer> {
  const { coseKey, sign } = await authenticator(algorithm)
  const der = encodePublicKeyDer({ algorithm: coseKeyOid, key: coseKey })
  return signer(der, async (payload) => {
    const clientData = JSON.stringify({
      type: 'webauthn.get',
      challenge: Buffer.from(challenge(payload)).toString('base64url'),
      origin: 'http://localhost',
      crossOrigin: false,
    })
    const authenticatorData = concatBytes(sha256(text('localhost')), Uint8Array.of(5, 0, 0, 0, 1))
    const signature = await sign(concatBytes(authenticatorData, sha256(text(clientData))))
    return encodeSelfDescribed({ authenticator_data: authenticatorData, client_data_json: clientData, signature })
  })
}

/** A canister that signs for its users; its certified data changes with each signature. */
export function canisterSigner(replica: TestReplica, canisterId: Principal, seed = 'account 1'): Signer {
  return signer(derCanisterKey({ canisterId, seed: text(seed) }), (payload) => {
    const signatures = node([[text('sig'), node([[sha256(text(seed)), node([[sha256(payload), leaf(text(''))]])]])]])
    const canister = replica.canisters.get(canisterId.key)
    if (canister !== undefined) canister.certifiedData = signatures.digest
    const certificate = replica.certificate([[text('canister'), canisterId.bytes, text('certified_data')]])
    return encodeCanisterSignature({ certificate, tree: witness(signatures, [[text('sig')]]) })
  })
}

export function rsaSigner(): Signer {
  return signer(encodePublicKeyDer({ algorithm: '1.2.840.113549.1.1.1', key: new Uint8Array(270) }), () => new Uint8Array(256))
}

function signer(publicKeyDer: Uint8Array, sign: (payload: Uint8Array) => Uint8Array | Promise<Uint8Array>): Signer {
  return { publicKeyDer, principal: Principal.selfAuthenticating(sha224(publicKeyDer)), sign: async (payload) => sign(payload) }
}

interface Authenticator {
  readonly coseKey: Uint8Array
  sign(message: Uint8Array): Promise<Uint8Array>
}

async function authenticator(algorithm: 'ES256' | 'EdDSA' | 'RS256'): Promise<Authenticator> {
  const secret = sha256(text('passkey'))
  if (algorithm === 'ES256') {
    const point = p256.getPublicKey(secret, false)
    return {
      coseKey: cose([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, point.slice(1, 33)],
        [-3, point.slice(33)],
      ]),
      sign: async (message) => p256.sign(message, secret, { format: 'der' }),
    }
  }
  if (algorithm === 'EdDSA') {
    return {
      coseKey: cose([
        [1, 1],
        [3, -8],
        [-1, 6],
        [-2, ed25519.getPublicKey(secret)],
      ]),
      sign: async (message) => ed25519.sign(message, secret),
    }
  }
  const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
  const { publicKey, privateKey } = await crypto.subtle.generateKey(rsa, true, ['sign', 'verify'])
  const { n = '' } = await crypto.subtle.exportKey('jwk', publicKey)
  return {
    coseKey: cose([
      [1, 3],
      [3, -257],
      [-1, Buffer.from(n, 'base64url')],
      [-2, Uint8Array.of(1, 0, 1)],
    ]),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign(rsa.name, privateKey, Uint8Array.from(message))),
  }
}

function cose(parameters: readonly (readonly [label: number, value: number | Uint8Array])[]): Uint8Array {
  return encodeSelfDescribed(new Map(parameters)).slice(3)
}
