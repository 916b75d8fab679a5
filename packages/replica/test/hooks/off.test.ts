/** With the option off, a method with the name of a hook is a method like any other. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTraceRecorder, encodeTrace } from '@tidemark/trace'
import type { Principal } from '@tidemark/types'
import { assemble, candid, expectReply, later, network, program, type TestNetwork } from '../../../../tests/support/index.ts'
import { universalSource } from '../../../../tests/support/universal/source.ts'
import { notingHooks, setThresholds } from './support/hookNetwork.ts'

const source = universalSource({
  exports: ['heartbeat', 'post_init', 'on_error', 'on_low_cycles', 'on_low_heap_memory', 'on_output_queue_full', 'on_unfreeze'],
})
const withHooks = assemble(source)
// Names of the same length: sizes and prices are the same.
const withoutHooks = assemble(source.replaceAll('canister_update canister_', 'canister_update xanister_'))

/** Whatever makes a hook due where hooks are on, and what else happens to a canister. */
const actions = {
  note: ({ net, id }) => net.update(id, program().note('x').reply()),
  trap: ({ net, id }) => net.update(id, program().note('lost').trap('no')),
  trapLater: ({ net, id }) => net.update(id, later(1, program().trap('later'))),
  trapHeartbeat: ({ net, id }) => net.update(id, program().on('heartbeat', program().trap('beat')).reply()),
  grow: ({ net, id }) => net.update(id, program().growHeap(3).reply()),
  burn: ({ net, id }) =>
    net.update(
      id,
      program()
        .amount('cycles_burn128', 0n, 5n * 10n ** 11n)
        .reply(),
    ),
  fill: ({ net, id }) => net.send(id, program().repeat(500, program().callUpdate(id, program().reply())).reply()),
  freeze: ({ net, id }) => net.updateSettings(id, { freezing_threshold: 10n ** 15n }),
  thaw: ({ net, id }) => net.updateSettings(id, { freezing_threshold: 0n }),
  thresholds: ({ net, id }) => setThresholds(net, id, { low_cycles_threshold: 10n ** 13n, low_heap_memory_threshold: 1n }),
  limit: ({ net, id }) => net.updateSettings(id, { wasm_memory_limit: 6_553_600n, wasm_memory_threshold: 6_400_000n }),
  stop: ({ net, id }) => net.lifecycle('stop_canister', id),
  start: ({ net, id }) => net.lifecycle('start_canister', id),
  upgrade: ({ net, id, wasm }) => net.upgrade(id, wasm, notingHooks()),
  reinstall: ({ net, id, wasm }) => net.installInto(id, wasm, notingHooks(), { reinstall: null }),
  snapshot: ({ net, id }) =>
    net.managing(
      'take_canister_snapshot',
      { canister_id: candid(id), sender_canister_version: [], replace_snapshot: [], uninstall_code: [] },
      { effectiveCanisterId: id },
    ),
  create: ({ net }) => net.create(),
  advance: ({ net }) => net.advance(3600),
} satisfies Record<string, (stage: Stage) => unknown>
type Action = keyof typeof actions

interface Stage {
  readonly net: TestNetwork
  readonly id: Principal
  readonly wasm: Uint8Array
}

function play(wasm: Uint8Array, experimentalHooks: boolean, sequence: readonly Action[]) {
  const trace = createTraceRecorder({ capacity: 10_000 })
  const net = network({ trace, experimentalHooks })
  const id = net.install(wasm, notingHooks(), { cycles: 2n * 10n ** 13n })
  for (const action of sequence) {
    try {
      actions[action]({ net, id, wasm })
    } catch (error) {
      // A message that is not taken in leaves nothing, and must be refused in both networks: the trace has what follows.
      if (!(error instanceof Error) || !/^re(?:fus|ject)ed: /.test(error.message)) throw error
    }
    net.tick()
  }
  actions.thaw({ net, id, wasm })
  const { settings } = net.canister(id)
  const hooks = net.replica.hookStates(id)
  // The hash of the module is the one thing in the certified state that may differ: gone with the code.
  expectReply(net.lifecycle('uninstall_code', id))
  return { trace: encodeTrace(trace.events()), certificate: net.replica.certificate([]), hooks, settings }
}

const names = Object.keys(actions).filter((name): name is Action => name in actions)
// Each at least once, and frozen and thawed in between.
const every: Action[] = names.filter((name) => name !== 'freeze' && name !== 'stop')
const fixed: Action[] = ['thresholds', 'trap', 'freeze', ...every, 'stop', 'upgrade', 'start']
const sequences = fc.array(fc.constantFrom(...names), { maxLength: 20 })

function expectSame(one: ReturnType<typeof play>, other: ReturnType<typeof play>): void {
  expect(one.trace).toBe(other.trace)
  expect(one.certificate).toEqual(other.certificate)
}

test('the trace and the certified state are the same as without the exports, to the cycle', () => {
  const off = play(withHooks, false, fixed)
  expectSame(off, play(withoutHooks, false, fixed))
  expect(off.hooks).toEqual([])
  expect(off.settings).not.toHaveProperty('lowCyclesThreshold')
  // The same play does run hooks when they are on.
  expect(play(withHooks, true, fixed).trace).not.toBe(off.trace)
})

test('whatever happens, and in whichever order', () => {
  fc.assert(
    fc.property(sequences, (sequence) => expectSame(play(withHooks, false, sequence), play(withoutHooks, false, sequence))),
    { numRuns: 40, seed: 5 },
  )
})

test('with the option on and nobody using it, they are the same, too', () => {
  fc.assert(
    fc.property(sequences, (sequence) => expectSame(play(withoutHooks, true, sequence), play(withoutHooks, false, sequence))),
    { numRuns: 40, seed: 6, examples: [[fixed]] },
  )
})

test('anybody can call such a method', () => {
  const net = network()
  const id = net.install(withHooks, notingHooks())
  expectReply(net.call(id, 'canister_on_low_cycles', ''))
  expect(net.state(id)).toBe('low_cycles ')
})
