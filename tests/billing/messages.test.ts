/**
 * What messages cost on a running network: executions, calls, and being taken in.
 *
 * @see cycle cost reference; interface specification, `ic0.cost_call`.
 */
import { createPricing, ingressInduction } from '@tidemark/cycles'
import { createTraceRecorder } from '@tidemark/trace'
import { describe, expect, test } from 'vitest'
import type { Principal } from '@tidemark/types'
import { type TestNetwork, expectReply, network, numberOf, program, universalCanister } from '../support/index.ts'
import { type BillingCase, casesOf } from './support/cases.ts'
import { answering, exactCaller, exactModule } from './support/exactModule.ts'

/** What taking in a message of so many bytes costs. */
function ingressFee(one: BillingCase, sizeBytes: number): bigint {
  return ingressInduction(createPricing({ profile: '2026', ...one.network }), sizeBytes)
}

/** What submitting one message and all that follows takes from a canister. */
function spentOn(net: TestNetwork, id: Principal, send: () => void): bigint {
  const before = net.balance(id)
  send()
  return before - net.balance(id)
}

describe('executing', () => {
  test.each(casesOf('execution'))('%s', (_, one) => {
    const trace = createTraceRecorder({ capacity: 10 })
    const net = network({ ...one.network, trace })
    const id = net.install(exactModule(Number(one.input('instructions_used')), one.mode))
    const sizeBytes = 300
    const spent = spentOn(net, id, () => net.call(id, 'run', '', { sizeBytes, rounds: 60 }))
    const event = trace.events().at(-1)
    expect(event?.instructions).toBe(one.input('instructions_used'))
    expect(event?.cyclesCharged).toBe(one.expected('net_charge'))
    expect(spent - ingressFee(one, sizeBytes)).toBe(one.expected('net_charge'))
    expect(one.expected('prepaid') - one.expected('refund')).toBe(one.expected('net_charge'))
  })

  test.each(casesOf('execution'))('%s: while it runs, the whole limit is taken from the balance', (_, one) => {
    const net = network(one.network)
    const id = net.install(universalCanister({ mode: one.mode }))
    const before = net.balance(id)
    const inside = numberOf(expectReply(net.update(id, program().amount('canister_cycle_balance128').replyTop(), { sizeBytes: 300 })).bytes)
    expect(before - ingressFee(one, 300) - inside).toBe(one.expected('prepaid'))
  })

  test('a trap keeps what it used, and the base fee', () => {
    const net = network()
    const id = net.install(universalCanister())
    const trapped = spentOn(net, id, () => net.update(id, program().op('unreachable'), { sizeBytes: 300 }))
    const replied = spentOn(net, id, () => net.update(id, program(), { sizeBytes: 300 }))
    expect(trapped - 1_800_000n).toBeGreaterThan(5_000_000n)
    expect(trapped - replied).toBeLessThan(1_000_000n)
  })
})

describe('calling', () => {
  test.each(casesOf('call'))('%s', (_, one) => {
    const trace = createTraceRecorder({ capacity: 100 })
    const net = network({ ...one.network, trace })
    const methodName = 'm'.repeat(Number(one.input('method_name_bytes')))
    const callee = net.install(answering(methodName, Number(one.input('reply_bytes'))))
    const call = {
      callee,
      methodName,
      argumentBytes: Number(one.input('argument_bytes')),
      callbackInstructions: Number(one.input('callback_instructions')),
    }
    const id = net.install(exactCaller(call))
    const before = net.balance(id)
    const seen = expectReply(net.call(id, 'go', '', { sizeBytes: 300 })).bytes
    net.tick()
    expect(net.canister(id).callbacks.size).toBe(0)
    const [balanceBefore, balanceAfter, price] = [0, 16, 32].map((at) => numberOf(seen.subarray(at, at + 16)))
    expect((balanceBefore ?? 0n) - (balanceAfter ?? 0n)).toBe(one.expected('cost_call'))
    expect(price).toBe(one.expected('cost_call'))
    expect(one.expected('transmission_prepaid') + one.expected('response_execution_prepaid')).toBe(one.expected('cost_call'))
    const ofCaller = trace.events().filter((event) => event.canisterId === id.toText())
    const update = ofCaller.find(({ kind }) => kind === 'update')
    const callback = ofCaller.find(({ kind }) => kind === 'reply_callback')
    expect(callback?.instructions).toBe(one.input('callback_instructions'))
    const spent = before - net.balance(id) - ingressFee(one, 300) - (update?.cyclesCharged ?? 0n)
    expect(spent).toBe(one.expected('final_cost'))
    expect(callback?.cyclesCharged).toBe(one.expected('response_execution_prepaid') - one.expected('refund_response_execution'))
    expect(net.canister(id).consumedCycles.request_and_response_transmission).toBe(
      one.expected('transmission_prepaid') - one.expected('refund_response_transmission'),
    )
  })
})

describe('taking in', () => {
  test.each(casesOf('ingress'))('%s', (_, one) => {
    const net = network(one.network)
    const id = net.install(universalCanister())
    const sizeBytes = Number(one.input('raw_message_bytes'))
    expect(spentOn(net, id, () => net.send(id, program().reply(), { sizeBytes }))).toBe(one.expected('cost'))
  })

  test.each<[string, ReturnType<typeof program>]>([
    ['a trap', program().trap('no')],
    ['no answer', program()],
  ])('is not given back after %s', (_, body) => {
    const net = network()
    const id = net.install(universalCanister())
    const before = net.canister(id).consumedCycles.ingress_induction
    net.update(id, body, { sizeBytes: 300 })
    expect(net.canister(id).consumedCycles.ingress_induction - before).toBe(1_800_000n)
  })

  test('a query costs nothing', () => {
    const net = network()
    const id = net.install(universalCanister())
    expect(spentOn(net, id, () => net.query(id, program().burn(1000).reply()))).toBe(0n)
  })
})
