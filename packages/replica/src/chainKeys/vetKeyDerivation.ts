/**
 * Derivation and encryption of verifiably encrypted keys (vetKD) on BLS12-381, with public keys in G2.
 *
 * @see ePrint 2023/616; Interface specification, "IC method `vetkd_derive_key`". The hash is BLS_SIG_BLS12381G1 with
 * message augmentation.
 */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { concatBytes } from '@noble/hashes/utils.js'

const { G1, G2, shortSignatures } = bls12_381
const { Fn } = bls12_381.G2.Point
const suite = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_AUG_'
const domains = {
  canister: 'ic-vetkd-bls12-381-g2-canister-id',
  context: 'ic-vetkd-bls12-381-g2-context',
  blinding: 'tidemark-vetkd-blinding',
} as const

/** A key of a canister and a context. */
export interface DerivedVetKey {
  /** Compressed point of G2, 96 bytes. */
  readonly publicKey: Uint8Array
  /** What to add to the master secret. */
  readonly offset: bigint
}

/** Derives the public key of a canister, and from it that of a context unless this is empty. */
export function deriveVetKey(masterPublicKey: Uint8Array, canisterId: Uint8Array, context: Uint8Array): DerivedVetKey {
  const canisterKey = deriveStep({ publicKey: masterPublicKey, offset: 0n }, canisterId, domains.canister)
  return context.length === 0 ? canisterKey : deriveStep(canisterKey, context, domains.context)
}

function deriveStep({ publicKey, offset }: DerivedVetKey, input: Uint8Array, domain: string): DerivedVetKey {
  const step = scalarOf(domain, publicKey, input)
  const point = G2.Point.fromBytes(publicKey).add(G2.Point.BASE.multiply(step))
  return { publicKey: point.toBytes(), offset: Fn.add(offset, step) }
}

/** A number from byte strings, each with its length before it. */
function scalarOf(domain: string, ...inputs: readonly Uint8Array[]): bigint {
  const parts = inputs.flatMap((input) => [lengthOf(input), input])
  return G1.hashToScalar(concatBytes(...parts), { DST: domain })
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length))
  return bytes
}

/** Whether bytes are a point that a key can be encrypted for. */
export function isTransportKey(bytes: Uint8Array): boolean {
  try {
    G1.Point.fromBytes(bytes).assertValidity()
    return true
  } catch {
    return false
  }
}

/**
 * The key of an input, which is a signature on it, encrypted for a transport key: points of G1, G2 and G1, 192 bytes. The
 * blinding comes from the secret and everything that is encrypted, so that each node and each run gets the same bytes.
 */
export function encryptVetKey(secret: bigint, publicKey: Uint8Array, input: Uint8Array, transportKey: Uint8Array): Uint8Array {
  const blinding = scalarOf(domains.blinding, Fn.toBytes(secret), publicKey, input, transportKey)
  const signature = shortSignatures.hash(concatBytes(publicKey, input), suite).multiply(secret)
  return concatBytes(
    G1.Point.BASE.multiply(blinding).toBytes(),
    G2.Point.BASE.multiply(blinding).toBytes(),
    G1.Point.fromBytes(transportKey).multiply(blinding).add(signature).toBytes(),
  )
}
