/** The same messages on 32-bit and 64-bit heaps, under both generations of prices. */
import { describe, expect, test } from 'vitest'
import {
  type WasmMode,
  expectNumber,
  expectReject,
  expectReply,
  heavy,
  later,
  network,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'

describe.each([
  ['wasm32', '2025'],
  ['wasm32', '2026'],
  ['wasm64', '2025'],
  ['wasm64', '2026'],
] as const satisfies readonly (readonly [WasmMode, '2025' | '2026'])[])('%s, prices of %s', (mode, profile) => {
  const wasm = universalCanister({ mode, exports: ['heartbeat', 'global_timer', 'on_low_wasm_memory', 'pre_upgrade', 'inspect_message'] })
  const net = network({ profile })
  const [id, other] = [net.install(wasm, ''), net.install(wasm, '')]
  const passOn = () => program().read('msg_arg_data').replyTop()

  test('calls, callbacks and cleanup', () => {
    expect(expectReply(net.update(id, program().callUpdate(other, program().reply('hello'), { onReply: passOn() }))).text).toBe('hello')
    const failing = program().callUpdate(other, program().reply(), {
      onReply: program().trap('no'),
      onCleanup: program().setState('cleaned'),
    })
    expect(expectReject(net.update(id, failing))).toContain("message: 'no'")
    expect(net.state(id)).toBe('cleaned')
  })

  test('cycles of 128 bits', () => {
    const accept = program()
      .amount('msg_cycles_accept128', 0n, 10n ** 12n)
      .replyTop()
    expect(expectNumber(net.update(id, program().callUpdate(other, accept, { cycles: 10n ** 12n, onReply: passOn() })))).toBe(10n ** 12n)
  })

  test('queries and composite queries leave nothing', () => {
    const body = program()
      .growHeap(3)
      .setState('gone')
      .call(other, 'query', program().replyState(), { onReply: program().replyState() })
      .op('drop')
    expect(expectReply(net.compositeQuery(id, body)).text).toBe('gone')
    expect(net.state(id)).toBe('cleaned')
  })

  test('tasks of the system', () => {
    const worker = net.install(
      wasm,
      program().on('heartbeat', program().note('h')).on('global_timer', program().note('t')).on('on_low_wasm_memory', program().note('l')),
    )
    net.update(worker, program().sys('global_timer_set', 1).op('drop').reply())
    expectReply(net.updateSettings(worker, { wasm_memory_limit: 1n << 30n, wasm_memory_threshold: 1n << 30n }))
    net.tick(3)
    for (const letter of 'htl') expect(net.state(worker)).toContain(letter)
  })

  test('upgrades with stable memory', () => {
    const save = program().sys('stable64_grow', 1).op('drop').int(9).blob('saved').sys('stable64_write')
    const canister = net.install(wasm, program().on('pre_upgrade', save))
    expectReply(net.upgrade(canister, wasm, program().int(5).op('alloc').op('dup2').int(9).op('swap').sys('stable64_read').op('set_state')))
    expect(net.state(canister)).toBe('saved')
  })

  test('inspection and long executions', () => {
    const canister = net.install(wasm, program().on('inspect_message', program().sys('accept_message')))
    expect(expectReply(net.update(canister, heavy(3).then(later(1, program().reply('done'))))).text).toBe('done')
  })

  test('instructions cost twice as much on a wide heap', () => {
    const { consumedCycles } = net.canister(id)
    const before = consumedCycles.instructions
    const used = expectNumber(net.update(id, program().burn(1_000_000).sys('performance_counter', 0).replyInt()))
    const price = mode === 'wasm64' ? 2n : 1n
    const charged = net.canister(id).consumedCycles.instructions - before - 5_000_000n
    expect(charged).toBeGreaterThanOrEqual(used * price)
    // What follows the reading of the counter is little.
    expect(charged).toBeLessThan((used + 400_000n) * price)
  })
})
