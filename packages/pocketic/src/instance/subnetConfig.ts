/** The set of subnets of an instance, as clients of any version write it. */
import type { SubnetKind, SubnetOptions } from '@tidemark/network'
import { badRequest, malformed } from '../wire/apiError.ts'
import { type Fields, fieldsOf, isAbsent, listOf } from '../wire/fields.ts'

/** Kinds of which there is one at most, and kinds that come in lists, in the order in which the server makes them. */
const singleKinds = ['nns', 'sns', 'ii', 'fiduciary', 'bitcoin', 'test_threshold_keys'] as const
const listedKinds = ['system', 'application', 'verified_application', 'cloud_engine'] as const
/** More subnets than any client asks for in earnest. */
const subnetsMax = 256

/** @throws ApiError 400 when the set is empty or asks for what is not there, 422 for members of a wrong type */
export function parseSubnets(set: Fields): readonly SubnetOptions[] {
  const subnets = [
    ...singleKinds.flatMap((kind) => single(kind, set[kind])),
    ...listedKinds.flatMap((kind) => specsOf(set[kind], kind).map((spec) => parseSpec(kind, spec))),
  ]
  if (subnets.length === 0) throw badRequest('Bad config')
  if (subnets.length > subnetsMax) throw badRequest(`This server has ${subnetsMax} subnets per instance at most`)
  return subnets
}

/** Early clients write `true` and `false` for a subnet that is there or not. */
function single(kind: SubnetKind, spec: unknown): SubnetOptions[] {
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

function parseSpec(kind: SubnetKind, value: unknown): SubnetOptions {
  const spec = fieldsOf(value, `A subnet of the kind \`${kind}\``)
  checkState(spec['state_config'])
  const admins = spec['subnet_admins']
  if (Array.isArray(admins) && admins.length > 0) throw badRequest('This server does not have admins of subnets (`subnet_admins`) yet')
  return {
    kind,
    costSchedule: choice(spec['cost_schedule'], 'cost_schedule', { Normal: 'normal', Free: 'free' }),
    instructionLimits: choice(spec['instruction_config'], 'instruction_config', { Production: 'production', Benchmarking: 'benchmarking' }),
  }
}

function checkState(state: unknown): void {
  if (isAbsent(state) || state === 'New') return
  const named = fieldsOf(state, '`state_config`')
  if ('FromBlobStore' in named) throw badRequest('SubnetStateConfig::FromBlobStore is not yet implemented')
  if (!('FromPath' in named)) throw malformed('`state_config` must be `New`, `FromPath` or `FromBlobStore`')
  throw badRequest('This server does not have subnets that start from a stored state (`state_config`) yet')
}

/** One of some names; the first when nothing is said. */
function choice<Value extends string>(given: unknown, name: string, values: Readonly<Record<string, Value>>): Value {
  const [first] = Object.values(values)
  const value = typeof given === 'string' && Object.hasOwn(values, given) ? values[given] : isAbsent(given) ? first : undefined
  if (value === undefined) throw malformed(`\`${name}\` must be one of ${Object.keys(values).join(', ')}`)
  return value
}
