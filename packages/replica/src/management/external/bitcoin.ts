/**
 * The old Bitcoin methods. The network passes such calls on to one of two canisters, which do not exist here; so the
 * answer is the one for a canister that is not there.
 */
import { RejectError } from '@tidemark/types'
import { argumentOf } from '../access.ts'
import type { ManagementCall } from '../call.ts'

const bitcoinCanisters = { mainnet: 'ghsi2-tqaaa-aaaan-aaaca-cai', testnet: 'g4xu7-jiaaa-aaaan-aaaaq-cai' } as const

type BitcoinMethod =
  | 'bitcoin_get_balance'
  | 'bitcoin_get_utxos'
  | 'bitcoin_send_transaction'
  | 'bitcoin_get_current_fee_percentiles'
  | 'bitcoin_get_block_headers'

/** The refusal of one Bitcoin method. */
export function bitcoin(method: BitcoinMethod): (call: ManagementCall) => never {
  return (call) => {
    const { network } = argumentOf(call, method)
    const canister = 'mainnet' in network ? bitcoinCanisters.mainnet : bitcoinCanisters.testnet
    throw new RejectError('CanisterNotFound', `Canister ${canister} not found`)
  }
}
