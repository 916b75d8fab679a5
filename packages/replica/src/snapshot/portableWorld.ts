/** A captured world as values that can be written to a file, and back. */
import {
  type CanisterState,
  type CapturedSubnet,
  createCanisterState,
  defaultSettings,
  fromPortable,
  PersistentMap,
  type PortableValue,
  type SubnetState,
  toPortable,
} from '@tidemark/state'
import { managementCanisterId } from '@tidemark/types'
import type { World } from '../world.ts'
import { addedFields, type FieldName, withAddedFields } from './addedFields.ts'
import type { CapturedWorld } from './worldSnapshot.ts'

/** A captured world with names in place of classes, and the shape of the state that it was written from. */
export function exportWorld(captured: CapturedWorld): PortableValue {
  const { fields: subnet, ingressHistory, canisters } = captured.subnet
  return {
    shape: shapeOf(subnet, captured.fields),
    subnet: toPortable(subnet),
    ingressHistory: toPortable(ingressHistory),
    canisters: toPortable(canisters),
    world: toPortable(captured.fields),
  }
}

/**
 * What `exportWorld` was given. Fields that were added since begin with what they begin with in a fresh world.
 *
 * @param own - the world that it is for, as it is now
 * @param added - fields that a state of an earlier version may lack
 * @throws RangeError when the state has another shape here: another version wrote it
 */
export function importWorld(
  world: Pick<World, 'classes'>,
  own: CapturedWorld,
  portable: PortableValue,
  added: ReadonlyMap<FieldName, string> = addedFields,
): CapturedWorld {
  const { shape, subnet, ingressHistory, canisters, world: fields } = partsOf(portable)
  const expected = shapeOf(own.subnet.fields, own.fields)
  const lacking = expected.filter((name) => !shape.includes(name))
  const unknown = shape.filter((name) => !expected.includes(name as FieldName))
  const differing = [...lacking.filter((name) => !added.has(name)), ...unknown]
  if (differing.length > 0) throw new RangeError(`the state was written by another version, which differs in ${differing.join(', ')}`)
  const alive = (value: PortableValue) => fromPortable(world.classes, value)
  const found: CapturedWorld = {
    subnet: {
      fields: alive(subnet) as CapturedSubnet['fields'],
      ingressHistory: alive(ingressHistory) as SubnetHistory,
      canisters: alive(canisters) as PersistentMap<string, CanisterState>,
    },
    fields: alive(fields) as CapturedWorld['fields'],
  }
  return withAddedFields(world.classes, found, lacking, own)
}

type SubnetHistory = ReturnType<SubnetState['ingressHistory']['keep']>

interface Parts {
  readonly shape: readonly string[]
  readonly subnet: PortableValue
  readonly ingressHistory: PortableValue
  readonly canisters: PortableValue
  readonly world: PortableValue
}

function partsOf(portable: PortableValue): Parts {
  const parts = portable as Partial<Parts> | null | undefined
  const isState = Array.isArray(parts?.shape) && parts.canisters instanceof PersistentMap && parts.ingressHistory instanceof PersistentMap
  if (!isState) throw new RangeError('this is no state of a subnet')
  return parts as Parts
}

/** Names of all fields that the state has at its fixed places. */
function shapeOf(subnet: CapturedSubnet['fields'], world: CapturedWorld['fields']): FieldName[] {
  const { settings, ...canister } = createCanisterState(managementCanisterId, defaultSettings([]), 0n, 0n)
  const names = { subnet, world, canister, settings }
  return Object.entries(names)
    .flatMap(([place, fields]) => Object.keys(fields).map((name) => `${place as keyof typeof names}.${name}` as const))
    .sort()
}
