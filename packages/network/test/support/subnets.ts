/** A network of several subnets to test with. */
import { type SubnetKind, type Network, type NetworkOptions, createNetwork } from '../../src/index.ts'
import { type Argument, type Program, TestNetwork, program, universalCanister } from '../../../../tests/support/index.ts'
import type { Principal } from '@tidemark/types'

export class TestSubnets extends TestNetwork<Network> {
  /** Installs a universal canister on the first subnet of a kind, or on the one at a place in the list of subnets. */
  installOn(subnet: SubnetKind | number, arg: Argument = '', cycles?: bigint): Principal {
    const all = this.replica.subnets()
    const found = typeof subnet === 'number' ? all[subnet] : all.find(({ kind }) => kind === subnet)
    if (found === undefined) throw new Error(`there is no subnet ${subnet}`)
    const amount = cycles === undefined ? {} : { cycles }
    return this.install(universalCanister(), arg, { effectiveCanisterId: found.replica.defaultEffectiveCanisterId, ...amount })
  }
}

export function subnetsOf(kinds: readonly SubnetKind[], options: Omit<NetworkOptions, 'subnets'> = {}): TestSubnets {
  return new TestSubnets(createNetwork({ ...options, subnets: kinds.map((kind) => ({ kind })) }))
}

/** Answers with what came back, or with the code and text of the reject. */
export const passOn: { readonly onReply: Program; readonly onReject: Program } = {
  onReply: program().read('msg_arg_data').replyTop(),
  onReject: program().read('msg_reject_msg').replyTop(),
}
