/** With the option off, a method with the name of a hook is a method like any other. */
import { expect, test } from 'vitest'
import { createTraceRecorder, encodeTrace } from '@tidemark/trace'
import { assemble, expectReply, network, program } from '../../../../tests/support/index.ts'
import { universalSource } from '../../../../tests/support/universal/source.ts'
import { notingHooks, setThresholds } from './support/hookNetwork.ts'

const source = universalSource({
  exports: ['heartbeat', 'post_init', 'on_error', 'on_low_cycles', 'on_low_heap_memory', 'on_output_queue_full', 'on_unfreeze'],
})
const withHooks = assemble(source)
// Names of the same length: sizes and prices are the same.
const withoutHooks = assemble(source.replaceAll('canister_update canister_', 'canister_update xanister_'))

function play(wasm: Uint8Array, experimentalHooks: boolean) {
  const trace = createTraceRecorder({ capacity: 10_000 })
  const net = network({ trace, experimentalHooks })
  const id = net.install(wasm, notingHooks(), { cycles: 10n ** 13n })
  setThresholds(net, id, { low_cycles_threshold: 10n ** 13n, low_heap_memory_threshold: 1n })
  net.update(id, program().note('lost').trap('no'))
  net.update(id, program().growHeap(3).on('heartbeat', program().trap('beat')).reply())
  net.updateSettings(id, { freezing_threshold: 10n ** 15n })
  net.tick()
  net.updateSettings(id, { freezing_threshold: 0n })
  expectReply(net.upgrade(id, wasm, notingHooks()))
  net.send(id, program().repeat(500, program().callUpdate(id, program().reply())).reply())
  net.tick(3)
  const state = net.state(id)
  const hooks = net.replica.hookStates(id)
  const { settings } = net.canister(id)
  // The hash of the module is the one thing in the certified state that may differ: gone with the code.
  expectReply(net.lifecycle('uninstall_code', id))
  return { net, id, trace: encodeTrace(trace.events()), certificate: net.replica.certificate([]), state, hooks, settings }
}

test('the trace and the certified state are the same as without the exports, to the cycle', () => {
  const off = play(withHooks, false)
  const never = play(withoutHooks, false)
  expect(off.trace).toBe(never.trace)
  expect(off.certificate).toEqual(never.certificate)
  expect(off.state).toBe('')
  expect(off.hooks).toEqual([])
  expect(off.settings).not.toHaveProperty('lowCyclesThreshold')
  // The same play does run hooks when they are on.
  expect(play(withHooks, true).trace).not.toBe(off.trace)
})

test('with the option on and nobody using it, they are the same, too', () => {
  const on = play(withoutHooks, true)
  const off = play(withoutHooks, false)
  expect(on.trace).toBe(off.trace)
  expect(on.certificate).toEqual(off.certificate)
})

test('anybody can call such a method', () => {
  const net = network()
  const id = net.install(withHooks, notingHooks())
  expectReply(net.call(id, 'canister_on_low_cycles', ''))
  expect(net.state(id)).toBe('low_cycles ')
})
