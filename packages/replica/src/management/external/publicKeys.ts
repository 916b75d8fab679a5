/** Public keys of canisters, free of charge and answered at once. */
import type { managementTypes } from '@tidemark/bindings'
import type { Principal } from '@tidemark/types'
import type { KeyId } from '../../chainKeys/index.ts'
import { argumentOf } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { fromCandidPrincipal, optional } from '../codec.ts'
import { replyWith } from '../reply.ts'
import { checkedPath, ecdsaKey, keysWith, schnorrKey, stepInstructions, vetKey } from './chainKeys.ts'

type CanisterChoice = managementTypes.EcdsaPublicKeyArgs['canister_id']

/** @see Interface specification, "IC method `ecdsa_public_key`" */
export function ecdsaPublicKey(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'ecdsa_public_key')
  return replyWith('ecdsa_public_key', chainedKey(call, 'ecdsa_public_key', ecdsaKey(arg.key_id), arg), work(arg.derivation_path))
}

/** @see Interface specification, "IC method `schnorr_public_key`" */
export function schnorrPublicKey(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'schnorr_public_key')
  return replyWith('schnorr_public_key', chainedKey(call, 'schnorr_public_key', schnorrKey(arg.key_id), arg), work(arg.derivation_path))
}

/** @see Interface specification, "IC method `vetkd_public_key`" */
export function vetkdPublicKey(call: ManagementCall): ManagementResult {
  const { key_id, canister_id, context } = argumentOf(call, 'vetkd_public_key')
  const key = vetKey(key_id)
  const keys = keysWith(call, 'vetkd_public_key', key, 'read')
  return replyWith('vetkd_public_key', { public_key: keys.vetPublicKey(key, ownerOf(call, canister_id), context) }, work([context]))
}

function chainedKey(
  call: ManagementCall,
  method: 'ecdsa_public_key' | 'schnorr_public_key',
  key: KeyId,
  arg: { readonly canister_id: CanisterChoice; readonly derivation_path: readonly Uint8Array[] },
): managementTypes.ChainedPublicKey {
  const path = checkedPath(arg.derivation_path)
  const derived = keysWith(call, method, key, 'read').publicKey(key, { canisterId: ownerOf(call, arg.canister_id), path })
  return { public_key: derived.publicKey, chain_code: derived.chainCode }
}

/** The canister's own key is a step, too. */
function work(path: readonly Uint8Array[]): { readonly roundInstructions: number } {
  return { roundInstructions: (path.length + 1) * stepInstructions }
}

/** The canister named, or the caller. It need not exist. */
function ownerOf(call: ManagementCall, choice: CanisterChoice): Principal {
  const named = optional(choice)
  return named === undefined ? call.caller : fromCandidPrincipal(named)
}
