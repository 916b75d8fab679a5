/**
 * The global timer: case by case what the public acceptance suite of the interface specification expects.
 *
 * @see Interface specification, "Global timer".
 */
import { type Principal, managementCanisterId } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import {
  type Program,
  type TestNetwork,
  candid,
  encodeManagement,
  expectNumber,
  expectReply,
  later,
  network,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'

const wasm = universalCanister()
const past = 1n
const far = 10n ** 19n
const further = far + 1n

/** A timer that notes that it fired. */
const noting = () => program().on('global_timer', program().note('fired '))
/** Sets the timer, and keeps the time that was set before. */
const setAndKeep = (time: bigint) => program().sys('global_timer_set', time).op('int_to_blob').op('set_state')

const set = (net: TestNetwork, id: Principal, time: bigint) =>
  expectNumber(net.update(id, program().sys('global_timer_set', time).replyInt()))
const kept = (net: TestNetwork, id: Principal) => expectNumber(net.query(id, program().replyState()))

function installed(init: Program): { net: TestNetwork; id: Principal } {
  const net = network()
  return { net, id: net.install(wasm, init) }
}

describe('the time that was set before', () => {
  test('in an update', () => {
    const { net, id } = installed(noting())
    expect([set(net, id, far), set(net, id, far)]).toEqual([0n, far])
    net.tick(2)
    expect(net.state(id)).toBe('')
  })

  test('in init', () => {
    const { net, id } = installed(setAndKeep(far))
    expect([kept(net, id), set(net, id, far)]).toEqual([0n, far])
  })

  test('in a pre-upgrade: an upgrade switches off what it sets', () => {
    const { net, id } = installed(noting().on('pre_upgrade', program().sys('global_timer_set', past).op('drop')))
    expectReply(net.upgrade(id, wasm, noting()))
    net.tick(2)
    expect([net.state(id), set(net, id, far)]).toEqual(['', 0n])
  })

  test('in a post-upgrade: what was set before the upgrade is gone', () => {
    const { net, id } = installed(noting())
    expect(set(net, id, far)).toBe(0n)
    expectReply(net.upgrade(id, wasm, setAndKeep(further)))
    expect([kept(net, id), set(net, id, far)]).toEqual([0n, further])
  })

  test('in the timer itself', () => {
    const { net, id } = installed(program().on('global_timer', setAndKeep(far)))
    expect(set(net, id, past)).toBe(0n)
    net.tick()
    expect([kept(net, id), set(net, id, far)]).toEqual([0n, far])
  })

  test('in a callback and in a cleanup', () => {
    const { net, id } = installed(program())
    const timer = () => program().sys('global_timer_set', far)
    const body = program().callUpdate(id, program().reply(), { onReply: timer().replyInt() })
    expect(expectNumber(net.update(id, body))).toBe(0n)
    const onCleanup = program().sys('global_timer_set', further).op('int_to_blob').op('set_state')
    net.update(id, program().callUpdate(id, program().reply(), { onReply: program().trap('no'), onCleanup }))
    expect([kept(net, id), net.canister(id).globalTimerNanos]).toEqual([far, further])
  })

  test('after switching it off', () => {
    const { net, id } = installed(noting())
    expect([set(net, id, far), set(net, id, 0n), set(net, id, far)]).toEqual([0n, far, 0n])
  })

  test('after a stop and a start it is still set', () => {
    const { net, id } = installed(noting())
    expect([set(net, id, far), set(net, id, far)]).toEqual([0n, far])
    expectReply(net.lifecycle('stop_canister', id))
    expectReply(net.lifecycle('start_canister', id))
    expect(set(net, id, far)).toBe(far)
  })

  test.each<[title: string, change: (net: TestNetwork, id: Principal) => void]>([
    [
      'an uninstallation and an installation',
      (net, id) => {
        expectReply(net.lifecycle('uninstall_code', id))
        expectReply(net.installInto(id, wasm, noting()))
      },
    ],
    ['an upgrade', (net, id) => void expectReply(net.upgrade(id, wasm, noting()))],
    ['a reinstallation', (net, id) => void expectReply(net.installInto(id, wasm, noting(), { reinstall: null }))],
  ])('after %s it is off', (_, change) => {
    const { net, id } = installed(noting())
    expect([set(net, id, far), set(net, id, far)]).toEqual([0n, far])
    change(net, id)
    expect(set(net, id, far)).toBe(0n)
  })
})

describe('a time that has come', () => {
  test.each([
    ['far in the past', () => past],
    ['the present', (net: TestNetwork) => net.replica.timeNanos()],
  ] as const)('%s: fires once', (_, time) => {
    const { net, id } = installed(noting())
    expect(set(net, id, time(net))).toBe(0n)
    net.tick(3)
    expect([net.state(id), set(net, id, far)]).toEqual(['fired ', 0n])
  })

  test('set by the post-upgrade of a stopped canister: fires once it runs again', () => {
    const { net, id } = installed(noting())
    expectReply(net.lifecycle('stop_canister', id))
    expectReply(net.upgrade(id, wasm, noting().sys('global_timer_set', past).op('drop')))
    net.tick(3)
    expect(net.canister(id).globalTimerNanos).toBe(past)
    expectReply(net.lifecycle('start_canister', id))
    net.tick()
    expect([net.state(id), set(net, id, far)]).toEqual(['fired ', 0n])
  })

  test('set by the post-upgrade of a stopping canister: fires once it runs again', () => {
    const { net, id } = installed(noting())
    const other = net.install(wasm)
    net.send(id, program().callUpdate(other, later(20, program().reply())))
    net.tick()
    net.requestStop(id)
    net.tick()
    expect(net.canister(id).status.kind).toBe('stopping')
    expectReply(net.upgrade(id, wasm, noting().sys('global_timer_set', past).op('drop')))
    net.tick(3)
    expect(net.canister(id).globalTimerNanos).toBe(past)
    expectReply(net.lifecycle('start_canister', id))
    net.tick()
    expect(net.state(id)).toBe('fired ')
  })

  test('a canister that stops itself meanwhile does not fire', () => {
    const { net, id } = installed(noting())
    net.updateSettings(id, { controllers: [id] })
    const stop = encodeManagement('stop_canister', { canister_id: candid(id) })
    net.send(
      id,
      program()
        .sys('global_timer_set', net.replica.timeNanos() + 10n ** 10n)
        .op('drop')
        .call(managementCanisterId, 'stop_canister', stop)
        .op('drop'),
    )
    net.tick(3)
    net.advance(60)
    expect(net.canister(id).status.kind).not.toBe('running')
    expect(net.canister(id).globalTimerNanos).not.toBe(0n)
  })
})
