/**
 * The low-Wasm-memory hook: its condition, its three states, and when it runs.
 *
 * @see Interface specification, "On Low Wasm Memory".
 */
import { describe, expect, test } from 'vitest'
import type { Principal } from '@tidemark/types'
import {
  type Program,
  type SettingsChange,
  type TestNetwork,
  candid,
  expectReply,
  later,
  network,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'

const page = 65_536n
const wasm = universalCanister()
/** Heap of the universal canister at its start, in pages. */
const heap = 2n
const hook = (body: Program = program().note('hook ')) => program().on('on_low_wasm_memory', body)
const grow = (pages = 1) => program().growHeap(pages).reply()

/** A canister whose hook is due when its heap has more pages than this. */
function dueAbove(pages: bigint): SettingsChange {
  return { wasm_memory_limit: 100n * page, wasm_memory_threshold: (100n - pages) * page }
}

function start(settings: SettingsChange, init: Program = hook()): { net: TestNetwork; id: Principal } {
  const net = network()
  return { net, id: net.install(wasm, init, { settings }) }
}

const status = (net: TestNetwork, id: Principal) => net.canister(id).hookStatus

describe('the condition', () => {
  const gib = 1n << 30n
  test.each<[title: string, settings: SettingsChange, pages: number, state: string]>([
    ['exactly the threshold left: not satisfied', dueAbove(heap + 1n), 1, ''],
    ['a page less: satisfied', dueAbove(heap + 1n), 2, 'hook '],
    ['threshold 0, heap equal to the limit: not satisfied', { wasm_memory_limit: 4n * page, wasm_memory_threshold: 0n }, 2, ''],
    // Due before there is code: it is taken then, and not again.
    [
      'threshold larger than the limit: taken while the canister was empty',
      { wasm_memory_limit: 4n * page, wasm_memory_threshold: 5n * page },
      0,
      '',
    ],
    ['no limit set: 4 GiB count; a page too few', { wasm_memory_threshold: 4n * gib - (heap + 1n) * page }, 1, ''],
    ['no limit set: 4 GiB count; enough', { wasm_memory_threshold: 4n * gib - (heap + 1n) * page }, 2, 'hook '],
    ['no settings at all', {}, 50, ''],
    ['limit 0 is not special: satisfied by any heap', { wasm_memory_limit: 0n }, 0, 'hook '],
    ['one byte decides: equal', { wasm_memory_limit: 3n * page + 1n, wasm_memory_threshold: 1n }, 1, ''],
    ['one byte decides: less', { wasm_memory_limit: 3n * page + 1n, wasm_memory_threshold: 2n }, 1, 'hook '],
  ])('%s', (_, settings, pages, state) => {
    const { net, id } = start(settings)
    net.update(id, grow(pages))
    net.tick(2)
    expect(net.state(id)).toBe(state)
  })

  test('is judged by the heap that was kept: a rolled back growth does not count', () => {
    const { net, id } = start(dueAbove(heap))
    net.update(id, program().growHeap(5).trap('no'))
    net.tick(2)
    expect(net.state(id)).toBe('')
    expect(status(net, id)).toBe('condition_not_satisfied')
  })

  test('stable memory does not count', () => {
    const { net, id } = start(dueAbove(heap))
    net.update(id, program().sys('stable64_grow', 10).op('drop').reply())
    net.tick(2)
    expect(net.state(id)).toBe('')
  })

  test('a query never brings it about, a replicated query cannot', () => {
    const { net, id } = start(dueAbove(heap))
    net.query(id, grow(5))
    net.call(id, 'query', grow(5))
    net.tick(2)
    expect(status(net, id)).toBe('condition_not_satisfied')
  })

  test('a 64-bit heap without a limit counts 4 GiB too', () => {
    const net = network()
    const settings = { wasm_memory_threshold: (1n << 32n) - (heap + 1n) * page }
    const id = net.install(universalCanister({ mode: 'wasm64' }), hook(), { settings })
    net.update(id, grow(2))
    net.tick()
    expect(net.state(id)).toBe('hook ')
  })
})

describe('the three states', () => {
  test('it runs once for a crossing, however much the heap grows afterwards', () => {
    const { net, id } = start(dueAbove(heap))
    for (let n = 0; n < 5; n++) net.update(id, grow())
    net.tick(5)
    expect(net.state(id)).toBe('hook ')
    expect(status(net, id)).toBe('executed')
  })

  test('it is armed again after the condition was seen to be false', () => {
    const { net, id } = start(dueAbove(heap))
    net.update(id, grow())
    net.tick()
    expectReply(net.updateSettings(id, dueAbove(50n)))
    expect(status(net, id)).toBe('condition_not_satisfied')
    expectReply(net.updateSettings(id, dueAbove(heap)))
    net.tick()
    expect(net.state(id)).toBe('hook hook ')
  })

  test('a change of settings that leaves the condition true does not arm it', () => {
    const { net, id } = start(dueAbove(heap))
    net.update(id, grow(4))
    net.tick()
    expectReply(net.updateSettings(id, dueAbove(heap + 1n)))
    net.tick(2)
    expect(net.state(id)).toBe('hook ')
  })

  test('a hook that is due is dropped when the condition lapses first', () => {
    const { net, id } = start(dueAbove(heap))
    expectReply(net.lifecycle('stop_canister', id))
    expectReply(net.updateSettings(id, dueAbove(1n)))
    expect(status(net, id)).toBe('ready')
    expectReply(net.updateSettings(id, dueAbove(50n)))
    expect(status(net, id)).toBe('condition_not_satisfied')
    expectReply(net.lifecycle('start_canister', id))
    net.tick(2)
    expect(net.state(id)).toBe('')
  })

  test('a hook that traps is rolled back and not run again', () => {
    const { net, id } = start(dueAbove(heap), hook(program().note('hook ').trap('no')))
    net.update(id, grow())
    net.tick(3)
    expect(net.state(id)).toBe('')
    expect(net.log(id)).toEqual(['[TRAP]: no'])
    expect(status(net, id)).toBe('executed')
  })

  test('a hook that grows the heap does not bring itself about', () => {
    const { net, id } = start(dueAbove(heap), hook(program().note('hook ').growHeap(3)))
    net.update(id, grow())
    net.tick(3)
    expect(net.state(id)).toBe('hook ')
  })

  test('without the export it is taken all the same', () => {
    const net = network()
    const id = net.install(universalCanister({ exports: [] }), '', { settings: dueAbove(heap) })
    net.update(id, grow())
    net.tick()
    expect(status(net, id)).toBe('executed')
  })

  test('the limit is not enforced in the hook', () => {
    const settings = { wasm_memory_limit: 4n * page, wasm_memory_threshold: 2n * page }
    const { net, id } = start(settings, hook(program().growHeap(10).note('grown')))
    net.update(id, grow())
    net.tick()
    expect(net.state(id)).toBe('grown')
  })
})

describe('settings and installation', () => {
  test('settings first, then the code', () => {
    const net = network()
    const id = net.create()
    expectReply(net.updateSettings(id, dueAbove(1n)))
    net.installInto(id, wasm, hook())
    net.tick()
    expect(net.state(id)).toBe('hook ')
  })

  test('the code first, then the settings', () => {
    const net = network()
    const id = net.install(wasm, hook())
    net.tick()
    expect(net.state(id)).toBe('')
    expectReply(net.updateSettings(id, dueAbove(1n)))
    net.tick()
    expect(net.state(id)).toBe('hook ')
  })

  test('an upgrade to a small heap ends it, and it may come again', () => {
    const { net, id } = start(dueAbove(heap))
    net.update(id, grow())
    net.tick()
    expectReply(net.upgrade(id, wasm, hook()))
    expect(status(net, id)).toBe('condition_not_satisfied')
    net.update(id, grow())
    net.tick()
    expect(net.state(id)).toBe('hook ')
  })

  test('a reinstall to a small heap ends it', () => {
    const { net, id } = start(dueAbove(heap))
    net.update(id, grow())
    net.tick()
    expectReply(net.installInto(id, wasm, hook(), { reinstall: null }))
    expect(status(net, id)).toBe('condition_not_satisfied')
  })

  test('uninstalling ends it', () => {
    const { net, id } = start(dueAbove(heap))
    net.update(id, grow())
    net.tick()
    expectReply(net.lifecycle('uninstall_code', id))
    expect(status(net, id)).toBe('condition_not_satisfied')
  })

  test('another management call has it judged, too', () => {
    const { net, id } = start(dueAbove(heap))
    net.update(id, grow())
    net.tick()
    net.manage('canister_status', { canister_id: candid(id) }, { effectiveCanisterId: id })
    expect(status(net, id)).toBe('executed')
  })
})

describe('its place in the order', () => {
  test('before heartbeat, timer and messages that wait', () => {
    const net = network()
    const module = universalCanister({ exports: ['heartbeat', 'global_timer', 'on_low_wasm_memory'] })
    const init = hook().on('heartbeat', program().note('beat ')).on('global_timer', program().note('timer '))
    const id = net.install(module, init, { settings: dueAbove(heap) })
    net.send(id, program().setState('').growHeap(1).sys('global_timer_set', 1n).op('drop').reply())
    net.send(id, program().note('message ').reply())
    net.tick()
    net.tick()
    const state = net.state(id)
    expect(state.indexOf('hook ')).toBe(0)
    expect(state).toContain('message ')
    expect(state).toContain('timer ')
    expect(state.match(/hook /g)).toHaveLength(1)
  })

  test('the message that crosses ends first, then the hook, then the next message', () => {
    const { net, id } = start(dueAbove(heap))
    net.send(id, program().growHeap(1).note('crossing ').reply())
    net.send(id, program().note('next ').reply())
    net.tick()
    expect(net.state(id)).toBe('crossing hook next ')
  })

  test('callbacks that cross bring it about', () => {
    const { net, id } = start(dueAbove(heap))
    const other = net.install(wasm)
    const body = program().callUpdate(other, program().reply(), { onReply: program().growHeap(1).note('callback ').reply() })
    expectReply(net.update(id, body))
    net.tick()
    expect(net.state(id)).toBe('callback hook ')
  })

  test('a hook may call, and its callback runs', () => {
    const net = network()
    const other = net.install(wasm)
    const id = net.install(wasm, hook(program().callUpdate(other, program().note('called').reply(), { onReply: program().note('back') })), {
      settings: dueAbove(heap),
    })
    net.update(id, grow())
    net.tick(2)
    expect([net.state(other), net.state(id)]).toEqual(['called', 'back'])
  })
})

describe('who cannot run it', () => {
  test('a stopped canister keeps it due until it is started', () => {
    const { net, id } = start({})
    expectReply(net.lifecycle('stop_canister', id))
    expectReply(net.updateSettings(id, dueAbove(1n)))
    net.tick(3)
    expect(status(net, id)).toBe('ready')
    expectReply(net.lifecycle('start_canister', id))
    net.tick()
    expect(net.state(id)).toBe('hook ')
  })

  test('a stopping canister, too', () => {
    const { net, id } = start(dueAbove(heap))
    net.send(id, later(4, program().growHeap(1).reply()))
    net.tick()
    net.requestStop(id)
    net.tick(8)
    expect(net.canister(id).status.kind).toBe('stopped')
    expect(status(net, id)).toBe('ready')
    expectReply(net.lifecycle('start_canister', id))
    net.tick()
    expect(net.state(id)).toBe('hook ')
  })

  test('a frozen canister keeps it due; it runs once it is not frozen any more', () => {
    const net = network()
    const id = net.install(wasm, hook(), { cycles: 10n ** 13n })
    expectReply(net.updateSettings(id, { freezing_threshold: 10n ** 15n }))
    expectReply(net.updateSettings(id, dueAbove(1n)))
    net.tick(3)
    expect(status(net, id)).toBe('ready')
    net.updateSettings(id, { freezing_threshold: 0n })
    net.tick()
    expect(net.state(id)).toBe('hook ')
  })

  test('a frozen canister that starts to fit does not run it', () => {
    const net = network()
    const id = net.install(wasm, hook(), { cycles: 10n ** 13n })
    expectReply(net.updateSettings(id, { freezing_threshold: 10n ** 15n }))
    expectReply(net.updateSettings(id, dueAbove(1n)))
    expectReply(net.updateSettings(id, dueAbove(50n)))
    net.updateSettings(id, { freezing_threshold: 0n })
    net.tick(2)
    expect(net.state(id)).toBe('')
  })
})
