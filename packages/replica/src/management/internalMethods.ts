/** Methods of the management canister that the network keeps for canisters of its own. None of those is here. */
import { createReject, type Principal, type Reject } from '@tidemark/types'

const forRoot: ReadonlySet<string> = new Set(['setup_initial_dkg', 'reshare_chain_key', 'rename_canister'])
const forBitcoinCanisters: ReadonlySet<string> = new Set(['bitcoin_get_successors', 'bitcoin_send_transaction_internal'])

/** Whether the network knows a method of this name that is in no published interface. */
export function isInternalMethod(name: string): boolean {
  return forRoot.has(name) || forBitcoinCanisters.has(name)
}

/** The answer to a canister that calls an internal method. */
export function refuseInternal(name: string, sender: Principal): Reject {
  if (forBitcoinCanisters.has(name)) return createReject('CanisterRejectedMessage', 'Permission denied.')
  return createReject('CanisterContractViolation', `${name} is called by ${sender.toText()}. It can only be called by NNS.`)
}

/** The answer to a user's internal call, before it is taken in. */
export function refuseInternalIngress(name: string): Reject {
  const text =
    name === 'rename_canister'
      ? `Only canisters can call ic00 method ${name}`
      : `ic00 method ${name} can not be called via ingress messages`
  return createReject('CanisterRejectedMessage', text)
}
