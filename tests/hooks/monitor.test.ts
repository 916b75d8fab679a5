/** The monitor among canisters that stop, freeze, vanish or do not trust it, and through upgrades of itself. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { monitorTypes } from '@tidemark/bindings'
import type { Principal as Id } from '@tidemark/types'
import {
  candid,
  expectReply,
  later,
  network,
  otherUser,
  program,
  settingsRecord,
  type TestNetwork,
  universalCanister,
  user,
} from '../support/index.ts'
import { monitorInit, monitorInterface } from './support/candid.ts'
import { moduleOf } from './support/modules.ts'

const trillion = 10n ** 12n
const wasm = await moduleOf('monitor')
const hooks = universalCanister({ exports: ['on_low_cycles', 'on_unfreeze', 'on_low_heap_memory'] })
const noting = program().on('on_low_cycles', program().note('low_cycles ').reply()).on('on_unfreeze', program().note('unfreeze ').reply())
const plan: monitorTypes.HookPlan = {
  cycles_threshold: [50n * trillion],
  heap_memory_threshold: [],
  unfreeze: true,
  top_up: [],
  as_notification: false,
}

const net: TestNetwork = network()
const monitor = net.install(wasm, monitorInit, { cycles: 1000n * trillion })
const installed = net.replica.snapshot()
beforeEach(() => net.replica.restore(installed))

function ask<Answer>(method: string, ...args: unknown[]): Answer {
  const bytes = monitorInterface.encode(method, args)
  const outcome = monitorInterface.isQuery(method) ? net.query(monitor, bytes, method) : net.call(monitor, method, bytes, { rounds: 100 })
  return monitorInterface.decode(method, expectReply(outcome).bytes) as Answer
}

/** Three polls, and what they lead to. */
function settle(polls = 3): void {
  for (let n = 0; n < polls; n += 1) {
    net.advance(1)
    net.tick(8)
  }
}

function watch(id: Id, its = plan): void {
  expect(ask('register', candid(id))).toEqual({ Ok: null })
  expect(ask('watch_hooks', candid(id), [its])).toEqual({ Ok: null })
  settle()
}

function watched(its = plan, code = noting): Id {
  const id = net.install(hooks, code, { cycles: 100n * trillion, settings: { controllers: [user, monitor] } })
  watch(id, its)
  return id
}

const burn = (id: Id, cycles: bigint) => expectReply(net.update(id, program().amount('cycles_burn128', 0n, cycles).reply()))
const deliveries = (id: Id) => ask<monitorTypes.HookDelivery[]>('deliveries').filter(({ canister }) => canister.toText() === id.toText())
const states = (id: Id) => deliveries(id).map(({ hook, state }) => [hook, Object.keys(state)[0]])
const errorOf = (id: Id) =>
  ask<monitorTypes.Fleet>('fleet').canisters.find(({ canister }) => canister.toText() === id.toText())?.error[0]?.message

describe('an upgrade of the monitor', () => {
  test('loses nothing that waits, repeats nothing that arrived, and goes on counting', () => {
    const [arrived, waiting] = [watched(), watched()]
    burn(arrived, 60n * trillion)
    settle()
    burn(waiting, 60n * trillion)
    expectReply(net.lifecycle('stop_canister', waiting))
    settle()
    const before = ask<monitorTypes.HookDelivery[]>('deliveries')
    expect(states(waiting)).toEqual([['canister_on_low_cycles', 'pending']])
    for (let times = 0; times < 2; times += 1) {
      expectReply(net.upgrade(monitor, wasm, monitorInit))
      expect(ask('deliveries')).toEqual(before)
      settle()
    }
    expectReply(net.lifecycle('start_canister', waiting))
    settle()
    expect([net.state(arrived), net.state(waiting)]).toEqual(['low_cycles ', 'low_cycles '])
    expect(ask<monitorTypes.HookDelivery[]>('deliveries').map(({ number, state }) => [number, state])).toEqual([
      [1n, { delivered: null }],
      [2n, { delivered: null }],
    ])
    expect(ask<monitorTypes.Alert[]>('alerts')).toHaveLength(2)
  })
})

describe('a canister that', () => {
  test('only lets the monitor see its status is watched like any other', () => {
    const id = net.install(hooks, noting, { cycles: 100n * trillion })
    const settings = { ...settingsRecord({}), status_visibility: [{ allowed_viewers: [candid(monitor)] }] }
    net.manage('update_settings', { canister_id: candid(id), settings, sender_canister_version: [] }, { effectiveCanisterId: id })
    watch(id)
    burn(id, 60n * trillion)
    settle()
    expect(net.state(id)).toBe('low_cycles ')
  })

  test('does not let the monitor in is refused, with what to do', () => {
    const id = net.install(hooks, noting)
    const { Err: why } = ask<{ Err: string }>('register', candid(id))
    expect(why).toContain(`Make ${monitor.toText()} a controller of ${id.toText()} first.`)
  })

  test('shuts the monitor out later, or is deleted, is told of, and holds up nobody', () => {
    const [shut, gone, other] = [watched(), watched(), watched()]
    net.updateSettings(shut, { controllers: [user] })
    expectReply(net.lifecycle('stop_canister', gone))
    expectReply(net.lifecycle('delete_canister', gone))
    burn(other, 60n * trillion)
    settle()
    expect(errorOf(shut)).toMatch(/Rejected with code 5/)
    expect(errorOf(gone)).toMatch(/Rejected with code 3/)
    expect(errorOf(other)).toBeUndefined()
    expect(net.state(other)).toBe('low_cycles ')
    expect(ask('unregister', candid(gone))).toEqual({ Ok: null })
    net.updateSettings(shut, { controllers: [user, monitor] })
    burn(shut, 60n * trillion)
    settle()
    expect([errorOf(shut), net.state(shut)]).toEqual([undefined, 'low_cycles '])
  })

  test('never answers does not keep the others from being told', () => {
    // Its hook calls the network again and again before it answers.
    const id = watched(plan, program().on('on_low_cycles', later(200, program().reply())))
    const other = watched()
    burn(id, 60n * trillion)
    settle()
    burn(other, 60n * trillion)
    settle()
    expect(net.state(other)).toBe('low_cycles ')
    expect(states(id)).toEqual([['canister_on_low_cycles', 'pending']])
  })

  test('is frozen refuses its warning, which its top-up makes needless, and is told when it can run', () => {
    const id = watched({ ...plan, top_up: [{ below: 50n * trillion, amount: 200n * trillion }] })
    burn(id, 60n * trillion)
    net.updateSettings(id, { freezing_threshold: 10n ** 12n })
    settle(3)
    expect(states(id)).toEqual([
      ['canister_on_low_cycles', 'skipped'],
      ['deposit_cycles', 'delivered'],
    ])
    net.updateSettings(id, { freezing_threshold: 0n })
    settle(3)
    expect(net.state(id)).toBe('unfreeze ')
  })
})

test('whatever happens to a stopped canister, at most one event of each hook waits for it', () => {
  const id = watched()
  expectReply(net.lifecycle('stop_canister', id))
  const balances = [10n, 100n, 20n, 90n, 30n, 100n, 40n]
  for (const [n, balance] of balances.entries()) {
    const canister = net.canister(id) as { balance: bigint }
    canister.balance = balance * trillion
    settle(2)
    expect(states(id).filter(([, state]) => state === 'pending')).toHaveLength(n % 2 === 0 ? 1 : 0)
  }
  expect(states(id).map(([, state]) => state)).toEqual(['skipped', 'skipped', 'skipped', 'pending'])
  expect(ask('unregister', candid(id))).toEqual({ Ok: null })
  expect(states(id).map(([, state]) => state)).toEqual(['skipped', 'skipped', 'skipped', 'skipped'])
})

test('only those who may manage send anything again', () => {
  const arg = monitorInterface.encode('redrive', [BigUint64Array.of(1n)])
  const outcome = net.call(monitor, 'redrive', arg, { sender: otherUser })
  expect(outcome.kind === 'reject' && outcome.reject.message).toContain('Only a controller of the monitor may send anything again.')
  expect(ask('redrive', BigUint64Array.of(1n))).toEqual([{ number: 1n, error: ['There is no delivery of that number.'] }])
})
