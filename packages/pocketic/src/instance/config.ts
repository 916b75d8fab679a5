/** What a client asks for when it creates an instance. What would have an effect and is not there is refused by name. */
import { mainnetNnsSubnetId, type SubnetOptions } from '@tidemark/network'
import { type GatewayConfig, parseGatewayConfig } from '../gatewayConfig.ts'
import { badRequest, malformed } from '../wire/apiError.ts'
import { type Fields, fieldsOf, isAbsent, naturalOf, optionalFields, textOf } from '../wire/fields.ts'
import { cyclesMintingGenesisNanos, type IcpFeature, parseIcpFeatures, withSubnetsOf } from './icpFeatures.ts'
import { choice, parseSubnets } from './subnetConfig.ts'

/** A subnet, and the folder that its state is in, if it has one. */
export type InstanceSubnet = SubnetOptions & { readonly statePath?: string }

export interface InstanceConfig {
  /** Not needed where the state directory holds a state. */
  readonly subnets: readonly InstanceSubnet[]
  /** Folder in which the state outlives the instance. */
  readonly stateDir?: string
  /** System canisters that it starts with, and that it keeps up to date. */
  readonly icpFeatures: readonly IcpFeature[]
  /** Whether canisters may opt in to lifecycle hooks that the protocol does not have: a field of ours, `experimental_hooks`. */
  readonly experimentalHooks: boolean
  /** Whether requests of agents are taken as they are, without a look at their signatures. */
  readonly trustsSenders: boolean
  /** Nanoseconds since 1970. */
  readonly initialTimeNanos?: bigint
  /** Milliseconds to wait before each round; present when the instance progresses by itself from the start. */
  readonly autoProgressDelayMillis?: number
  /** Of a gateway that starts with the instance. */
  readonly gateway?: GatewayConfig
}

/** Earliest time that an instance can start at: 2021-05-06 19:17:10 UTC. */
const genesisNanos = 1_620_328_630_000_000_000n

const logLevels: ReadonlySet<string> = new Set([
  'off',
  'critical',
  'crit',
  'error',
  'erro',
  'warning',
  'warn',
  'info',
  'debug',
  'debg',
  'trace',
  'trce',
])

const icpFlags = ['beta_features', 'canister_backtrace', 'function_name_length_limits', 'canister_execution_rate_limiting'] as const

/** Parts of a configuration that would have an effect here if they were supported. */
const missingParts = {
  bitcoind_addr: 'a Bitcoin node (`bitcoind_addr`)',
  dogecoind_addr: 'a Dogecoin node (`dogecoind_addr`)',
} as const

/**
 * @param defaults - what an instance is like that does not say
 * @throws ApiError 400 that names what is wrong or not there, 422 for members of a wrong type
 */
export function parseInstanceConfig(body: unknown, defaults: Pick<InstanceConfig, 'experimentalHooks'>): InstanceConfig {
  const fields = fieldsOf(body, 'An instance configuration')
  for (const [name, title] of Object.entries(missingParts)) if (asksFor(fields[name])) throw notYet(title)
  const icpFeatures = parseIcpFeatures(fields['icp_features'])
  const subnets = parseSubnets(withSubnetsOf(icpFeatures, fieldsOf(fields['subnet_config_set'], '`subnet_config_set`')))
  const stateDir = isAbsent(fields['state_dir']) ? undefined : textOf(fields['state_dir'], '`state_dir`')
  if (subnets.length === 0 && stateDir === undefined) throw badRequest('Bad config')
  checkLogLevel(fields['log_level'])
  checkFlags(fields)
  const gateway = optionalFields(fields, 'http_gateway_config')
  const experimentalHooks = booleanOf(fields['experimental_hooks'] ?? defaults.experimentalHooks, '`experimental_hooks`')
  return {
    subnets: booleanOf(fields['mainnet_nns_subnet_id'] ?? false, '`mainnet_nns_subnet_id`') ? subnets.map(withMainnetId) : subnets,
    icpFeatures,
    experimentalHooks,
    trustsSenders: booleanOf(fields['disable_ingress_validation'] ?? false, '`disable_ingress_validation`'),
    ...(stateDir !== undefined && { stateDir }),
    ...timeOf(fields, icpFeatures.includes('cycles_minting') ? cyclesMintingGenesisNanos : genesisNanos),
    ...(gateway && { gateway: parseGatewayConfig(gateway) }),
  }
}

function withMainnetId(subnet: InstanceSubnet): InstanceSubnet {
  return subnet.kind === 'nns' ? { ...subnet, id: mainnetNnsSubnetId } : subnet
}

/** This server logs failures only; a level that there is not is refused all the same. */
function checkLogLevel(level: unknown): void {
  if (isAbsent(level)) return
  if (!logLevels.has(textOf(level, '`log_level`').toLowerCase())) throw badRequest('Failed to parse log level: ()')
}

/** Settings that make no difference here: what the public network does not have yet, this one does not either. */
function checkFlags(fields: Fields): void {
  const flags = { Disabled: 'disabled', Enabled: 'enabled' }
  const config = optionalFields(fields, 'icp_config') ?? {}
  for (const name of icpFlags) choice(config[name], name, flags)
  choice(fields['incomplete_state'], 'incomplete_state', flags)
}

function booleanOf(value: unknown, what: string): boolean {
  if (typeof value !== 'boolean') throw malformed(`${what.replaceAll('`', '')}: expected a boolean`)
  return value
}

/** A delay of rounds; 0 when there is none. @throws ApiError 422 */
export function parseDelay(fields: Fields): number {
  const delay = fields['artificial_delay_ms']
  return isAbsent(delay) ? 0 : Number(naturalOf(delay, 31, '`artificial_delay_ms`'))
}

function timeOf(fields: Fields, earliestNanos: bigint): Pick<InstanceConfig, 'initialTimeNanos' | 'autoProgressDelayMillis'> {
  const time = optionalFields(fields, 'initial_time')
  if (time === undefined) return earliestNanos === genesisNanos ? {} : { initialTimeNanos: earliestNanos }
  const timestamp = optionalFields(time, 'Timestamp')
  if (timestamp !== undefined)
    return { initialTimeNanos: startOf(naturalOf(timestamp['nanos_since_epoch'], 64, '`nanos_since_epoch`'), earliestNanos) }
  const progress = optionalFields(time, 'AutoProgress')
  if (progress !== undefined) return { autoProgressDelayMillis: parseDelay(progress) }
  throw badRequest('`initial_time` must be a `Timestamp` or `AutoProgress`')
}

/** A time to start at. @param earliestNanos - where a stored state is, if there is one. @throws ApiError 400 when it is before that */
export function startOf(nanos: bigint, earliestNanos: bigint): bigint {
  if (nanos >= earliestNanos) return nanos
  throw badRequest(`The initial timestamp (unix timestamp in nanoseconds) must be no earlier than ${earliestNanos} (provided ${nanos}).`)
}

/** Whether a part asks for anything: it is there, and it is no empty list, object or text. */
function asksFor(part: unknown): boolean {
  if (typeof part === 'object' && part !== null) return Object.values(part).some((member) => !isAbsent(member))
  return !isAbsent(part) && part !== '' && part !== false
}

function notYet(what: string): Error {
  return badRequest(`This server does not have ${what} yet`)
}
