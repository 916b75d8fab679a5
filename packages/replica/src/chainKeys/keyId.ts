/** Names of the keys that a subnet signs with, and the size of the subnets that hold them. */

/** Kinds of keys, as errors print them, in the order of the network's own lists. */
const heldAlgorithms = ['ecdsa:Secp256k1', 'schnorr:Bip340Secp256k1', 'schnorr:Ed25519', 'vetkd:Bls12_381_G2'] as const
/** Nobody holds keys of the second curve of ECDSA; they can be asked for. */
export type KeyAlgorithm = (typeof heldAlgorithms)[number] | 'ecdsa:Secp256r1'

export interface KeyId {
  readonly algorithm: KeyAlgorithm
  readonly name: string
}

/** Nodes of the subnet that holds a key on the public network: the fee grows with them. */
const holders: ReadonlyMap<string, number> = new Map([
  ['dfx_test_key', 13],
  ['key_1', 34],
  ['test_key_1', 13],
])

/** Nodes that the fee of a key counts; undefined when there is no such key. */
export function holderNodes({ algorithm, name }: KeyId): number | undefined {
  return algorithm === 'ecdsa:Secp256r1' ? undefined : holders.get(name)
}

/** A key as errors print it. */
export function printKey({ algorithm, name }: KeyId): string {
  return `${algorithm}:${name}`
}

/** All keys there are. */
export const keyIds: readonly KeyId[] = heldAlgorithms.flatMap((algorithm) => [...holders.keys()].map((name) => ({ algorithm, name })))
