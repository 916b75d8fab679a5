/** What waiting messages cost, and what they keep a canister from doing. */
import { callPrepayment, createPricing, freezingThreshold } from '@tidemark/cycles'
import { responseReservationBytes } from '@tidemark/state'
import { describe, expect, test } from 'vitest'
import { expectNumber, later, network, program, universalCanister } from '../support/index.ts'
import { defaultFreezingSeconds, fund, isFrozen, setSettings, startCycles, statusOf } from './support/held.ts'
import { walkedMessageMemory } from './support/messageMemory.ts'
import { installSilent } from './support/silent.ts'

const pricing = createPricing({ profile: '2026' })
const wasm = universalCanister()
const room = BigInt(responseReservationBytes)

describe('open calls', () => {
  test('cost the caller and the callee, and nothing once they are answered', () => {
    const net = network()
    const [caller, callee] = [net.install(wasm), net.install(wasm)]
    const idle = [caller, callee].map((id) => statusOf(net, id).idle_cycles_burned_per_day)
    const id = net.send(caller, program().callUpdate(callee, later(6, program().reply()), { onReply: program().reply() }))
    net.tick(2)
    for (const [n, one] of [caller, callee].entries()) {
      const canister = net.canister(one)
      // The callee waits for the randomness that it has asked for.
      expect(BigInt(canister.queues.memoryBytes)).toBe(n === 0 ? room : 2n * room)
      expect(walkedMessageMemory(canister)).toBe(BigInt(canister.queues.memoryBytes))
      expect(statusOf(net, one).idle_cycles_burned_per_day).toBeGreaterThan(idle[n] as bigint)
    }
    net.await(id)
    expect([caller, callee].map((one) => net.canister(one).queues.memoryBytes)).toEqual([0, 0])
    expect([caller, callee].map((one) => statusOf(net, one).idle_cycles_burned_per_day)).toEqual(idle)
  })

  test('can be what freezes a canister', () => {
    const net = network()
    const [caller, silent] = [net.install(wasm), installSilent(net)]
    net.send(caller, program().repeat(500, program().callUpdate(silent, program().reply())))
    net.tick(2)
    expect(net.canister(caller).queues.memoryBytes).toBe(500 * responseReservationBytes)
    // Rent for the room of 500 responses, for a hundred years.
    setSettings(net, caller, { freezing_threshold: 100n * 365n * 86_400n })
    expect(isFrozen(net, caller)).toBe(true)
    setSettings(net, silent, { wasm_memory_threshold: 0n, freezing_threshold: 0n })
    net.tick(3)
    expect(net.canister(caller).queues.memoryBytes).toBe(0)
  })
})

test('a call is not possible when the balance stays above the threshold only without the room for its response', () => {
  const net = network()
  const caller = net.install(wasm, '', { cycles: startCycles })
  const silent = installSilent(net)
  // One execution is prepaid while the call is made.
  const body = program().call(silent, 'update', '').replyInt()
  const bytes = body.bytes().length + 200
  const execution = 40_005_000_000n
  const { total } = callPrepayment(pricing, { methodNameBytes: 6, argumentBytes: 0, mode: 'wasm32', instructionLimit: 40_000_000_000n })
  const resources = {
    memoryAllocationBytes: 0n,
    memoryUsageBytes: statusOf(net, caller).memory_size,
    messageMemoryBytes: room,
    freezingThresholdSeconds: 1_000n * defaultFreezingSeconds,
  }
  setSettings(net, caller, { freezing_threshold: resources.freezingThresholdSeconds })
  const ingress = 1_200_000n + 2_000n * BigInt(bytes)
  const needed = execution + ingress + total + freezingThreshold(pricing, resources)
  fund(net, caller, needed - 1n)
  expect(expectNumber(net.update(caller, body))).toBe(2n)
  fund(net, caller, needed)
  expect(expectNumber(net.update(caller, body))).toBe(0n)
})
