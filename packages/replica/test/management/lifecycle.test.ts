import type { CallContext, CallOrigin, CanisterState } from '@tidemark/state'
import { managementCanisterId } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { finishStopping, uninstallOutOfCycles } from '../../src/management/index.ts'
import { alice, bob, candid, carol, Network, printState, trillion, valueOf } from './support/network.ts'

const named = (canister: CanisterState) => ({ canister_id: candid(canister.id) })

/** Opens a call that the canister is working on. */
function openCall(canister: CanisterState, id: bigint, origin: CallOrigin, extra: Partial<CallContext> = {}): void {
  canister.callContexts.set(id, {
    id,
    origin,
    methodName: 'work',
    responded: false,
    deleted: false,
    availableCycles: 0n,
    instructionsExecuted: 0n,
    outstandingCalls: 1,
    startTimeNanos: 0n,
    ...extra,
  })
}
const ingress = (requestKey: string): CallOrigin => ({ kind: 'ingress', requestKey, sender: bob, senderInfo: undefined })
const fromCanister = (caller: CanisterState): CallOrigin => ({ kind: 'canister', caller: caller.id, callbackId: 9n, deadlineNanos: 3n })

describe('stopping', () => {
  test('a canister without open calls is stopped at the end of the round, and who waited hears of it', () => {
    const network = new Network()
    const canister = network.canister()
    const sender = network.canister(trillion, [alice])
    canister.settings = { ...canister.settings, controllers: [alice, sender.id] }
    expect(network.call('stop_canister', named(canister))).toMatchObject({ code: 'deferred' })
    expect(network.callFrom(sender, 'stop_canister', named(canister), 77n, 5n)).toMatchObject({ code: 'deferred' })
    expect(canister.status.kind).toBe('stopping')
    const reply = { kind: 'reply', data: new Uint8Array([0x44, 0x49, 0x44, 0x4c, 0, 0]) }
    expect(finishStopping(network.subnet, canister)).toEqual([
      { to: { kind: 'ingress', requestKey: `stop_canister of ${alice.toText()}` }, payload: reply, refund: 0n },
      {
        to: { kind: 'canister', caller: sender.id, callbackId: 5n, deadlineNanos: 0n, respondent: managementCanisterId },
        payload: reply,
        refund: 77n,
      },
    ])
    expect(canister).toMatchObject({ status: { kind: 'stopped' }, version: 3n })
  })
  test('stopping a stopped canister succeeds at once', () => {
    const network = new Network()
    const canister = Object.assign(network.canister(), { status: { kind: 'stopped' } })
    valueOf(network.call('stop_canister', named(canister)))
    expect(canister.version).toBe(1n)
  })
  test('a wait ends after five minutes; the canister goes on stopping', () => {
    const network = new Network()
    const canister = network.canister()
    openCall(canister, 1n, ingress('call'))
    network.call('stop_canister', named(canister))
    network.subnet.timeNanos += 299_999_999_999n
    expect(finishStopping(network.subnet, canister)).toEqual([])
    network.subnet.timeNanos += 1n
    expect(finishStopping(network.subnet, canister)).toMatchObject([
      {
        payload: {
          kind: 'reject',
          reject: { code: 2, errorCode: 'StopCanisterRequestTimeout', message: 'Stop canister request timed out' },
        },
      },
    ])
    expect(canister.status).toEqual({ kind: 'stopping', waiters: [] })
    canister.callContexts.clear()
    expect(finishStopping(network.subnet, canister)).toEqual([])
    expect(canister.status.kind).toBe('stopped')
  })
  test('starting again tells all who wait that the stop is off', () => {
    const network = new Network()
    const sender = network.canister()
    const canister = network.canister(trillion, [alice, sender.id])
    openCall(canister, 1n, ingress('call'))
    network.call('stop_canister', named(canister))
    network.callFrom(sender, 'stop_canister', named(canister), 5n)
    const outcome = network.call('start_canister', named(canister))
    const id = canister.id.toText()
    expect('result' in outcome && outcome.result.answers).toMatchObject([
      {
        refund: 0n,
        payload: { reject: { errorCode: 'CanisterStoppingCancelled', message: `Canister ${id}'s stop request was cancelled.` } },
      },
      { refund: 5n, payload: { reject: { code: 5, message: `Canister ${id}'s stop request cancelled` } } },
    ])
    expect(canister.status).toEqual({ kind: 'running' })
  })
  test.each(['start_canister', 'stop_canister', 'delete_canister', 'uninstall_code', 'canister_metrics'] as const)(
    '%s is for controllers',
    (method) => {
      const network = new Network()
      const canister = network.canister()
      const before = printState(network.subnet)
      const call = (id: CanisterState['id']) => network.call(method, { canister_id: candid(id), sender_canister_version: [] }, bob)
      expect(call(canister.id)).toMatchObject({ code: 'IC0512' })
      expect(call(carol)).toEqual({ code: 'IC0301', text: `Canister ${carol.toText()} not found.` })
      expect(printState(network.subnet)).toBe(before)
    },
  )
})

describe('delete_canister', () => {
  test('a stopped canister disappears with its cycles', () => {
    const network = new Network()
    const canister = Object.assign(network.canister(50n), { status: { kind: 'stopped' }, reservedBalance: 7n })
    network.subnet.mintedCycles += 7n
    valueOf(network.call('delete_canister', named(canister)))
    expect(network.subnet.canister(canister.id)).toBeUndefined()
    expect(network.subnet.burnedCycles).toBe(57n)
    expect(network.ledgerGap()).toBe(0n)
    expect(network.canister().id.toText()).not.toBe(canister.id.toText())
  })
  test('running: refused', () => {
    const network = new Network()
    const canister = network.canister()
    expect(network.call('delete_canister', named(canister))).toEqual({
      code: 'IC0510',
      text: `Canister ${canister.id.toText()} must be stopped before it is deleted.`,
    })
  })
  test('not itself, whatever else is wrong', () => {
    const network = new Network()
    const canister = network.canister(trillion, [])
    expect(network.callFrom(canister, 'delete_canister', named(canister))).toEqual({
      code: 'IC0512',
      text: `Canister ${canister.id.toText()} cannot delete itself.`,
    })
  })
  test('with messages waiting: refused', () => {
    const network = new Network()
    const canister = Object.assign(network.canister(), { status: { kind: 'stopped' } })
    canister.queues.pushIngress({
      kind: 'ingress',
      requestKey: 'a',
      sender: bob,
      methodName: 'm',
      arg: new Uint8Array(0),
      expiryNanos: 0n,
      senderInfo: undefined,
    })
    expect(network.call('delete_canister', named(canister))).toMatchObject({ code: 'IC0203' })
  })
})

describe('uninstall', () => {
  test('gives up open calls, refunds them, and keeps id, settings and snapshots', () => {
    const network = new Network()
    const caller = network.canister()
    const canister = network.canister()
    canister.chunkStore.set('aa', new Uint8Array(3))
    canister.certifiedData = new Uint8Array(3)
    canister.globalTimerNanos = 5n
    openCall(canister, 1n, ingress('waiting'))
    openCall(canister, 2n, fromCanister(caller), { availableCycles: 40n, outstandingCalls: 0 })
    openCall(canister, 3n, ingress('answered'), { responded: true })
    openCall(canister, 4n, { kind: 'system_task' }, { outstandingCalls: 0 })
    const outcome = network.call('uninstall_code', { ...named(canister), sender_canister_version: [] })
    const reject = { code: 4, errorCode: 'CanisterRejectedMessage', message: 'Canister has been uninstalled.' }
    expect('result' in outcome && outcome.result.answers).toEqual([
      { to: { kind: 'ingress', requestKey: 'waiting' }, payload: { kind: 'reject', reject }, refund: 0n },
      {
        to: { kind: 'canister', caller: caller.id, callbackId: 9n, deadlineNanos: 3n, respondent: canister.id },
        payload: { kind: 'reject', reject },
        refund: 40n,
      },
    ])
    expect([...canister.callContexts.keys()]).toEqual([1n, 3n])
    expect(canister).toMatchObject({ version: 1n, globalTimerNanos: 0n, certifiedData: new Uint8Array(0), balance: 100n * trillion })
    expect(canister.chunkStore.size).toBe(0)
    expect(canister.history.changes).toMatchObject([{ canisterVersion: 1n, details: { kind: 'code_uninstall' } }])
  })
  test('out of cycles: allocations, history and cycles go too', () => {
    const network = new Network()
    const canister = network.canister(9n)
    canister.settings = { ...canister.settings, memoryAllocation: 5n, computeAllocation: 5n, freezingThreshold: 6n }
    canister.history.changes.push({
      timestampNanos: 0n,
      canisterVersion: 0n,
      origin: { kind: 'from_user', userId: bob },
      details: { kind: 'code_uninstall' },
    })
    canister.history.total = 4n
    openCall(canister, 1n, ingress('waiting'))
    expect(uninstallOutOfCycles(network.subnet, canister)).toHaveLength(1)
    expect(canister).toMatchObject({ balance: 0n, version: 1n, history: { changes: [], total: 4n } })
    expect(canister.settings).toMatchObject({ memoryAllocation: 0n, computeAllocation: 0n, freezingThreshold: 6n, controllers: [alice] })
    expect(network.ledgerGap()).toBe(0n)
  })
})

describe('deposit_cycles', () => {
  test('gives all attached cycles to any canister', () => {
    const network = new Network()
    const sender = network.canister(100n)
    const target = Object.assign(network.canister(0n, []), { status: { kind: 'stopped' } })
    valueOf(network.callFrom(sender, 'deposit_cycles', named(target), 60n))
    expect([sender.balance, target.balance]).toEqual([40n, 60n])
    expect(network.ledgerGap()).toBe(0n)
  })
  test('a missing target: all returns', () => {
    const network = new Network()
    const sender = network.canister(100n)
    expect(network.callFrom(sender, 'deposit_cycles', { canister_id: candid(bob) }, 60n)).toMatchObject({ code: 'IC0301' })
    expect(sender.balance).toBe(100n)
  })
})
