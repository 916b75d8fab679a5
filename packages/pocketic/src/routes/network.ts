/** Time, rounds, and what an instance says of itself. */
import type { Subnet } from '@tidemark/network'
import type { Principal } from '@tidemark/types'
import { parseDelay } from '../instance/config.ts'
import type { Instance } from '../instance/instance.ts'
import { badRequest } from '../wire/apiError.ts'
import { type Fields, fieldsOf, isAbsent, listOf, naturalOf, principalOf } from '../wire/fields.ts'
import type { Operations } from './route.ts'

export const networkOperations: Operations = {
  'GET _/topology': ({ instance }) => instance.topology,
  'GET read/topology': ({ instance }) => instance.topology,
  'GET read/get_time': ({ instance }) => ({ nanos_since_epoch: instance.rounds.timeNanos() }),
  'POST update/set_time': ({ instance, fields }) => {
    setTime(instance, fields)
    return null
  },
  'POST update/set_certified_time': ({ instance, fields }) => {
    // A round at the new time puts it into the certified state.
    if (setTime(instance, fields)) instance.rounds.tick()
    return null
  },
  'POST update/tick': ({ instance, fields }) => {
    checkBlockmakers(instance, fields)
    // Subnets do not hear of each other within a round: which of them is first or last makes no difference.
    for (const name of ['first_subnet', 'last_subnet']) if (!isAbsent(fields[name])) namedSubnet(instance, fields[name])
    instance.rounds.tick()
    return null
  },
  'POST update/delete_subnet': ({ instance, fields }) => {
    const subnet = namedSubnet(instance, fields['subnet_id'])
    try {
      instance.deleteSubnet(subnet)
    } catch (error) {
      throw error instanceof RangeError ? badRequest(`SubnetDeletionError(${JSON.stringify(error.message)})`) : error
    }
    return null
  },
  'POST read/pub_key': ({ instance, fields }) => {
    return [...namedSubnet(instance, fields['subnet_id']).replica.publicKey]
  },
  'GET auto_progress': ({ instance }) => instance.rounds.progressesByItself,
  'POST auto_progress': ({ instance, fields }) => {
    if (instance.rounds.progressesByItself) throw badRequest('Auto progress mode has already been enabled.')
    instance.rounds.start(parseDelay(fields))
    return null
  },
  'POST stop_progress': ({ instance }) => {
    instance.rounds.stop()
    return null
  },
}

/** @returns whether the time moved */
function setTime({ rounds }: Instance, fields: Fields): boolean {
  const wanted = naturalOf(fields['nanos_since_epoch'], 64, '`nanos_since_epoch`')
  const current = rounds.timeNanos()
  if (wanted < current) throw badRequest(`SettingTimeIntoPast((${current}, ${wanted}))`)
  rounds.setTime(wanted)
  return wanted > current
}

/** Who made the block of a round changes nothing that canisters see; what does not exist is refused all the same. */
function checkBlockmakers(instance: Instance, fields: Fields): void {
  const given = fields['blockmakers']
  if (isAbsent(given)) return
  const list = Array.isArray(given) ? given : listOf(fieldsOf(given, '`blockmakers`')['blockmakers_per_subnet'], '`blockmakers_per_subnet`')
  for (const each of list) {
    const entry = fieldsOf(each, 'A blockmaker')
    const blockmaker = nodeIdOf(entry['blockmaker'])
    const failed = listOf(entry['failed_blockmakers'], '`failed_blockmakers`').map(nodeIdOf)
    if (failed.some((id) => id.equals(blockmaker))) throw badRequest(`BlockmakerContainedInFailed(${blockmaker.toText()})`)
    const { nodeIds } = namedSubnet(instance, entry['subnet']).replica
    const missing = [...failed, blockmaker].find((id) => !nodeIds.some((known) => known.equals(id)))
    if (missing !== undefined) throw badRequest(`BlockmakerNotFound(${missing.toText()})`)
  }
}

function nodeIdOf(value: unknown): Principal {
  return principalOf(unwrapped(value, 'node_id'), '`node_id`')
}

/** @throws ApiError 400 when the instance has no such subnet */
export function namedSubnet({ network }: Instance, value: unknown): Subnet {
  const id = principalOf(unwrapped(value, 'subnet_id'), '`subnet_id`')
  const subnet = network.subnet(id)
  if (subnet === undefined) throw badRequest(`SubnetNotFound(${id.toText()})`)
  return subnet
}

/** An id, or an object with nothing but the id. */
function unwrapped(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? (value as Fields)[name] : value
}
