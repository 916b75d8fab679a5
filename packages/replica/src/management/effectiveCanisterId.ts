import { type Principal, RejectError } from '@tidemark/types'
import { decodeArgument, fromCandidPrincipal, isMethodName, type MethodName } from './codec.ts'

/** Methods that have no target, or one that does not exist yet. */
const withoutTarget: ReadonlySet<MethodName> = new Set<MethodName>([
  'create_canister',
  'provisional_create_canister_with_cycles',
  'list_canisters',
  'raw_rand',
  'http_request',
  'flexible_http_request',
  'ecdsa_public_key',
  'sign_with_ecdsa',
  'schnorr_public_key',
  'sign_with_schnorr',
  'vetkd_public_key',
  'vetkd_derive_key',
  'subnet_info',
  'node_metrics_history',
  'subnet_metrics',
  'bitcoin_get_balance',
  'bitcoin_get_utxos',
  'bitcoin_send_transaction',
  'bitcoin_get_current_fee_percentiles',
  'bitcoin_get_block_headers',
])

/**
 * The canister that a call is about; `'any'` when it is about none.
 *
 * @returns undefined when the method is unknown or its argument cannot be decoded
 * @see Interface specification, "Effective canister id"
 */
export function effectiveCanisterIdOf(methodName: string, arg: Uint8Array): Principal | 'any' | undefined {
  if (!isMethodName(methodName)) return undefined
  if (withoutTarget.has(methodName)) return 'any'
  try {
    return targetOf(methodName, arg)
  } catch (thrown) {
    if (thrown instanceof RejectError) return undefined
    throw thrown
  }
}

/** The canister that an argument names. @throws RejectError InvalidManagementPayload */
export function targetOf(method: MethodName, arg: Uint8Array): Principal | undefined {
  const decoded = decodeArgument(method, arg)
  if (typeof decoded !== 'object' || decoded === null) return undefined
  if ('target_canister' in decoded) return fromCandidPrincipal(decoded.target_canister)
  if (!('canister_id' in decoded)) return undefined
  const id = decoded.canister_id
  // In the methods about keys the field is optional and names no target.
  return Array.isArray(id) ? undefined : fromCandidPrincipal(id)
}
