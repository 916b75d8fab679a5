/** Lifecycle hooks and whole networks: what is due is kept with the network, and runs once wherever it goes on. */
import { expect, test } from 'vitest'
import { managementCanisterId } from '@tidemark/types'
import { expectReply, later, program } from '../../../tests/support/index.ts'
import { hookModule, notingHooks, thresholdsArgument } from '../../replica/test/hooks/support/hookNetwork.ts'
import { subnetsOf } from './support/subnets.ts'

test('every hook that is due runs once after each load, with a queue full of calls to another subnet', () => {
  const net = subnetsOf(['application', 'application'], { experimentalHooks: true })
  const callee = net.installOn(1, '', 10n ** 17n)
  const [subnet] = net.replica.subnets()
  const place = { effectiveCanisterId: subnet?.replica.defaultEffectiveCanisterId ?? managementCanisterId }
  const id = net.install(hookModule, notingHooks(), { cycles: 10n ** 17n, ...place })
  // What callbacks do while the canister stops makes hooks due, which wait.
  const calls = program().repeat(500, program().callUpdate(callee, later(40, program().reply())))
  net.send(id, later(2, program().trap('no')))
  net.send(id, later(3, calls))
  net.tick()
  net.requestStop(id)
  net.tick(8)
  expect(net.canister(id).status.kind).toBe('stopping')
  expectReply(net.upgrade(id, hookModule, notingHooks()))
  const thresholds = thresholdsArgument(id, { low_cycles_threshold: 10n ** 18n, low_heap_memory_threshold: 1n })
  expectReply(net.call(managementCanisterId, 'update_settings', thresholds, { effectiveCanisterId: id }))
  net.updateSettings(id, { wasm_memory_limit: 0n, freezing_threshold: 10n ** 15n })
  net.updateSettings(id, { freezing_threshold: 0n })
  const pending = () => net.canister(id).lifecycleHooks?.pending.length
  expect(pending()).toBe(6)
  const saved = net.replica.snapshot()
  const { requests } = net
  for (let times = 0; times < 3; times++) {
    expectReply(net.lifecycle('start_canister', id))
    net.tick(4)
    expect(net.state(id)).toBe('low_wasm_memory post_init on_error low_cycles low_heap_memory output_queue_full unfreeze ')
    expect(pending()).toBe(0)
    net.replica.restore(saved)
    net.requests = requests
    expect(pending()).toBe(6)
  }
})
