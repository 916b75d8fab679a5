/** Growth of heap and stable memory: what the canister's settings, its cycles and the subnet allow. */
import { describe, expect, test } from 'vitest'
import {
  type Program,
  type SettingsChange,
  assemble,
  expectNumber,
  expectReject,
  expectReply,
  later,
  network,
  program,
  universalCanister,
} from '../../../tests/support/index.ts'

const wasm = universalCanister()
const page = 65_536n
const gib = 1n << 30n
const tib = 1n << 40n
const growHeap = (pages: number) => program().growHeap(pages).reply('grown')
const growStable = (pages: number) => program().sys('stable64_grow', pages).replyInt()

function start(settings: SettingsChange, init: Program | string = '', options: Parameters<typeof network>[0] = {}, cycles = 10n ** 16n) {
  const net = network(options)
  return { net, id: net.install(wasm, init, { settings, cycles }) }
}

describe('wasm_memory_limit', () => {
  const limited = { wasm_memory_limit: 4n * page }
  const refused =
    /^IC0539 Error from Canister .*: Canister exceeded its current Wasm memory limit of 262144 bytes\. The peak Wasm memory usage was 458752 bytes\./

  test('holds for an update that grows, and what equals it is allowed', () => {
    const { net, id } = start(limited)
    expect(expectReply(net.update(id, growHeap(2))).text).toBe('grown')
    expect(expectReject(net.update(id, growHeap(3)))).toMatch(refused)
    expect(net.canister(id).execution?.live.heapPages).toBe(4)
  })

  test('keeps an update from starting when the heap is above it already', () => {
    const { net, id } = start({})
    net.update(id, growHeap(5))
    expectReply(net.updateSettings(id, limited))
    expect(expectReject(net.update(id, program().note('x').reply()))).toMatch(refused)
    expect(net.state(id)).toBe('')
  })

  test.each<[title: string, outcome: (...of: [ReturnType<typeof start>]) => unknown]>([
    ['queries', ({ net, id }) => expectReply(net.query(id, growHeap(5))).text],
    ['replicated queries', ({ net, id }) => expectReply(net.call(id, 'query', growHeap(5))).text],
    ['composite queries', ({ net, id }) => expectReply(net.compositeQuery(id, growHeap(5))).text],
    ['callbacks', ({ net, id }) => expectReply(net.update(id, later(1, growHeap(5)))).text],
  ])('does not hold for %s', (_, outcome) => {
    expect(outcome(start(limited))).toBe('grown')
  })

  test('does not hold for timers', () => {
    const { net, id } = start(limited, program().on('global_timer', program().growHeap(5).note('grown')))
    net.update(id, program().sys('global_timer_set', 1).op('drop').reply())
    net.tick()
    expect(net.state(id)).toBe('grown')
  })

  test('holds for the heap that a module begins with, and in init', () => {
    const { net, id } = start({ wasm_memory_limit: page * 2n })
    expect(expectReject(net.installInto(id, universalCanister({ initialPages: 3 }), '', { reinstall: null }))).toContain('IC0539')
    expect(expectReject(net.installInto(id, wasm, program().growHeap(1), { reinstall: null }))).toContain('IC0539')
    expectReply(net.installInto(id, wasm, '', { reinstall: null }))
  })

  test('0 is no limit', () => {
    const { net, id } = start({ wasm_memory_limit: 0n })
    expect(expectReply(net.update(id, growHeap(1000))).text).toBe('grown')
  })
})

describe('the memory of the subnet', () => {
  // Ten GiB are held back for callbacks; beside them one GiB is left.
  const nearlyFull = { virtualUsageBytes: 2n * tib - 11n * gib, subnetThresholdBytes: 2n * tib }
  const tooMuch = Number((2n * gib) / page)

  test('stable_grow answers -1', () => {
    const { net, id } = start({}, '', nearlyFull)
    expect(expectNumber(net.update(id, growStable(tooMuch)))).toBe(2n ** 64n - 1n)
    expect(expectNumber(net.update(id, growStable(1)))).toBe(0n)
  })

  test('memory.grow traps when the engine could, but the subnet cannot', () => {
    const { net, id } = start({}, '', nearlyFull)
    expect(expectReject(net.update(id, growHeap(tooMuch)))).toContain(
      'IC0507 Error from Canister ' + id.toText() + ': Canister cannot grow its memory usage.',
    )
  })

  test('memory.grow answers -1 when the module itself has no more', () => {
    const net = network()
    const id = net.install(universalCanister({ maximumPages: 10 }))
    const body = program().int(9).op('memory_grow').replyInt()
    expect(BigInt.asIntN(32, expectNumber(net.update(id, body)))).toBe(-1n)
  })

  test.each(['', 9_830_400])('memory.grow answers -1 beyond 6 GiB of a heap of 64 bits (maximum: %s)', (maximum) => {
    const net = network()
    const module = assemble(`(module
      (import "ic0" "msg_reply" (func $reply)) (import "ic0" "msg_reply_data_append" (func $append (param i64 i64)))
      (memory i64 98303 ${maximum})
      (func (export "canister_update grow")
        (i64.store (i64.const 0) (memory.grow (i64.const 1)))
        (call $append (i64.const 0) (i64.const 8)) (call $reply)))`)
    const id = net.install(module, '', { settings: { wasm_memory_limit: 0n }, cycles: 10n ** 16n })
    expect(expectNumber(net.call(id, 'grow', ''))).toBe(98_303n)
    expect(expectNumber(net.call(id, 'grow', ''))).toBe(2n ** 64n - 1n)
  })

  test('callbacks may use what is held back', () => {
    const { net, id } = start({}, '', nearlyFull)
    expect(expectNumber(net.update(id, later(1, growStable(tooMuch))))).toBe(0n)
  })

  test('an allocation is there whatever others take', () => {
    const net = network({ virtualUsageBytes: 2n * tib - 13n * gib, subnetThresholdBytes: 2n * tib })
    const [id, other] = [net.install(wasm, '', { cycles: 10n ** 16n }), net.install(wasm, '', { cycles: 10n ** 16n })]
    expectReply(net.updateSettings(id, { memory_allocation: 2n * gib }))
    expect(expectNumber(net.update(other, growStable(Number(gib / page))))).not.toBe(0n)
    expect(expectNumber(net.update(id, growStable(Number(gib / page))))).toBe(0n)
  })

  test('is not touched by a query, which may grow as far as the engine goes', () => {
    const { net, id } = start({}, '', nearlyFull)
    expect(expectNumber(net.query(id, growStable(tooMuch)))).toBe(0n)
    expect(expectNumber(net.call(id, 'query', growStable(tooMuch)))).toBe(0n)
    expect(net.canister(id).stableMemory.sizePages).toBe(0)
  })

  test('is taken by an installation at its end: whatever it grows meanwhile, it fails then', () => {
    const { net, id } = start({}, '', nearlyFull)
    const grow = program().sys('stable64_grow', tooMuch).op('int_to_blob').op('set_state')
    const text = /^IC0101 Canister requested \S+ GiB of memory but only \S+ MiB are available in the subnet\./
    expect(expectReject(net.upgrade(id, wasm, grow))).toMatch(text)
    expect(expectReject(net.upgrade(id, wasm, program().growHeap(tooMuch)))).toMatch(text)
    expectReply(net.update(id, program().on('pre_upgrade', grow).reply()))
    expect(expectReject(net.upgrade(id, wasm))).toMatch(text)
    expect(expectReject(net.upgrade(id, wasm, program().trap('first')))).toContain('IC0503')
    expect(net.canister(id).stableMemory.sizePages).toBe(0)
    expectReply(net.update(id, program().on('pre_upgrade', program().sys('stable64_grow', 1).op('drop')).reply()))
    expectReply(net.upgrade(id, wasm))
    expect(net.canister(id).stableMemory.sizePages).toBe(1)
  })

  test('an installation that would freeze its canister fails at its end', () => {
    const net = network()
    const id = net.install(wasm, '', { cycles: 3n * 10n ** 12n })
    const body = program()
      .sys('stable64_grow', Number((50n * gib) / page))
      .op('drop')
    expect(expectReject(net.upgrade(id, wasm, body))).toMatch(
      // With the entry in the history, which comes with it.
      /^IC0532 Canister cannot grow memory by 53687091392 bytes due to insufficient cycles\. At least \S+ additional cycles are required\./,
    )
  })
})

describe('cycles', () => {
  test.each([
    ['memory.grow', growHeap(40_000)],
    ['stable_grow', growStable(40_000)],
  ])('%s that would freeze the canister traps', (_, body) => {
    const { net, id } = start({ freezing_threshold: 10n ** 8n }, '', {}, 6n * 10n ** 13n)
    expect(expectReject(net.update(id, body))).toMatch(
      /^IC0532 .*Canister cannot grow memory by 2621440000 bytes due to insufficient cycles\./,
    )
  })

  test('callbacks are exempt: they are paid for', () => {
    const { net, id } = start({ freezing_threshold: 10n ** 8n }, '', {}, 6n * 10n ** 13n)
    expect(expectNumber(net.update(id, later(1, growStable(40_000))))).toBe(0n)
  })

  test('above the threshold of the subnet growth reserves, up to the limit of the canister', () => {
    const busy = { virtualUsageBytes: 1000n * gib }
    const { net, id } = start({}, '', busy, 10n ** 17n)
    expect(expectNumber(net.update(id, growStable(1000)))).toBe(0n)
    const { reservedBalance } = net.canister(id)
    expect(reservedBalance).toBeGreaterThan(0n)
    expectReply(net.updateSettings(id, { reserved_cycles_limit: reservedBalance }))
    expect(expectReject(net.update(id, growStable(1000)))).toMatch(/^IC0534 .*due to its reserved cycles limit/)
    expect(net.canister(id).stableMemory.sizePages).toBe(1000)
  })

  test('a growth that is rolled back reserves nothing', () => {
    const { net, id } = start({}, '', { virtualUsageBytes: 1000n * gib }, 10n ** 17n)
    const { reservedBalance } = net.canister(id)
    net.update(id, program().sys('stable64_grow', 1000).op('drop').trap('no'))
    expect(net.canister(id).reservedBalance).toBe(reservedBalance)
  })
})

describe('calls and cycles', () => {
  const failed = (cycles: bigint) => program().prepareCall(user, 'x', '', { cycles }).sys('call_perform').replyInt()
  const user = network().create()

  test('call_perform is refused when it would freeze the caller', () => {
    // Enough for the update itself, not for the prepayment of a callback beside it.
    const { net, id } = start({ freezing_threshold: 0n }, '', {}, 10n ** 15n)
    const balance = net.balance(id)
    net.update(
      id,
      program()
        .amount('cycles_burn128', 0n, balance - 60_000_000_000n)
        .op('drop')
        .op('drop')
        .reply(),
    )
    expect(expectNumber(net.update(id, failed(0n)))).toBe(2n)
    expect(net.canister(id).callbacks.size).toBe(0)
  })

  test('a call of a frozen canister is refused, and its cycles come back', () => {
    const net = network()
    const [caller, frozen] = [net.install(wasm), net.install(wasm, '', { cycles: 10n ** 13n })]
    expectReply(net.updateSettings(frozen, { freezing_threshold: 10n ** 15n }))
    const onReject = program().sys('msg_reject_code').sys('msg_cycles_refunded').op('add').replyInt()
    const body = program().callUpdate(frozen, program().reply(), { cycles: 1000n, onReject })
    expect(expectNumber(net.update(caller, body))).toBe(1002n)
  })

  test('burning takes no more than the liquid balance', () => {
    const { net, id } = start({ freezing_threshold: 1000n })
    const burned = expectNumber(
      net.update(
        id,
        program()
          .amount('cycles_burn128', 2n ** 63n, 0n)
          .replyTop(),
      ),
    )
    expect(burned).toBeLessThan(10n ** 16n)
    expect(net.canister(id).consumedCycles.burned_cycles).toBe(burned)
    expect(expectReject(net.update(id, program().reply()))).toContain('IC0207')
  })

  test('a trap after burning burns nothing', () => {
    const { net, id } = start({})
    net.update(id, program().amount('cycles_burn128', 0n, 5n).trap('no'))
    expect(net.canister(id).consumedCycles.burned_cycles).toBe(0n)
  })

  test('the liquid balance is what is above the freezing limit', () => {
    const { net, id } = start({ freezing_threshold: 10n ** 8n })
    const both = program().amount('canister_cycle_balance128').amount('canister_liquid_cycle_balance128').op('concat').replyTop()
    const { bytes } = expectReply(net.query(id, both))
    const view = new DataView(bytes.slice().buffer)
    expect(view.getBigUint64(0, true)).toBe(net.balance(id))
    expect(view.getBigUint64(16, true)).toBeLessThan(net.balance(id))
    expect(view.getBigUint64(16, true)).toBeGreaterThan(0n)
  })
})
