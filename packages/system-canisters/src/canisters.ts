/** Which system canisters a local network has, at the ids they have on mainnet, and what each is told at the start. */
import type { IDL } from '@dfinity/candid'
import { Principal as CandidPrincipal } from '@dfinity/principal'
import { type Binding, cyclesLedger, cyclesMinting, icpLedger, internetIdentity, registry } from '@tidemark/bindings'
import { anonymousPrincipal, Principal } from '@tidemark/types'
import { accountIdentifier } from './accountIdentifier.ts'

/** A subnet of the network, as the cycles minting canister and the registry know it. */
export interface SubnetFacts {
  readonly id: Principal
  /** As a creation can ask for it, such as `application`; absent where it cannot. */
  readonly type?: string
  /** Ranges of canister ids, both ends within. */
  readonly ranges: readonly { readonly start: Principal; readonly end: Principal }[]
}

/** What the canisters are told of the network. */
export interface NetworkFacts {
  readonly subnets: readonly SubnetFacts[]
  /** Where a canister goes when nobody says where; at least one. */
  readonly defaultSubnets: readonly Principal[]
  /** Who gets a million ICP and 10^15 cycles, beside the anonymous principal, which has practically endless cycles. */
  readonly funded: readonly Principal[]
  /** Accounts of the ICP ledger, 64 hexadecimal digits each, that get a billion ICP. Default: none. */
  readonly richAccounts?: readonly string[]
}

/** One system canister. */
export interface SystemCanister {
  /** That of its module, as `@tidemark/build` knows it. */
  readonly name: string
  readonly id: Principal
  readonly binding: Binding
  /** Cycles that it is created with, out of nothing. */
  readonly cycles: bigint
  /** Memory that is set aside for it on the public network, bytes. */
  readonly memoryAllocation: bigint
  /** The initialisation argument. */
  readonly init: (facts: NetworkFacts) => unknown
  /** Whole host names under which browsers reach it, beside those with its id. */
  readonly hosts?: readonly string[]
  /** Whether its pages are for browsers on the network's own machine only. */
  readonly isForThisMachine?: boolean
}

/** Whose calls change what the cycles minting canister and the registry know. */
export const governanceId = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai')
/** Who controls the system canisters of the public network. */
export const nnsRootId = Principal.fromText('r7inp-6aaaa-aaaaa-aaabq-cai')
const gibibyte = 1_073_741_824n
/** Balance of the anonymous principal, the largest that signed 128-bit arithmetic holds. */
const endlessCycles = 2n ** 127n - 1n
const fundedCycles = 1_000_000_000_000_000n
const upkeepCycles = 1_000_000_000_000_000_000n
/** A billion ICP for the anonymous principal, a million for others, in 10^-8 ICP. */
const anonymousE8s = 100_000_000_000_000_000n
const fundedE8s = 100_000_000_000_000n

/** In the order in which they are installed: a ledger before who uses it. */
export const systemCanisters: readonly SystemCanister[] = [
  { ...signIn('rdmx6-jaaaa-aaaaa-aaadq-cai'), hosts: ['id.ai.localhost'] },
  signIn('uqzsh-gqaaa-aaaaq-qaada-cai'),
  {
    name: 'icp_ledger',
    id: Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai'),
    binding: icpLedger,
    cycles: upkeepCycles,
    memoryAllocation: 4n * gibibyte,
    init: ({ funded, richAccounts = [] }) => ({
      Init: {
        minting_account: accountIdentifier(governanceId),
        icrc1_minting_account: [{ owner: candid(governanceId), subaccount: [] }],
        initial_values: [
          ...[accountIdentifier(anonymousPrincipal), ...richAccounts].map((account) => [account, { e8s: anonymousE8s }]),
          ...funded.map((owner) => [accountIdentifier(owner), { e8s: fundedE8s }]),
        ],
        transfer_fee: [],
        token_symbol: [],
        token_name: [],
      },
    }),
  },
  {
    name: 'cycles_ledger',
    id: Principal.fromText('um5iw-rqaaa-aaaaq-qaaba-cai'),
    binding: cyclesLedger,
    // Every cycle of a balance is there to be withdrawn.
    cycles: endlessCycles + upkeepCycles,
    memoryAllocation: 0n,
    init: ({ funded }) => ({
      Init: {
        max_blocks_per_request: 100n,
        index_id: [],
        initial_balances: [
          [
            [{ owner: candid(anonymousPrincipal), subaccount: [] }, endlessCycles - fundedCycles * BigInt(funded.length)],
            ...funded.map((owner) => [{ owner: candid(owner), subaccount: [] }, fundedCycles]),
          ],
        ],
      },
    }),
  },
  {
    name: 'cycles_minting',
    id: Principal.fromText('rkp4c-7iaaa-aaaaa-aaaca-cai'),
    binding: cyclesMinting,
    cycles: 2n ** 125n,
    memoryAllocation: gibibyte,
    init: ({ subnets, defaultSubnets }) => [
      {
        default_subnets: defaultSubnets.map(candid),
        subnets: subnets.flatMap(({ id, type }) => (type === undefined ? [] : [{ subnet_id: candid(id), subnet_type: type }])),
        xdr_permyriad_per_icp: [],
      },
    ],
  },
  {
    name: 'registry',
    id: Principal.fromText('rwlgt-iiaaa-aaaaa-aaaaa-cai'),
    binding: registry,
    cycles: upkeepCycles,
    memoryAllocation: 0n,
    init: registryOf,
  },
]

/** The stand-in for Internet Identity, and its page once more where the public one has its front end: identities are at the first. */
function signIn(id: string): SystemCanister {
  return {
    name: 'internet_identity',
    id: Principal.fromText(id),
    binding: internetIdentity,
    cycles: upkeepCycles,
    memoryAllocation: 0n,
    init: () => [],
    isForThisMachine: true,
  }
}

/** The system canister that browsers reach under a whole host name. */
export function systemCanisterOf(host: string): Principal | undefined {
  return systemCanisters.find(({ hosts }) => hosts?.includes(host))?.id
}

/** The sign-in page: whoever reaches it could sign in on this network as nobody else but its developer should. */
export function isForThisMachine(canisterId: Principal): boolean {
  return systemCanisters.some((canister) => canister.isForThisMachine === true && canister.id.equals(canisterId))
}

/** The types of a canister's initialisation arguments. */
export function initTypes({ binding }: SystemCanister, idl: typeof IDL): IDL.Type[] {
  return binding.init({ IDL: idl })
}

/** The subnets and their ids, as the registry is told of them. */
export function registryOf({ subnets }: Pick<NetworkFacts, 'subnets'>) {
  return {
    subnets: subnets.map(({ id, ranges }) => ({
      subnet_id: candid(id),
      ranges: ranges.map(({ start, end }) => ({ start: candid(start), end: candid(end) })),
    })),
  }
}

export function candid(principal: Principal): CandidPrincipal {
  return CandidPrincipal.fromUint8Array(principal.bytes)
}
