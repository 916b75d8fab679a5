/** Signs requests with a private key from a PEM file. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { type DerEncodedPublicKey, type PublicKey, type Signature, SignIdentity } from '@dfinity/agent'

const secp256k1Order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** An Ed25519, secp256k1 or P-256 key; signatures have the form that the network checks. */
export class PemIdentity extends SignIdentity {
  readonly #key: KeyObject
  readonly #publicKey: DerEncodedPublicKey

  private constructor(key: KeyObject) {
    super()
    this.#key = key
    this.#publicKey = new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }))
  }

  /** @throws Error when the text holds no unencrypted private key of a supported kind */
  static fromPem(pem: string): PemIdentity {
    // dfx writes the curve's parameters as a block of its own, which the crypto library does not expect.
    const key = createPrivateKey(pem.replace(/-----BEGIN EC PARAMETERS-----[^-]*-----END EC PARAMETERS-----\s*/, ''))
    const kind = key.asymmetricKeyType === 'ec' ? key.asymmetricKeyDetails?.namedCurve : key.asymmetricKeyType
    if (kind !== 'ed25519' && kind !== 'secp256k1' && kind !== 'prime256v1') throw new Error(`unsupported kind of key: ${String(kind)}`)
    return new PemIdentity(key)
  }

  override getPublicKey(): PublicKey {
    return { toDer: () => this.#publicKey }
  }

  override sign(blob: Uint8Array): Promise<Signature> {
    if (this.#key.asymmetricKeyType === 'ed25519') return Promise.resolve(asSignature(sign(null, blob, this.#key)))
    const signature = sign('sha256', blob, { key: this.#key, dsaEncoding: 'ieee-p1363' })
    return Promise.resolve(asSignature(this.#key.asymmetricKeyDetails?.namedCurve === 'secp256k1' ? withLowS(signature) : signature))
  }
}

/** Of the two valid values of s, the network's library takes the lower one only. */
function withLowS(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
  if (s <= secp256k1Order / 2n) return signature
  const low = Buffer.from((secp256k1Order - s).toString(16).padStart(64, '0'), 'hex')
  return Buffer.concat([signature.subarray(0, 32), low])
}

function asSignature(bytes: Uint8Array): Signature {
  return new Uint8Array(bytes) as Signature
}
