/** `canister_post_init` and `canister_on_unfreeze`. */
import { describe, expect, test } from 'vitest'
import { managementCanisterId } from '@tidemark/types'
import {
  candid,
  encodeManagement,
  expectReject,
  expectReply,
  program,
  settingsRecord,
  universalCanister,
} from '../../../../tests/support/index.ts'
import { hookModule, hookNetwork, hookState, notingHooks } from './support/hookNetwork.ts'

describe('post-init', () => {
  const init = () =>
    program()
      .note('init ')
      .then(notingHooks().on('heartbeat', program().note('beat ')))

  test('is the first message after install, upgrade and reinstall', () => {
    const { net, names } = hookNetwork()
    const id = net.install(hookModule, init())
    net.send(id, program().note('message ').reply())
    net.tick()
    for (const mode of [{ upgrade: [] }, { reinstall: null }]) {
      expect(net.state(id)).toMatch(/^init post_init (?:beat |message )/)
      expectReply(net.installInto(id, hookModule, init(), mode))
      net.tick()
    }
    expect(net.state(id)).toMatch(/^init post_init beat /)
    expect(names()).toEqual(['canister_post_init', 'canister_post_init', 'canister_post_init'])
    expect(hookState(net, id, 'canister_post_init')).toMatchObject({ state: 'ran', runs: 3n, number: 3n })
  })

  test('does not run after an installation that failed, nor in a canister that does not export it', () => {
    const { net, names } = hookNetwork()
    const id = net.create()
    expectReject(net.installInto(id, hookModule, program().trap('no')))
    net.installInto(id, universalCanister(), '')
    net.tick(2)
    expect(names()).toEqual([])
    expect(net.replica.hookStates(id)?.map(({ name }) => name)).toEqual(['canister_on_low_wasm_memory'])
  })

  test('waits in a stopped canister, and only the one of the newest code runs', () => {
    const { net, names } = hookNetwork()
    const id = net.create()
    expectReply(net.lifecycle('stop_canister', id))
    expectReply(net.installInto(id, hookModule, notingHooks()))
    expectReply(net.upgrade(id, hookModule, notingHooks()))
    net.tick(2)
    expect(names()).toEqual([])
    expectReply(net.lifecycle('start_canister', id))
    net.tick()
    expect(names()).toEqual(['canister_post_init'])
    expect(hookState(net, id, 'canister_post_init')).toMatchObject({ number: 2n })
  })

  test('keeps messages of a canister that cannot pay for it waiting', () => {
    const { net, names } = hookNetwork()
    const id = net.install(hookModule, notingHooks())
    net.tick()
    const manage = (method: string, arg: object) =>
      net.submit(managementCanisterId, method, encodeManagement(method, { canister_id: candid(id), sender_canister_version: [], ...arg }), {
        effectiveCanisterId: id,
      })
    // All in one round: new code, frozen, and a message that came in before.
    manage('install_code', { mode: { upgrade: [] }, wasm_module: hookModule, arg: notingHooks().bytes() })
    manage('update_settings', { settings: settingsRecord({ freezing_threshold: 10n ** 15n }) })
    const waiting = net.send(id, program().note('message ').reply())
    net.tick(3)
    expect(names()).toEqual(['canister_post_init'])
    expect(net.status(waiting)?.status).toBe('received')
    net.updateSettings(id, { freezing_threshold: 0n })
    expectReply(net.await(waiting))
    expect(net.state(id)).toMatch(/^post_init (?:unfreeze )?message $/)
  })

  test('is gone with the code', () => {
    const { net, names } = hookNetwork()
    const id = net.create()
    expectReply(net.lifecycle('stop_canister', id))
    expectReply(net.installInto(id, hookModule, notingHooks()))
    expectReply(net.lifecycle('uninstall_code', id))
    expectReply(net.lifecycle('start_canister', id))
    net.tick(2)
    expect(names()).toEqual([])
    expect(hookState(net, id, 'canister_post_init')).toMatchObject({ state: 'skipped', reason: 'the canister has no code' })
  })
})

describe('unfreeze', () => {
  const name = 'canister_on_unfreeze'
  function start() {
    const { net, names } = hookNetwork()
    const id = net.install(hookModule, notingHooks(), { cycles: 10n ** 13n })
    net.tick()
    return { net, id, runs: () => names().filter((hook) => hook === name).length }
  }

  test('runs once each time that a frozen canister can run again', () => {
    const { net, id, runs } = start()
    for (const expected of [1, 2]) {
      net.updateSettings(id, { freezing_threshold: 10n ** 15n })
      net.tick(2)
      expect(runs()).toBe(expected - 1)
      net.updateSettings(id, { freezing_threshold: 0n })
      net.tick(2)
      expect(runs()).toBe(expected)
    }
  })

  test('runs after a top-up, once it pays for a message too', () => {
    const { net, id, runs } = start()
    net.updateSettings(id, { freezing_threshold: 10n ** 9n })
    net.tick()
    // What is missing to the freezing threshold, as the error of a message tells it, but for the price of that message.
    const missing = BigInt(
      expectReject(net.update(id, program().reply()))
        .match(/at least ([\d_]+)/)?.[1]
        ?.replaceAll('_', '') ?? '',
    )
    net.replica.addCycles(id, missing + 10_000n)
    net.tick(2)
    expect(runs()).toBe(0)
    net.replica.addCycles(id, 10n ** 11n)
    net.tick(2)
    expect(runs()).toBe(1)
  })

  test('is skipped when the canister is frozen again before it could run', () => {
    const { net, id, runs } = start()
    expectReply(net.lifecycle('stop_canister', id))
    net.updateSettings(id, { freezing_threshold: 10n ** 15n })
    net.updateSettings(id, { freezing_threshold: 0n })
    expect(hookState(net, id, name)?.state).toBe('pending')
    net.updateSettings(id, { freezing_threshold: 10n ** 15n })
    expect(hookState(net, id, name)).toMatchObject({ state: 'skipped', reason: 'the canister is frozen again' })
    net.updateSettings(id, { freezing_threshold: 0n })
    expectReply(net.lifecycle('start_canister', id))
    net.tick()
    expect(runs()).toBe(1)
  })
})
