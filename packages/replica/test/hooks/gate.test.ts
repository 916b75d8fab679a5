/** `canister_post_init` with a gate: everything else waits until the calls of the hook have returned, or its time is over. */
import { describe, expect, test } from 'vitest'
import type { Principal } from '@tidemark/types'
import {
  expectReject,
  expectReply,
  later,
  type Outcome,
  type Program,
  program,
  type TestNetwork,
  universalCanister,
} from '../../../../tests/support/index.ts'
import { hookModule, hookNetwork, hookState, notingHooks, setThresholds } from './support/hookNetwork.ts'

const name = 'canister_post_init'
/** Seeds itself from `raw_rand`, which is answered in a later round. */
const seeding = (rounds = 1) =>
  program()
    .note('post_init ')
    .then(later(rounds, program().note('seeded ')))
const message = () => program().note('message ').reply()

/** Installs code into a canister whose gate is as long as given, without running a round more than that takes. */
function start({ init = seeding(), seconds = 60n, others = program() }: { init?: Program; seconds?: bigint; others?: Program } = {}) {
  const { net, names } = hookNetwork()
  const id = net.create()
  setThresholds(net, id, { post_init_gate_seconds: seconds })
  expectReply(net.installInto(id, hookModule, notingHooks().then(others).on('post_init', init)))
  return { net, id, names }
}

const isGated = (net: TestNetwork, id: Principal) => hookState(net, id, name)?.gatedUntilNanos !== undefined

describe('what waits', () => {
  test.each([
    ['without a gate a message comes before the answer', 0n, 'post_init message seeded '],
    ['with a gate the answer comes first', 60n, 'post_init seeded message '],
  ])('%s', (_, seconds, state) => {
    const { net, id } = start({ seconds })
    net.send(id, message())
    net.tick(3)
    expect(net.state(id)).toBe(state)
  })

  test('messages keep their order', () => {
    const { net, id } = start({ init: seeding(3) })
    for (let n = 0; n < 5; n++) {
      net.send(id, program().note(`${n} `).reply())
      net.tick()
    }
    net.tick(2)
    expect(net.state(id)).toBe('post_init seeded 0 1 2 3 4 ')
  })

  test('calls of other canisters keep theirs', () => {
    const { net, id } = start({ init: seeding(3) })
    const caller = net.install(universalCanister())
    const call = (n: number) => program().callUpdate(id, program().note(`${n} `).reply(), { onReply: program().reply() })
    const sent = [0, 1, 2].map((n) => net.send(caller, call(n)))
    net.tick(8)
    expect(sent.map((request) => net.status(request)?.status)).toEqual(['replied', 'replied', 'replied'])
    expect(net.state(id)).toBe('post_init seeded 0 1 2 ')
  })

  test('heartbeats, timers and the other proposed hooks wait; the hook of the protocol does not', () => {
    const others = program()
      .on('heartbeat', program().note('beat '))
      .on('global_timer', program().note('timer '))
      .sys('global_timer_set', 1n)
      .op('drop')
    const { net, id } = start({ init: seeding(4), others })
    setThresholds(net, id, { low_cycles_threshold: 10n ** 15n })
    net.updateSettings(id, { wasm_memory_limit: 0n })
    net.tick()
    expect(isGated(net, id)).toBe(true)
    expect(net.state(id)).toBe('post_init low_wasm_memory ')
    expect(hookState(net, id, 'canister_on_low_cycles')?.state).toBe('pending')
    net.tick(4)
    expect(net.state(id)).toMatch(/^post_init low_wasm_memory seeded low_cycles (?=.*beat )(?=.*timer )/)
  })
})

describe('what does not wait', () => {
  test('queries see what is there so far', () => {
    const { net, id } = start({ init: seeding(5) })
    net.tick()
    expect(net.state(id)).toBe('post_init ')
  })

  test('canister_inspect_message is asked as always', () => {
    const module = universalCanister({ exports: ['post_init', 'inspect_message'] })
    const { net } = hookNetwork()
    const id = net.create()
    setThresholds(net, id, { post_init_gate_seconds: 60n })
    expectReply(net.installInto(id, module, program().on('post_init', seeding(5)).on('inspect_message', program().trap('closed'))))
    net.tick()
    expect(expectReject(net.update(id, message()))).toContain('closed')
  })

  test('calls to itself, and those that they make', () => {
    const inner = (id: Principal) =>
      program().note('inner ').callUpdate(id, program().note('innermost ').reply(), { onReply: program().reply() })
    const { net, id } = start({ seconds: 0n })
    setThresholds(net, id, { post_init_gate_seconds: 60n })
    const body = program().callUpdate(id, inner(id), { onReply: program().note('done ') })
    expectReply(net.upgrade(id, hookModule, notingHooks().on('post_init', body)))
    net.send(id, message())
    net.tick(6)
    expect(net.state(id)).toBe('inner innermost done message ')
  })

  test('responses of older calls', () => {
    const { net, id } = start({ init: program().reply() })
    const older = net.send(id, later(3, program().reply()))
    net.tick()
    // New code: what the callback would have run is gone, and the call ends without a reply.
    expectReply(net.upgrade(id, hookModule, notingHooks().on('post_init', seeding(20))))
    net.tick(3)
    expect(isGated(net, id)).toBe(true)
    expect(net.status(older)?.status).toBe('rejected')
  })
})

describe('how it ends', () => {
  test('at its time limit, which is told', () => {
    const { net, id } = start({ init: seeding(1000), seconds: 10n })
    const waiting = net.send(id, message())
    net.tick()
    const until = hookState(net, id, name)?.gatedUntilNanos ?? 0n
    expect(until - net.replica.timeNanos()).toBeGreaterThan(9_000_000_000n)
    net.replica.tick(until - 1n)
    expect(net.status(waiting)?.status).toBe('received')
    net.replica.tick(until)
    expect(net.status(waiting)?.status).toBe('replied')
    expect(hookState(net, id, name)).toMatchObject({
      state: 'ran',
      reason: 'the gate opened at its time limit, before all calls had returned',
    })
    expect(isGated(net, id)).toBe(false)
  })

  test('at once, when the hook makes no call or traps', () => {
    for (const init of [program().reply(), program().trap('no')]) {
      const { net, id } = start({ init })
      net.send(id, message())
      net.tick()
      expect(net.state(id)).toContain('message ')
    }
  })

  test('with a trap of its last callback, of which canister_on_error is told then', () => {
    const { net, id } = start({ init: later(2, program().trap('no')) })
    net.send(id, message())
    net.tick(4)
    expect(net.state(id)).toBe('on_error message ')
  })

  test('not with a save and load of the network: everything waits again, and runs once', () => {
    const { net, id } = start({ init: seeding(5) })
    const waiting = net.send(id, message())
    net.tick()
    const saved = net.replica.snapshot()
    for (let times = 0; times < 2; times++) {
      net.tick(8)
      expect(net.state(id)).toBe('post_init seeded message ')
      net.replica.restore(saved)
      expect(isGated(net, id)).toBe(true)
      expect(net.status(waiting)?.status).toBe('received')
    }
  })

  test('with new code, whose own post-init closes it again', () => {
    const { net, id } = start({ init: seeding(50) })
    const waiting = net.send(id, message())
    net.tick()
    expectReply(net.upgrade(id, hookModule, notingHooks().on('post_init', later(2, program().note('newer ')))))
    expect(net.status(waiting)?.status).toBe('received')
    net.tick(4)
    expect(net.state(id)).toBe('newer message ')
  })

  test('when the code is uninstalled', () => {
    const { net, id } = start({ init: seeding(50) })
    const waiting = net.send(id, message())
    net.tick()
    expectReply(net.lifecycle('uninstall_code', id))
    expect(expectReject(net.await(waiting))).toContain('IC0537')
    expect(net.canister(id).lifecycleHooks?.gate).toBeUndefined()
  })

  test('when the canister is stopped: what waits is refused, and its calls return', () => {
    const { net, id } = start({ init: seeding(5) })
    const waiting = net.send(id, message())
    net.tick()
    net.requestStop(id)
    expect(expectReject(net.await(waiting))).toContain('IC0509')
    net.tick(6)
    expect(net.canister(id).status.kind).toBe('stopped')
    expectReply(net.lifecycle('start_canister', id))
    expectReply(net.update(id, message()))
    expect(net.state(id)).toBe('post_init seeded message ')
  })
})

describe('bounds', () => {
  test('the 501st message is refused with the error of a full queue, and may be sent again later', () => {
    const { net, id } = start({ init: seeding(3) })
    for (let n = 0; n < 500; n++) net.send(id, program().reply())
    const refused = net.submit(id, 'update', message())
    const outcome: Outcome | undefined = refused instanceof Uint8Array ? undefined : { kind: 'reject', reject: refused }
    expect(outcome && expectReject(outcome)).toBe('IC0201 Maximum queue capacity 500 reached')
    net.tick(4)
    expectReply(net.update(id, message()))
  })

  test.each([
    [3600n, undefined],
    [3601n, 'IC0504 Post-init gate expected to be in the range of [0..3600] seconds, got 3_601'],
  ])('a gate of %s seconds', (seconds, refusal) => {
    const { net } = hookNetwork()
    const id = net.create()
    const change = () => setThresholds(net, id, { post_init_gate_seconds: seconds })
    if (refusal === undefined) expect(change).not.toThrow()
    else expect(change).toThrow(refusal)
    expect(net.canister(id).settings.postInitGateSeconds).toBe(refusal === undefined ? seconds : undefined)
  })
})
