/** Motoko programs that call the management canister: status, randomness, canisters of their own. */
import { IDL } from '@dfinity/candid'
import type { Principal } from '@tidemark/types'
import { beforeAll, describe, expect, test } from 'vitest'
import { user } from '../support/index.ts'
import { of } from './support/candid.ts'
import { compilePrograms, compileTimeout } from './support/programs.ts'
import { Stage } from './support/stage.ts'

let programs: ReadonlyMap<string, Uint8Array>

beforeAll(async () => {
  programs = await compilePrograms(['management', 'random', 'parent', 'counter'])
}, compileTimeout)

describe('canister_status', () => {
  test('of itself needs no controller', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('management')
    const trace = stage.trace(() => expect(actor.call('mine')).toBe(true))
    expect(trace).toEqual(['management update mine', 'management management canister_status', 'management reply_callback canister_status'])
  })

  test('of another canister needs one', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('management')
    const counter = stage.actor('counter')
    expect(actor.call('status', counter.id)).toContain(`Caller ${actor.id.toText()} is not allowed to read the canister status`)
    stage.updateSettings(counter.id, { controllers: [user, actor.id] })
    expect(actor.call('status', counter.id)).toBe('(#running, true, true, true)')
  })
})

test('a canister is created, stopped, started and deleted', () => {
  const stage = new Stage(programs)
  const actor = stage.actor('management')
  const id = actor.call('create', 2_000_000_000_000n) as Principal
  expect(stage.canister(id).settings.controllers.map((controller) => controller.toText())).toEqual([actor.id.toText()])
  expect(actor.call('status', id)).toBe('(#running, true, true, false)')
  expect(actor.call('lifecycle', id)).toContain(`(#stopped, #running) Canister ${id.toText()} not found`)
  expect(stage.replica.canister(id)).toBe(undefined)
})

test('a canister is not created without enough cycles', () => {
  expect(new Stage(programs).actor('management').fail('create', 1n)).toMatch(
    /requires a fee of 500_000_000_000 .* but only 1 cycles were received/,
  )
})

describe('randomness', () => {
  test('of the network is 32 bytes that differ each time', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('management')
    const trace = stage.trace(() => expect(actor.call('random')).toEqual([32n, false]))
    const drawing = ['aaaaa-aa management raw_rand', 'management reply_callback raw_rand']
    expect(trace).toEqual(['management update random', ...drawing, ...drawing])
  })

  test('of the network gives coins, the same on a network with the same seed', () => {
    const coins = () => String(new Stage(programs).actor('random').call('coins', 40n))
    expect(coins()).toMatch(/^[ht]{40}$/)
    expect(coins()).toBe(coins())
  })

  test('of a seed is always the same', () => {
    const actor = new Stage(programs).actor('random')
    const dice = (seed: bigint) => actor.call('dice', of(IDL.Nat64, seed))
    expect(dice(1n)).toBe(dice(1n))
    expect(dice(1n)).not.toBe(dice(2n))
  })
})

describe('an actor class', () => {
  test('is created with an argument and called', () => {
    const stage = new Stage(programs)
    const parent = stage.actor('parent')
    const trace = stage.trace(() => {
      const child = stage.created('child', parent.call('create', 'kid', 3_000_000_000_000n) as Principal)
      expect(parent.call('greet')).toBe('kid 1')
      expect(child.call('greet')).toBe('kid 2')
      expect(child.query('balance')).toBe(stage.balance(child.id))
    })
    expect(trace).toEqual([
      'parent update create',
      'parent update __motoko_async_helper',
      'child management create_canister',
      'parent reply_callback create_canister',
      'child start',
      'child init',
      'child management install_code',
      'parent reply_callback install_code',
      'parent reply_callback __motoko_async_helper',
      'parent update greet',
      'child update greet',
      'parent reply_callback greet',
      'child update greet',
    ])
  })

  test('keeps its state over an upgrade by its creator, and loses it when reinstalled', () => {
    const stage = new Stage(programs)
    const parent = stage.actor('parent')
    parent.call('create', 'kid', 3_000_000_000_000n)
    expect(parent.call('greet')).toBe('kid 1')
    expect(parent.call('upgrade', 'grown')).toBe('grown 2')
    expect(parent.call('reinstall', 'reborn')).toBe('reborn 1')
  })
})
