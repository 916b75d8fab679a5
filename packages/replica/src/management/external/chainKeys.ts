/**
 * Threshold keys. This subnet holds none, so each method refuses the key that it is asked for, as a subnet does that was
 * not given it.
 */
import type { managementTypes } from '@tidemark/bindings'
import { RejectError } from '@tidemark/types'
import { argumentOf } from '../access.ts'
import type { ManagementCall } from '../call.ts'

/** Curve or algorithm and name, as the network prints a key. */
interface KeyName {
  readonly scheme: 'ecdsa' | 'schnorr' | 'vetkd'
  readonly algorithm: string
  readonly name: string
}

export function ecdsaPublicKey(call: ManagementCall): never {
  throw unknownKey(ecdsaKey(argumentOf(call, 'ecdsa_public_key').key_id))
}

export function signWithEcdsa(call: ManagementCall): never {
  throw unknownKey(ecdsaKey(argumentOf(call, 'sign_with_ecdsa').key_id))
}

export function schnorrPublicKey(call: ManagementCall): never {
  throw unknownKey(schnorrKey(argumentOf(call, 'schnorr_public_key').key_id))
}

export function signWithSchnorr(call: ManagementCall): never {
  throw unknownKey(schnorrKey(argumentOf(call, 'sign_with_schnorr').key_id))
}

export function vetkdPublicKey(call: ManagementCall): never {
  throw unknownKey(vetkdKey(argumentOf(call, 'vetkd_public_key').key_id))
}

export function vetkdDeriveKey(call: ManagementCall): never {
  throw unknownKey(vetkdKey(argumentOf(call, 'vetkd_derive_key').key_id))
}

function ecdsaKey({ name }: managementTypes.EcdsaKeyId): KeyName {
  return { scheme: 'ecdsa', algorithm: 'Secp256k1', name }
}

function schnorrKey({ algorithm, name }: managementTypes.SchnorrKeyId): KeyName {
  return { scheme: 'schnorr', algorithm: 'ed25519' in algorithm ? 'Ed25519' : 'Bip340Secp256k1', name }
}

function vetkdKey({ name }: managementTypes.VetKdKeyId): KeyName {
  return { scheme: 'vetkd', algorithm: 'Bls12_381_G2', name }
}

function unknownKey({ scheme, algorithm, name }: KeyName): RejectError {
  return new RejectError('CanisterRejectedMessage', `Requested unknown threshold key: ${scheme}:${algorithm}:${name}, existing keys: []`)
}
