/**
 * What a client asks for when it creates an instance.
 *
 * One application subnet is what there is; everything else that would change what tests see is refused by name.
 */
import { badRequest } from '../wire/apiError.ts'
import { type Fields, fieldsOf, isAbsent, listOf, naturalOf, optionalFields } from '../wire/fields.ts'

export interface InstanceConfig {
  readonly costSchedule: 'normal' | 'free'
  /** Whether canisters may opt in to lifecycle hooks that the protocol does not have: a field of ours, `experimental_hooks`. */
  readonly experimentalHooks: boolean
  /** Nanoseconds since 1970. */
  readonly initialTimeNanos?: bigint
  /** Milliseconds to wait before each round; present when the instance progresses by itself from the start. */
  readonly autoProgressDelayMillis?: number
  /** As it came, for a gateway that starts with the instance. */
  readonly gateway?: Fields
}

const otherKinds = ['nns', 'sns', 'ii', 'fiduciary', 'bitcoin', 'test_threshold_keys'] as const
const otherLists = ['system', 'verified_application', 'cloud_engine'] as const
/** Parts of a configuration that would have an effect here if they were supported. */
const missingParts = {
  state_dir: 'state directories (`state_dir`)',
  icp_features: 'system canisters (`icp_features`)',
  bitcoind_addr: 'a Bitcoin node (`bitcoind_addr`)',
  dogecoind_addr: 'a Dogecoin node (`dogecoind_addr`)',
} as const

/**
 * @param defaults - what an instance is like that does not say
 * @throws ApiError 400 that names what is wrong or not there yet
 */
export function parseInstanceConfig(body: unknown, defaults: Pick<InstanceConfig, 'experimentalHooks'>): InstanceConfig {
  const fields = fieldsOf(body, 'An instance configuration')
  for (const [name, title] of Object.entries(missingParts)) if (asksFor(fields[name])) throw notYet(title)
  const subnet = onlySubnet(fieldsOf(fields['subnet_config_set'], '`subnet_config_set`'))
  const gateway = optionalFields(fields, 'http_gateway_config')
  const experimentalHooks = booleanOf(fields['experimental_hooks'] ?? defaults.experimentalHooks, '`experimental_hooks`')
  return { costSchedule: costScheduleOf(subnet), experimentalHooks, ...timeOf(fields), ...(gateway && { gateway }) }
}

/** A delay of rounds; 0 when there is none. @throws ApiError 400 */
export function parseDelay(fields: Fields): number {
  const delay = fields['artificial_delay_ms']
  return isAbsent(delay) ? 0 : Number(naturalOf(delay, 31, '`artificial_delay_ms`'))
}

function onlySubnet(set: Fields): Fields {
  const applications = listIn(set, 'application')
  const others = [...otherKinds.filter((name) => !isAbsent(set[name])), ...otherLists.filter((name) => listIn(set, name).length > 0)]
  if (applications.length === 0 && others.length === 0) throw badRequest('Bad config: the set of subnets is empty')
  if (others.length > 0) throw notYet(`subnets of the kind ${others.map((name) => `\`${name}\``).join(', ')}`)
  if (applications.length > 1) throw notYet(`several subnets in one instance (${applications.length} of the kind \`application\`)`)
  const subnet = fieldsOf(applications[0], 'The configuration of a subnet')
  const { state_config: state = 'New', instruction_config: instructions = 'Production' } = subnet
  if (state !== 'New') throw notYet('subnets that start from a stored state (`state_config`)')
  if (instructions !== 'Production') throw notYet('limits for benchmarking (`instruction_config`)')
  if (asksFor(subnet['subnet_admins'])) throw notYet('admins of subnets (`subnet_admins`)')
  return subnet
}

function booleanOf(value: unknown, title: string): boolean {
  if (typeof value !== 'boolean') throw badRequest(`${title} must be true or false`)
  return value
}

function costScheduleOf(subnet: Fields): 'normal' | 'free' {
  const { cost_schedule: schedule = 'Normal' } = subnet
  if (schedule === 'Normal') return 'normal'
  if (schedule === 'Free') return 'free'
  throw badRequest('`cost_schedule` must be `Normal` or `Free`')
}

function timeOf(fields: Fields): Pick<InstanceConfig, 'initialTimeNanos' | 'autoProgressDelayMillis'> {
  const time = optionalFields(fields, 'initial_time')
  if (time === undefined) return {}
  const timestamp = optionalFields(time, 'Timestamp')
  if (timestamp !== undefined) return { initialTimeNanos: naturalOf(timestamp['nanos_since_epoch'], 64, '`nanos_since_epoch`') }
  const progress = optionalFields(time, 'AutoProgress')
  if (progress !== undefined) return { autoProgressDelayMillis: parseDelay(progress) }
  throw badRequest('`initial_time` must be a `Timestamp` or `AutoProgress`')
}

function listIn(set: Fields, name: string): readonly unknown[] {
  return isAbsent(set[name]) ? [] : listOf(set[name], `\`${name}\``)
}

/** Whether a part asks for anything: it is there, and it is no empty list, object or text. */
function asksFor(part: unknown): boolean {
  if (typeof part === 'object' && part !== null) return Object.values(part).some((member) => !isAbsent(member))
  return !isAbsent(part) && part !== '' && part !== false
}

function notYet(what: string): Error {
  return badRequest(`This server does not have ${what} yet: an instance is one application subnet`)
}
