/** Looking into canisters and changing them without a message. */
import type { Network } from '@tidemark/network'
import type { Principal } from '@tidemark/types'
import { ApiError, badRequest } from '../wire/apiError.ts'
import { toBase64 } from '../wire/base64.ts'
import { bytesOf, naturalOf, principalOf } from '../wire/fields.ts'
import type { InstanceRequest, Operations } from './route.ts'

/** Longest stable memory that goes into one answer, bytes. */
const stableBytesMax = 256 * 1024 * 1024

export const canisterOperations: Operations = {
  'POST read/get_cycles': (request) => ({ cycles: namedCanister(request).balance }),
  'POST update/add_cycles': (request) => {
    const amount = naturalOf(request.fields['amount'], 128, '`amount`')
    const cycles = request.instance.network.addCycles(namedCanister(request).id, amount)
    request.instance.rounds.poke()
    return { cycles: cycles ?? 0n }
  },
  'POST read/get_controllers': (request) =>
    namedCanister(request).settings.controllers.map((controller) => ({ principal_id: toBase64(controller.bytes) })),
  'POST read/get_subnet': ({ instance: { network }, fields }) => {
    const id = principalOf(fields['canister_id'], '`canister_id`')
    const subnet = network.canister(id) === undefined ? undefined : network.hostOf(id)
    return subnet === undefined ? null : { subnet_id: toBase64(subnet.id.bytes) }
  },
  'POST read/get_stable_memory': (request) => {
    const { id, stableMemory } = canisterWithCode(request)
    if (stableMemory.sizeBytes > stableBytesMax) {
      throw new ApiError(413, `The stable memory of ${id.toText()} has ${stableMemory.sizeBytes} bytes; at most ${stableBytesMax} are sent`)
    }
    return { blob: toBase64(request.instance.network.hostOf(id)?.replica.stableMemory(id) ?? new Uint8Array(0)) }
  },
  'POST update/set_stable_memory': (request) => {
    const content = request.blobs.content(bytesOf(request.fields['blob_id'], '`blob_id`'))
    request.instance.network.setStableMemory(canisterWithCode(request).id, content)
    return null
  },
}

type CanisterView = NonNullable<ReturnType<Network['canister']>>

function namedCanister({ instance, fields }: InstanceRequest): CanisterView {
  const id = principalOf(fields['canister_id'], '`canister_id`')
  const canister = instance.network.canister(id)
  if (canister === undefined) throw badRequest(errorAbout('CanisterNotFound', id))
  return canister
}

function canisterWithCode(request: InstanceRequest): CanisterView {
  const canister = namedCanister(request)
  if (canister.execution === undefined) throw badRequest(errorAbout('CanisterIsEmpty', canister.id))
  return canister
}

function errorAbout(kind: string, id: Principal): string {
  return `${kind}(CanisterId(${id.toText()}))`
}
