/** Fields that the state has got since states are kept: one of an earlier version goes on with what they begin with. */
import { capture, createCanisterState, defaultSettings, type PersistentMap, type StateClasses } from '@tidemark/state'
import { managementCanisterId } from '@tidemark/types'
import type { CapturedWorld } from './worldSnapshot.ts'

/** Where a field is, and its name. */
export type FieldName = `${'subnet' | 'world' | 'canister' | 'settings'}.${string}`

/**
 * Every field that was added, with the version that did. Only one whose first value says what was true before it was there
 * may be listed: for all others a state of an earlier version is refused.
 */
export const addedFields: ReadonlyMap<FieldName, string> = new Map([['subnet.compiledModules', '0.1.0']])

type Fields = Readonly<Record<string, unknown>>

/**
 * A captured world with the values that some fields begin with.
 *
 * @param names - fields that it lacks
 * @param own - a world at its genesis, to take the values from
 */
export function withAddedFields(
  classes: StateClasses,
  captured: CapturedWorld,
  names: readonly FieldName[],
  own: CapturedWorld,
): CapturedWorld {
  if (names.length === 0) return captured
  const at = (place: string): string[] => names.filter((name) => name.startsWith(`${place}.`)).map((name) => name.slice(place.length + 1))
  const completed = (fields: Fields, from: Fields, added: readonly string[]): Fields => ({
    ...fields,
    ...Object.fromEntries(added.map((name) => [name, from[name]])),
  })
  // A canister may change what it is given: each gets values of its own.
  const completeCanister = (canister: Fields): Fields => {
    const fresh = capture(classes, createCanisterState(managementCanisterId, defaultSettings([]), 0n, 0n)) as unknown as Fields
    const settings = completed(canister['settings'] as Fields, fresh['settings'] as Fields, at('settings'))
    return { ...completed(canister, fresh, at('canister')), settings }
  }
  let canisters = captured.subnet.canisters as unknown as PersistentMap<string, Fields>
  if (at('canister').length + at('settings').length > 0) {
    for (const [key, canister] of canisters.entries()) canisters = canisters.set(key, completeCanister(canister))
  }
  return {
    subnet: {
      ...captured.subnet,
      fields: completed(captured.subnet.fields as Fields, own.subnet.fields as Fields, at('subnet')) as typeof captured.subnet.fields,
      canisters: canisters as unknown as typeof captured.subnet.canisters,
    },
    fields: completed(captured.fields, own.fields, at('world')),
  }
}
