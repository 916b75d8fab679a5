/** A state of an earlier version, which lacks fields that were added since. */
import { defaultSettings, type PersistentMap } from '@tidemark/state'
import { expect, test } from 'vitest'
import type { FieldName } from '../../src/snapshot/addedFields.ts'
import { importWorld } from '../../src/snapshot/portableWorld.ts'
import { captureWorld } from '../../src/snapshot/worldSnapshot.ts'
import { World } from '../../src/world.ts'
import { start } from './play.ts'

type Fields = Readonly<Record<string, unknown>>
type State = { readonly shape: readonly string[]; readonly subnet: Fields; readonly canisters: PersistentMap<string, Fields> }

const added: readonly FieldName[] = ['subnet.updateTransactions', 'canister.version', 'settings.logMemoryLimit']

function without(fields: Fields, name: string): Fields {
  const { [name]: _, ...rest } = fields
  return rest
}

/** What a version would have written that did not know the fields. */
function earlier(state: State): State {
  let { canisters } = state
  for (const [key, canister] of canisters.entries()) {
    const settings = without(canister['settings'] as Fields, 'logMemoryLimit')
    canisters = canisters.set(key, { ...without(canister, 'version'), settings })
  }
  const shape = state.shape.filter((name) => !added.includes(name as FieldName))
  return { ...state, shape, subnet: without(state.subnet, 'updateTransactions'), canisters }
}

const exported = () => start().replica.exportState() as unknown as State
const imported = (state: State, allowed: readonly FieldName[]) => {
  const world = new World({})
  return importWorld(world, captureWorld(world), state as never, new Map(allowed.map((name) => [name, '0.2.0'])))
}

const keysOf = ({ subnet }: ReturnType<typeof imported>) => [...subnet.canisters.entries()].map(([key]) => key)

test('goes on with what the fields begin with, and everything else as it was', () => {
  const state = exported()
  const known = imported(state, [])
  const found = imported(earlier(state), added)
  expect(found.subnet.fields).toMatchObject({
    ...without(known.subnet.fields as unknown as Fields, 'updateTransactions'),
    updateTransactions: 0,
  })
  expect(keysOf(found)).toEqual(keysOf(known))
  for (const [key, canister] of found.subnet.canisters.entries()) {
    const before = known.subnet.canisters.get(key)
    expect(canister.version).toBe(0n)
    expect(canister.settings).toEqual({ ...before?.settings, logMemoryLimit: defaultSettings([]).logMemoryLimit })
    expect(canister.balance).toBe(before?.balance)
  }
})

test.each(added)('is refused where nobody has said what %s begins with', (name) => {
  const others = added.filter((other) => other !== name)
  expect(() => imported(earlier(exported()), others)).toThrow(`another version, which differs in ${name}`)
})
