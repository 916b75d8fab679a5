/**
 * Features of the public network that an instance has from the start: system canisters at their ids, on the subnets that
 * they need, which are told of every subnet that comes later.
 */
import type { Network, Subnet } from '@tidemark/network'
import {
  installSystemCanisters,
  isForThisMachine,
  type NetworkFacts,
  systemCanisterOf,
  updateSystemCanisters,
} from '@tidemark/system-canisters'
import { Principal } from '@tidemark/types'
import { badRequest, malformed } from '../wire/apiError.ts'
import { type Fields, fieldsOf, isAbsent } from '../wire/fields.ts'

/** Features that are here, each with the canister that it is about and the subnet that hosts it. */
const features = {
  registry: { canister: 'registry', subnet: 'nns' },
  cycles_minting: { canister: 'cycles_minting', subnet: 'nns' },
  icp_token: { canister: 'icp_ledger', subnet: 'nns' },
  cycles_token: { canister: 'cycles_ledger', subnet: 'ii' },
  ii: { canister: 'internet_identity', subnet: 'ii' },
} as const

export type IcpFeature = keyof typeof features

/** Features of the original that are not here, and what there is in their place. */
const missing = {
  nns_governance: 'calls of the governance canister can be made in its name, as any sender',
  sns: 'a subnet of the kind `sns` can be asked for, and the canisters of an SNS be installed on it',
  nns_ui: 'the ledgers have pages of their own under the Candid interface of `tidemark start`',
  bitcoin: 'a Bitcoin canister can be installed at its id, on a subnet of the kind `bitcoin`',
  dogecoin: 'a Dogecoin canister can be installed at its id, on a subnet of the kind `bitcoin`',
  canister_migration: 'canisters keep their ids here',
} as const

/** Accounts of the ICP ledger that tools for local networks expect to be full, besides that of the anonymous principal. */
const richAccounts = [
  '5b315d2f6702cb3a27d826161797d7b2c2e131cd312aece51d4d5574d1247087',
  '2b8fbde99de881f695f279d2a892b1137bfe81a42d7694e064b1be58701e1138',
]

/** Earliest time with a cycles minting canister: the price of ICP is no older than that. 2021-05-10 08:00:01 UTC. */
export const cyclesMintingGenesisNanos = 1_620_633_601_000_000_000n

/** @throws ApiError 400 for a feature that is not here, 422 for another form */
export function parseIcpFeatures(value: unknown): readonly IcpFeature[] {
  if (isAbsent(value)) return []
  const fields = fieldsOf(value, '`icp_features`')
  const wanted = [...Object.keys(features), ...Object.keys(missing)].filter((name) => isOn(name, fields[name]))
  for (const [name, instead] of Object.entries(missing)) if (wanted.includes(name)) throw notHere(name, instead)
  return Object.keys(features).filter((name): name is IcpFeature => wanted.includes(name))
}

/** Early clients write `true` and `false`. */
function isOn(name: string, value: unknown): boolean {
  if (isAbsent(value) || value === false) return false
  if (value === 'DefaultConfig' || value === true) return true
  throw malformed(`\`${name}\` must be \`DefaultConfig\``)
}

function notHere(name: string, instead: string): Error {
  const known = Object.keys(features).map((feature) => `\`${feature}\``)
  return badRequest(`This server does not have the ICP feature \`${name}\` (\`icp_features\`): it has ${known.join(', ')}; ${instead}`)
}

/** The set of subnets with those that the features need. @throws ApiError 400 where such a subnet is to have a state already */
export function withSubnetsOf(wanted: readonly IcpFeature[], set: Fields): Fields {
  const added: Record<string, unknown> = {}
  for (const feature of wanted) {
    const { subnet } = features[feature]
    const asked = set[subnet]
    if (isAbsent(asked) || asked === false) added[subnet] = {}
    else if (hasState(asked)) {
      throw badRequest(`The ${subnet.toUpperCase()} subnet must be empty when specifying the \`${feature}\` ICP feature.`)
    }
  }
  return { ...set, ...added }
}

function hasState(spec: unknown): boolean {
  const state = spec === true ? undefined : fieldsOf(spec, 'A subnet')['state_config']
  return !isAbsent(state) && state !== 'New'
}

/** Canisters that the features are about, by the names that modules have. */
export function canistersOf(wanted: readonly IcpFeature[]): readonly string[] {
  return wanted.map((feature) => features[feature].canister)
}

/** Puts the canisters on a fresh network. @param modules - by the canister's name */
export function installFeatures(network: Network, wanted: readonly IcpFeature[], modules: ReadonlyMap<string, Uint8Array>): void {
  const chosen = new Map([...modules].filter(([name]) => canistersOf(wanted).includes(name)))
  installSystemCanisters(network, { ...factsOf(network), funded: [], richAccounts, modules: chosen, settings: 'mainnet' })
}

/** Tells the canisters that subnets have come. */
export function updateFeatures(network: Network, wanted: readonly IcpFeature[]): void {
  if (wanted.includes('registry') || wanted.includes('cycles_minting'))
    updateSystemCanisters(network, canistersOf(wanted), factsOf(network))
}

/**
 * What a gateway has to know of the canisters: their host names, and which page is for browsers on this machine only. A
 * module that a test has put at one of their ids itself is like any other.
 */
export function gatewayRulesOf(wanted: readonly IcpFeature[]): {
  readonly hostOf?: typeof systemCanisterOf
  readonly isForThisMachine?: typeof isForThisMachine
} {
  return wanted.includes('ii') ? { hostOf: systemCanisterOf, isForThisMachine } : {}
}

/** Canisters are created on application subnets, and on the fiduciary one by its type. */
function factsOf(network: Network): Pick<NetworkFacts, 'subnets' | 'defaultSubnets'> {
  const subnets = network.subnets()
  return {
    subnets: subnets.map(({ id, kind, ranges }: Subnet) => ({
      id,
      ...(kind === 'fiduciary' && { type: kind }),
      ranges: ranges.map(({ first, last }) => ({ start: Principal.canister(first), end: Principal.canister(last) })),
    })),
    defaultSubnets: subnets.filter(({ kind }) => kind === 'application').map(({ id }) => id),
  }
}
