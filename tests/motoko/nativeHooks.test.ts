/** The proposed lifecycle hooks in a Motoko program, run by the network itself. */
import { IDL } from '@dfinity/candid'
import { experimentalManagementTypes } from '@tidemark/bindings'
import { beforeAll, expect, test } from 'vitest'
import { type Principal, managementCanisterId } from '@tidemark/types'
import { candid, expectReply } from '../support/index.ts'
import { decodeResult, of } from './support/candid.ts'
import { compilePrograms, compileTimeout } from './support/programs.ts'
import { Stage } from './support/stage.ts'

const program = 'native_hooks'
let programs: ReadonlyMap<string, Uint8Array>

beforeAll(async () => {
  programs = await compilePrograms([program])
}, compileTimeout)

function setHooks(stage: Stage, id: Principal, settings: Partial<experimentalManagementTypes.HookSettings>): void {
  const type = IDL.Record({ canister_id: IDL.Principal, settings: experimentalManagementTypes.HookSettings })
  const none = { low_cycles_threshold: [], low_heap_memory_threshold: [], post_init_gate_seconds: [] }
  const arg = new Uint8Array(IDL.encode([type], [{ canister_id: candid(id), settings: { ...none, ...settings } }]))
  expectReply(stage.call(managementCanisterId, 'update_settings', arg, { effectiveCanisterId: id }))
}

test.each([
  ['with a gate, nobody is served before the seed is there', 60n, true, 'post_init seeded serve '],
  ['without one, whoever comes early finds none', 0n, false, 'post_init serve seeded '],
])('%s', (_, seconds, seeded, log) => {
  const stage = new Stage(programs, { experimentalHooks: true })
  const actor = stage.empty(program)
  setHooks(stage, actor.id, { post_init_gate_seconds: [seconds] })
  expectReply(actor.install(program))
  const early = actor.submit('serve')
  expect(decodeResult(expectReply(stage.await(early)).bytes)).toBe(seeded)
  stage.tick(3)
  expect(actor.query('get')).toBe(log)
})

test('an error after an await comes with the method that failed and its argument', () => {
  const stage = new Stage(programs, { experimentalHooks: true })
  const actor = stage.actor(program)
  stage.tick(4)
  const before = String(actor.query('get'))
  actor.fail('failLater', of(IDL.Nat, 42n))
  stage.tick(3)
  expect(String(actor.query('get')).slice(before.length)).toBe('failLater 42 IC0503 ')
})

test('low cycles come with the threshold', () => {
  const stage = new Stage(programs, { experimentalHooks: true })
  const actor = stage.actor(program)
  stage.tick(4)
  setHooks(stage, actor.id, { low_cycles_threshold: [stage.balance(actor.id)] })
  stage.tick(2)
  expect(actor.query('get')).toMatch(/^post_init seeded low_cycles [\d_]+ $/)
})

test('without experimental hooks nobody calls them', () => {
  const stage = new Stage(programs)
  const actor = stage.actor(program)
  expect(actor.call('serve')).toBe(false)
  expect(actor.query('get')).toBe('serve ')
})
