/**
 * The keys of a subnet that signs for canisters. On the public network no node knows the secrets; here they come from the
 * replica's seed, so they are for tests only.
 *
 * @see Interface specification, "Threshold signatures".
 */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToNumberBE } from '@noble/curves/utils.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { InvariantError, type Principal } from '@tidemark/types'
import { type Derived, deriveEd25519, deriveSecp256k1, masterChainCode } from './derivation.ts'
import { type KeyId, printKey } from './keyId.ts'
import { signBip340, signEcdsa, signEd25519 } from './signatures.ts'
import { deriveVetKey, encryptVetKey } from './vetKeyDerivation.ts'

const secpScalars = secp256k1.Point.Fn
const edScalars = ed25519.Point.Fn
const blsScalars = bls12_381.G2.Point.Fn

interface MasterKey {
  readonly secret: bigint
  readonly publicKey: Uint8Array
}

/** Whose key, and which of them. */
export interface KeyPath {
  readonly canisterId: Principal
  readonly path: readonly Uint8Array[]
}

/** All keys of one subnet. Same seed, same keys; each is made when it is first asked for. */
export class ChainKeys {
  readonly #seed: Uint8Array
  readonly #masters = new Map<string, MasterKey>()

  constructor(seed: Uint8Array) {
    this.#seed = seed
  }

  /** Public key and chain code of a canister's ECDSA or Schnorr key. */
  publicKey(id: KeyId, whose: KeyPath): Derived {
    const derive = id.algorithm === 'schnorr:Ed25519' ? deriveEd25519 : deriveSecp256k1
    return derive(this.#master(id).publicKey, masterChainCode, [whose.canisterId.bytes, ...whose.path])
  }

  /** ECDSA over 32 bytes. */
  signEcdsa(id: KeyId, whose: KeyPath, digest: Uint8Array): Uint8Array {
    return signEcdsa(secpScalars.add(this.#master(id).secret, this.publicKey(id, whose).offset), digest)
  }

  /** BIP 340 or Ed25519, by the key's algorithm; the root of scripts is for BIP 340 only. */
  signSchnorr(id: KeyId, whose: KeyPath, message: Uint8Array, merkleRoot: Uint8Array | undefined): Uint8Array {
    const { secret } = this.#master(id)
    const { publicKey, offset } = this.publicKey(id, whose)
    return id.algorithm === 'schnorr:Ed25519'
      ? signEd25519(edScalars.add(secret, offset), publicKey, message)
      : signBip340(secpScalars.add(secret, offset), message, merkleRoot)
  }

  /** Public key under which a context's keys verify: 96 bytes. */
  vetPublicKey(id: KeyId, canisterId: Principal, context: Uint8Array): Uint8Array {
    return deriveVetKey(this.#master(id).publicKey, canisterId.bytes, context).publicKey
  }

  /** The key of an input, encrypted for a transport key that is known to be one: 192 bytes. */
  encryptedVetKey(id: KeyId, canisterId: Principal, context: Uint8Array, input: Uint8Array, transportKey: Uint8Array): Uint8Array {
    const master = this.#master(id)
    const { publicKey, offset } = deriveVetKey(master.publicKey, canisterId.bytes, context)
    return encryptVetKey(blsScalars.add(master.secret, offset), publicKey, input, transportKey)
  }

  #master(id: KeyId): MasterKey {
    const name = printKey(id)
    const known = this.#masters.get(name)
    if (known !== undefined) return known
    const made = createMaster(id, bytesToNumberBE(sha512(concatBytes(this.#seed, utf8ToBytes(name)))))
    this.#masters.set(name, made)
    return made
  }
}

function createMaster({ algorithm }: KeyId, number: bigint): MasterKey {
  switch (algorithm) {
    case 'ecdsa:Secp256r1':
      throw new InvariantError('there are no keys of this curve')
    case 'ecdsa:Secp256k1':
    case 'schnorr:Bip340Secp256k1': {
      const secret = secpScalars.create(number)
      return { secret, publicKey: secp256k1.Point.BASE.multiply(secret).toBytes() }
    }
    case 'schnorr:Ed25519': {
      const secret = edScalars.create(number)
      return { secret, publicKey: ed25519.Point.BASE.multiply(secret).toBytes() }
    }
    case 'vetkd:Bls12_381_G2': {
      const secret = blsScalars.create(number)
      return { secret, publicKey: bls12_381.G2.Point.BASE.multiply(secret).toBytes() }
    }
  }
}
