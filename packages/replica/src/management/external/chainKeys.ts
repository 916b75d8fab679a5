/**
 * Threshold keys. This subnet holds none, so each method refuses the key that it is asked for, as a subnet does that was
 * not given it.
 */
import type { managementTypes } from '@tidemark/bindings'
import { RejectError } from '@tidemark/types'
import { argumentOf } from '../access.ts'
import type { ManagementCall } from '../call.ts'
import type { MethodName } from '../codec.ts'

export function ecdsaPublicKey(call: ManagementCall): never {
  throw unknownKey('ecdsa_public_key', ecdsaKey(argumentOf(call, 'ecdsa_public_key').key_id))
}

export function signWithEcdsa(call: ManagementCall): never {
  throw unknownOrDisabledKey('sign_with_ecdsa', ecdsaKey(argumentOf(call, 'sign_with_ecdsa').key_id))
}

export function schnorrPublicKey(call: ManagementCall): never {
  throw unknownKey('schnorr_public_key', schnorrKey(argumentOf(call, 'schnorr_public_key').key_id))
}

export function signWithSchnorr(call: ManagementCall): never {
  throw unknownOrDisabledKey('sign_with_schnorr', schnorrKey(argumentOf(call, 'sign_with_schnorr').key_id))
}

export function vetkdPublicKey(call: ManagementCall): never {
  throw unknownKey('vetkd_public_key', vetkdKey(argumentOf(call, 'vetkd_public_key').key_id))
}

export function vetkdDeriveKey(call: ManagementCall): never {
  throw unknownOrDisabledKey('vetkd_derive_key', vetkdKey(argumentOf(call, 'vetkd_derive_key').key_id))
}

// Each gives the name of a key as the network prints it.

function ecdsaKey({ name }: managementTypes.EcdsaKeyId): string {
  return `ecdsa:Secp256k1:${name}`
}

function schnorrKey({ algorithm, name }: managementTypes.SchnorrKeyId): string {
  return `schnorr:${'ed25519' in algorithm ? 'Ed25519' : 'Bip340Secp256k1'}:${name}`
}

function vetkdKey({ name }: managementTypes.VetKdKeyId): string {
  return `vetkd:Bls12_381_G2:${name}`
}

function unknownKey(method: MethodName, key: string): RejectError {
  return unroutable(method, `Requested unknown threshold key: ${key}, existing keys: []`)
}

function unknownOrDisabledKey(method: MethodName, key: string): RejectError {
  return unroutable(method, `Requested unknown or disabled threshold key: ${key}, existing enabled keys: []`)
}

function unroutable(method: MethodName, reason: string): RejectError {
  return new RejectError('CanisterRejectedMessage', `Unable to route management canister request ${method}: ChainKeyError("${reason}")`)
}
