/** The set of subnets of an instance, as clients of any version write it. */
import type { SubnetKind } from '@tidemark/network'
import { Principal } from '@tidemark/types'
import { badRequest, malformed } from '../wire/apiError.ts'
import { type Fields, fieldsOf, isAbsent, listOf, principalOf, textOf } from '../wire/fields.ts'
import type { InstanceSubnet } from './config.ts'

/** Kinds of which there is one at most, and kinds that come in lists, in the order in which the server makes them. */
const singleKinds = ['nns', 'sns', 'ii', 'fiduciary', 'bitcoin', 'test_threshold_keys'] as const
const listedKinds = ['system', 'application', 'verified_application', 'cloud_engine'] as const
/** More subnets than any client asks for in earnest. */
const subnetsMax = 256

/** @throws ApiError 400 when the set asks for what is not there, 422 for members of a wrong type */
export function parseSubnets(set: Fields): readonly InstanceSubnet[] {
  const subnets = [
    ...singleKinds.flatMap((kind) => single(kind, set[kind])),
    ...listedKinds.flatMap((kind) => specsOf(set[kind], kind).map((spec) => parseSpec(kind, spec))),
  ]
  if (subnets.length > subnetsMax) throw badRequest(`This server has ${subnetsMax} subnets per instance at most`)
  return subnets
}

/** Early clients write `true` and `false` for a subnet that is there or not. */
function single(kind: SubnetKind, spec: unknown): InstanceSubnet[] {
  if (isAbsent(spec) || spec === false) return []
  return [parseSpec(kind, spec === true ? {} : spec)]
}

/** Early clients write a number for so many subnets. */
function specsOf(specs: unknown, kind: SubnetKind): readonly unknown[] {
  if (isAbsent(specs)) return []
  if (typeof specs !== 'number') return listOf(specs, `\`${kind}\``)
  if (!Number.isInteger(specs) || specs < 0 || specs > subnetsMax) throw malformed(`\`${kind}\` must be a list`)
  return Array.from({ length: specs }, () => ({}))
}

function parseSpec(kind: SubnetKind, value: unknown): InstanceSubnet {
  const spec = fieldsOf(value, `A subnet of the kind \`${kind}\``)
  const statePath = statePathOf(spec['state_config'])
  const subnetAdmins = isAbsent(spec['subnet_admins']) ? undefined : listOf(spec['subnet_admins'], '`subnet_admins`').map(adminOf)
  if (subnetAdmins !== undefined && !isRentable(kind)) {
    throw badRequest('Subnet admins can only be specified for subnet of kind `Application` or `CloudEngine`')
  }
  const costSchedule = costScheduleOf(kind, spec['cost_schedule'])
  if (subnetAdmins !== undefined && costSchedule !== 'free') {
    throw badRequest('Subnet admins can only be specified for subnet with cost schedule of kind `Free`')
  }
  return {
    kind,
    ...(statePath !== undefined && { statePath }),
    ...(subnetAdmins && { subnetAdmins }),
    costSchedule,
    instructionLimits: choice(spec['instruction_config'], 'instruction_config', { Production: 'production', Benchmarking: 'benchmarking' }),
  }
}

function isRentable(kind: SubnetKind): boolean {
  return kind === 'application' || kind === 'cloud_engine'
}

/** Cloud engines are free of charge; of the others, application subnets may be. @throws ApiError 400 */
function costScheduleOf(kind: SubnetKind, given: unknown): 'normal' | 'free' {
  const isEngine = kind === 'cloud_engine'
  const schedule = isAbsent(given) && isEngine ? 'free' : choice(given, 'cost_schedule', { Normal: 'normal', Free: 'free' })
  if (isEngine && schedule !== 'free') throw badRequest('Every subnet of kind `CloudEngine` must have cost schedule of kind `Free`')
  if (schedule === 'free' && !isRentable(kind)) {
    throw badRequest('Non-default cost schedule can only be specified for subnet of kind `Application` or `CloudEngine`')
  }
  return schedule
}

/** As text, as bytes, or as bytes in an object: clients differ. */
function adminOf(value: unknown): Principal {
  if (typeof value === 'string' && value.includes('-')) return principalFromText(value)
  const bytes = typeof value === 'string' || Array.isArray(value) ? value : fieldsOf(value, 'An admin of a subnet')['principal_id']
  return principalOf(bytes, '`subnet_admins`', 'subnet admin')
}

function principalFromText(text: string): Principal {
  try {
    return Principal.fromText(text)
  } catch {
    throw malformed(`\`subnet_admins\` must be principals, not ${text.slice(0, 80)}`)
  }
}

function statePathOf(state: unknown): string | undefined {
  if (isAbsent(state) || state === 'New') return undefined
  const named = fieldsOf(state, '`state_config`')
  if ('FromBlobStore' in named) throw badRequest('SubnetStateConfig::FromBlobStore is not yet implemented')
  if (!('FromPath' in named)) throw malformed('`state_config` must be `New`, `FromPath` or `FromBlobStore`')
  const path = named['FromPath']
  // Older clients name the subnet besides its folder.
  return textOf(Array.isArray(path) ? path[0] : path, '`FromPath`')
}

/** One of some names; the first when nothing is said. */
export function choice<Value extends string>(given: unknown, name: string, values: Readonly<Record<string, Value>>): Value {
  const [first] = Object.values(values)
  const value = typeof given === 'string' && Object.hasOwn(values, given) ? values[given] : isAbsent(given) ? first : undefined
  if (value === undefined) throw malformed(`\`${name}\` must be one of ${Object.keys(values).join(', ')}`)
  return value
}
