/** Calls that are open while canisters stop, are upgraded, uninstalled or deleted. */
import { describe, expect, test } from 'vitest'
import {
  type TestNetwork,
  candid,
  encodeManagement,
  expectNumber,
  expectReject,
  expectReply,
  later,
  network,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'
import { managementCanisterId } from '@tidemark/types'

const wasm = universalCanister()
const stopArg = (id: ReturnType<TestNetwork['create']>) => encodeManagement('stop_canister', { canister_id: candid(id) })

describe('stopping', () => {
  test('an idle canister stops at once', () => {
    const net = network()
    const id = net.install(wasm)
    const version = net.canister(id).version
    expectReply(net.lifecycle('stop_canister', id))
    expect(net.canister(id).status.kind).toBe('stopped')
    expect(net.canister(id).version).toBeGreaterThan(version)
    expectReply(net.lifecycle('stop_canister', id))
  })

  test('waits for open calls, whose callbacks still run and may make calls', () => {
    const net = network()
    const [id, other] = [net.install(wasm), net.install(wasm)]
    const onward = program()
      .note('b')
      .callUpdate(other, program().reply(), { onReply: program().note('c').reply('done') })
    const sent = net.send(id, program().note('a').then(later(2, onward)))
    net.tick()
    const stop = net.requestStop(id)
    net.tick()
    expect(net.canister(id).status.kind).toBe('stopping')
    expect(net.status(stop)?.status).toBe('processing')
    expect(expectReply(net.await(sent)).text).toBe('done')
    expectReply(net.await(stop, 2))
    expect(net.canister(id).status.kind).toBe('stopped')
  })

  test('refuses what is new, from users and canisters', () => {
    const net = network()
    const [id, other] = [net.install(wasm), net.install(wasm)]
    net.send(id, later(5, program().reply()))
    net.tick()
    net.requestStop(id)
    net.tick()
    const told = program().sys('msg_reject_code').op('int_to_blob').read('msg_reject_msg').op('concat').replyTop()
    const call = () =>
      expectReply(net.update(other, program().callUpdate(id, program().reply(), { onReject: told }), { rounds: 1 })).text.slice(8)
    expect(expectReject(net.update(id, program().reply()))).toBe(`IC0509 Canister ${id.toText()} is stopping`)
    expect(expectReject(net.query(id, program().reply()))).toBe(`IC0509 Canister ${id.toText()} is not running`)
    expect(call()).toBe(`Canister ${id.toText()} is stopping`)
    net.tick(8)
    expect(expectReject(net.update(id, program().reply()))).toBe(`IC0508 Canister ${id.toText()} is stopped`)
    expect(expectReject(net.query(id, program().reply()))).toBe(
      `IC0508 Canister ${id.toText()} is stopped and therefore does not have a CallContextManager`,
    )
    expect(call()).toBe(`Canister ${id.toText()} is stopped`)
    expectReply(net.lifecycle('start_canister', id))
    expect(expectReply(net.update(id, program().reply('again'))).text).toBe('again')
  })

  test('refuses what came before it was stopped, at the base fee of an execution', () => {
    const net = network()
    const id = net.install(wasm)
    const waiting = net.send(id, program().note('ran').reply())
    const before = net.canister(id).consumedCycles.instructions
    net.requestStop(id)
    net.tick()
    expect(expectReject(net.await(waiting, 0))).toBe(`IC0509 Canister ${id.toText()} is not running`)
    expect(net.canister(id).consumedCycles.instructions - before).toBe(5_000_000n)
  })

  test('sees the status that it has', () => {
    const net = network()
    const id = net.install(wasm)
    expect(expectNumber(net.update(id, program().sys('canister_status').replyInt()))).toBe(1n)
    const sent = net.send(id, later(2, program().sys('canister_status').replyInt()))
    net.tick()
    net.requestStop(id)
    expect(expectNumber(net.await(sent))).toBe(2n)
  })

  test('a start while stopping cancels the stop', () => {
    const net = network()
    const id = net.install(wasm)
    net.send(id, later(10, program().reply()))
    net.tick()
    const stop = net.requestStop(id)
    net.tick()
    expectReply(net.lifecycle('start_canister', id))
    expect(expectReject(net.await(stop))).toBe(`IC0511 Canister ${id.toText()}'s stop request was cancelled.`)
    expect(net.canister(id).status.kind).toBe('running')
  })

  test('a stop that waits for five minutes is given up, the canister goes on stopping', () => {
    const net = network()
    const id = net.install(wasm)
    net.send(id, later(30, program().reply()))
    net.tick()
    const stop = net.requestStop(id)
    net.tick()
    net.advance(301)
    expect(expectReject(net.await(stop, 2))).toContain('IC0206')
    expect(net.canister(id).status.kind).toBe('stopping')
  })

  test('a canister that calls itself stopped waits for its own call', () => {
    const net = network()
    const id = net.install(wasm)
    net.updateSettings(id, { controllers: [id] })
    const body = program()
      .call(managementCanisterId, 'stop_canister', stopArg(id), { onReply: program().reply('never') })
      .op('drop')
    const sent = net.send(id, body)
    net.tick(10)
    expect(net.status(sent)?.status).toBe('processing')
    expect(net.canister(id).status.kind).toBe('stopping')
  })
})

describe('an upgrade while a call is open', () => {
  test('the callback runs in the new code, in a table of its own', () => {
    const net = network()
    const id = net.install(wasm)
    const sent = net.send(id, later(3, program().reply('from the callback')))
    net.tick()
    // The heap is new: the callback finds no program where its environment points to.
    expectReply(net.upgrade(id, wasm))
    expect(expectReject(net.await(sent))).toContain('IC0506')
    expect(net.canister(id).callContexts.size).toBe(0)
  })

  test('a callback whose function is gone traps, and the call is rejected', () => {
    const net = network()
    const id = net.install(wasm)
    const sent = net.send(id, later(3, program().reply()))
    net.tick()
    expectReply(net.upgrade(id, Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)))
    expect(expectReject(net.await(sent))).toContain('Canister requested to invoke a non-existent Wasm function')
  })
})

describe('uninstalling while a call is open', () => {
  test('rejects the call at once with its cycles, and later answers only refund', () => {
    const net = network()
    const [caller, id, slow] = [net.install(wasm), net.install(wasm), net.install(wasm)]
    const told = program().sys('msg_cycles_refunded').op('int_to_blob').read('msg_reject_msg').op('concat').replyTop()
    const waiting = program().callUpdate(slow, later(4, program().reply()), { cycles: 10n ** 12n, onReply: program().reply() })
    const sent = net.send(caller, program().callUpdate(id, waiting, { cycles: 5000n, onReject: told }))
    net.tick()
    expectReply(net.lifecycle('uninstall_code', id))
    const { bytes, text } = expectReply(net.await(sent, 2))
    expect(bytes[0]! + 256 * bytes[1]!).toBe(5000)
    expect(text.slice(8)).toMatch(/uninstalled/)
    expect(net.canister(id).callContexts.size).toBe(1)
    const balance = net.balance(id)
    net.tick(5)
    expect(net.balance(id)).toBeGreaterThanOrEqual(balance + 10n ** 12n)
    expect(net.canister(id).callContexts.size).toBe(0)
    expect(net.canister(id).callbacks.size).toBe(0)
  })

  test('a reinstall keeps calls open, but their callbacks find other code', () => {
    const net = network()
    const id = net.install(wasm)
    const sent = net.send(id, later(3, program().reply()))
    net.tick()
    expectReply(net.installInto(id, wasm, '', { reinstall: null }))
    expect(expectReject(net.await(sent))).toContain('IC0506')
  })
})

describe('deleting', () => {
  test('needs a stopped canister', () => {
    const net = network()
    const id = net.install(wasm)
    expect(expectReject(net.lifecycle('delete_canister', id))).toContain(
      `IC0510 Canister ${id.toText()} must be stopped before it is deleted.`,
    )
  })

  test('removes it for good', () => {
    const net = network()
    const id = net.install(wasm)
    expectReply(net.lifecycle('stop_canister', id))
    expectReply(net.lifecycle('delete_canister', id))
    expect(expectReject(net.update(id, program()))).toBe(`IC0301 Canister ${id.toText()} not found`)
    expect(net.create().toText()).not.toBe(id.toText())
  })
})

describe('stages of an installation', () => {
  test('an upgrade keeps stable memory and what pre_upgrade wrote there, not the heap', () => {
    const net = network()
    const save = program().sys('stable64_grow', 1).op('drop').int(0).blob('saved').sys('stable64_write')
    const id = net.install(wasm, program().setState('heap').on('pre_upgrade', save))
    const load = program().int(5).op('alloc').op('dup2').int(0).op('swap').sys('stable64_read').op('set_state')
    expectReply(net.upgrade(id, wasm, load))
    expect(net.state(id)).toBe('saved')
  })

  test.each([
    ['init', 'install', ''],
    ['post_upgrade', 'upgrade', 'old'],
    ['pre_upgrade', 'upgrade', 'old'],
  ] as const)('a trap in %s leaves everything as it was', (stage, mode, kept) => {
    const net = network()
    const id = net.create()
    const change = program().setState('new').sys('stable64_grow', 4).op('drop').sys('certified_data_set', 'new').trap('no')
    if (mode === 'upgrade')
      expectReply(
        net.installInto(
          id,
          wasm,
          program()
            .setState('old')
            .on('pre_upgrade', stage === 'pre_upgrade' ? change : program()),
        ),
      )
    const before = net.canister(id)
    const { version, certifiedData } = before
    const outcome = mode === 'install' ? net.installInto(id, wasm, change) : net.upgrade(id, wasm, change)
    expect(expectReject(outcome)).toContain('IC0503 Error from Canister ' + id.toText() + ": Canister called `ic0.trap` with message: 'no'")
    const after = net.canister(id)
    expect({ version: after.version, certifiedData: after.certifiedData, stable: after.stableMemory.sizePages }).toEqual({
      version,
      certifiedData,
      stable: 0,
    })
    expect(net.log(id)).toEqual(['[TRAP]: no'])
    if (kept === '') expect(after.execution).toBeUndefined()
    else expect(net.state(id)).toBe(kept)
  })

  test('the timer is switched off by an upgrade, certified data stays', () => {
    const net = network()
    const id = net.install(
      wasm,
      program()
        .sys('global_timer_set', 10n ** 19n)
        .op('drop')
        .sys('certified_data_set', 'data'),
    )
    expect(net.canister(id).globalTimerNanos).toBe(10n ** 19n)
    expectReply(net.upgrade(id, wasm))
    expect(net.canister(id).globalTimerNanos).toBe(0n)
    expect(net.canister(id).certifiedData).toHaveLength(4)
    expectReply(net.installInto(id, wasm, '', { reinstall: null }))
    expect(net.canister(id).certifiedData).toHaveLength(0)
  })

  test('versions: pre_upgrade sees the old one, init and post_upgrade the new one', () => {
    const net = network()
    const version = program().sys('canister_version').op('int_to_blob')
    const show = program().then(version).op('append_state')
    const save = program().sys('stable64_grow', 1).op('drop').int(0).then(version).sys('stable64_write')
    const id = net.install(wasm, program().then(show).on('pre_upgrade', save))
    const installed = net.canister(id).version
    expect(expectNumber(net.query(id, program().replyState()))).toBe(installed)
    const load = program().int(8).op('alloc').op('dup2').int(0).op('swap').sys('stable64_read').op('append_state').then(show)
    expectReply(net.upgrade(id, wasm, load))
    const seen = expectReply(net.query(id, program().replyState())).bytes
    expect([seen[0], seen[8]]).toEqual([Number(installed), Number(installed) + 1])
  })
})
