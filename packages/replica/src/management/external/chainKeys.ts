/** What the calls for keys and signatures have in common: which key is meant, and which path below it. */
import type { managementTypes } from '@tidemark/bindings'
import { RejectError } from '@tidemark/types'
import { type ChainKeys, holderNodes, type KeyId, keyIds, printKey } from '../../chainKeys/index.ts'
import type { ManagementCall } from '../call.ts'
import { type MethodName, tooManyElements } from '../codec.ts'

/** Steps that a derivation path can have: 255 with that of the canister, which comes first. */
const maxPathLength = 254

export function ecdsaKey({ curve, name }: managementTypes.EcdsaKeyId): KeyId {
  return { algorithm: 'secp256r1' in curve ? 'ecdsa:Secp256r1' : 'ecdsa:Secp256k1', name }
}

export function schnorrKey({ algorithm, name }: managementTypes.SchnorrKeyId): KeyId {
  return { algorithm: 'ed25519' in algorithm ? 'schnorr:Ed25519' : 'schnorr:Bip340Secp256k1', name }
}

export function vetKey({ name }: managementTypes.VetKdKeyId): KeyId {
  return { algorithm: 'vetkd:Bls12_381_G2', name }
}

/** The subnet's keys, if the one asked for is among them. @throws RejectError CanisterNotFound: such a call goes nowhere */
export function keysWith(call: ManagementCall, method: MethodName, key: KeyId, use: 'read' | 'sign'): ChainKeys {
  const { chainKeys, chainKeyNames } = call.options
  const isHeld = holderNodes(key) !== undefined && chainKeyNames?.own.includes(key.name) !== false
  if (chainKeys !== undefined && isHeld) return chainKeys
  const known = chainKeyNames === undefined ? keyIds : keyIds.filter(({ name }) => chainKeyNames.network().includes(name))
  const existing = `[${chainKeys === undefined ? '' : known.map(printKey).join(', ')}]`
  const reason =
    use === 'read'
      ? `Requested unknown threshold key: ${printKey(key)}, existing keys: ${existing}`
      : `Requested unknown or disabled threshold key: ${printKey(key)}, existing enabled keys: ${existing}`
  throw new RejectError('CanisterNotFound', `Unable to route management canister request ${method}: ChainKeyError("${reason}")`)
}

/**
 * What a step of a derivation counts for in a round: about its share of the time that a round may take. A path of 254
 * steps takes a tenth of a second.
 */
export const stepInstructions = 2_000_000

/** @throws RejectError InvalidManagementPayload when it has too many steps */
export function checkedPath(path: readonly Uint8Array[]): readonly Uint8Array[] {
  if (path.length > maxPathLength) throw tooManyElements(maxPathLength)
  return path
}
