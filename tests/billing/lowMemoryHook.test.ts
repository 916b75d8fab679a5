/**
 * The low-Wasm-memory hook where code and heap change without a message: installing, upgrading, loading a snapshot. Its
 * condition, its states, messages, settings, and canisters that are frozen or stopped are tested with the replica.
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
  expectNumber,
  expectReject,
  expectReply,
  network,
  program,
  universalCanister,
} from '../support/index.ts'
import { padded, page } from './support/held.ts'

const wasm = universalCanister()
const initial = 2n
/** The hook is due when the heap has more pages than this. */
const dueAbove = (pages: bigint): SettingsChange => ({ wasm_memory_limit: 100n * page, wasm_memory_threshold: (100n - pages) * page })
const hook = (body: Program = program().note('hook ')) => program().on('on_low_wasm_memory', body)
const growing = (pages: number) => hook().growHeap(pages)
const statusOf = (net: TestNetwork, id: Principal) => net.canister(id).hookStatus

function due(init: Program, settings = dueAbove(initial)): { net: TestNetwork; id: Principal } {
  const net = network()
  return { net, id: net.install(wasm, init, { settings }) }
}

const take = (net: TestNetwork, id: Principal) =>
  net.manage(
    'take_canister_snapshot',
    { canister_id: candid(id), replace_snapshot: [], uninstall_code: [], sender_canister_version: [] },
    { effectiveCanisterId: id },
  ) as { id: Uint8Array }
const load = (net: TestNetwork, id: Principal, snapshot: { id: Uint8Array }) =>
  net.manage(
    'load_canister_snapshot',
    { canister_id: candid(id), snapshot_id: snapshot.id, sender_canister_version: [] },
    { effectiveCanisterId: id },
  )

describe('installing', () => {
  test('init that grows past the threshold brings it about, before any message', () => {
    const { net, id } = due(growing(1))
    net.send(id, program().note('message ').reply())
    net.tick()
    expect(net.state(id)).toBe('hook message ')
  })

  test('a failed installation does not', () => {
    const net = network()
    const id = net.create({ settings: dueAbove(initial) })
    expectReject(net.installInto(id, wasm, growing(1).trap('no')))
    expect(statusOf(net, id)).toBe('condition_not_satisfied')
  })
})

describe('upgrading', () => {
  test('post-upgrade that grows past the threshold brings it about', () => {
    const { net, id } = due(hook())
    expectReply(net.upgrade(id, wasm, growing(1)))
    net.tick()
    expect(net.state(id)).toBe('hook ')
    expect(statusOf(net, id)).toBe('executed')
  })

  test('from one large heap to another it is not run again: the condition was true before and is after', () => {
    const { net, id } = due(growing(1))
    net.tick()
    expect(statusOf(net, id)).toBe('executed')
    expectReply(net.upgrade(id, wasm, growing(1)))
    net.tick(2)
    expect(statusOf(net, id)).toBe('executed')
    expect(net.state(id)).toBe('')
  })

  test('a heap that is kept keeps it executed', () => {
    const keeping = padded(wasm, undefined, 'icp:private enhanced-orthogonal-persistence')
    const net = network()
    const id = net.install(keeping, growing(1), { settings: dueAbove(initial) })
    net.tick()
    const keep = [{ skip_pre_upgrade: [], wasm_memory_persistence: [{ keep: null }] }]
    expectReply(net.upgrade(id, keeping, '', keep))
    expect(net.canister(id).execution?.live.heapPages).toBe(3)
    net.tick(2)
    expect(statusOf(net, id)).toBe('executed')
  })

  test('a hook that trapped may run again after an upgrade to a small heap', () => {
    const { net, id } = due(hook(program().trap('no')).growHeap(1))
    net.tick()
    expect(statusOf(net, id)).toBe('executed')
    expectReply(net.upgrade(id, wasm, hook()))
    expect(statusOf(net, id)).toBe('condition_not_satisfied')
    expectReply(net.update(id, program().growHeap(1).reply()))
    net.tick()
    expect(net.state(id)).toBe('hook ')
  })

  test('to a module without the hook it is taken without effect', () => {
    const { net, id } = due(hook())
    expectReply(net.upgrade(id, universalCanister({ exports: [] }), program().growHeap(1)))
    net.tick()
    expect(statusOf(net, id)).toBe('executed')
  })
})

describe('loading a snapshot', () => {
  test('with a small heap arms it again', () => {
    const { net, id } = due(hook())
    const small = take(net, id)
    expectReply(net.update(id, program().growHeap(1).reply()))
    net.tick()
    expect(statusOf(net, id)).toBe('executed')
    load(net, id, small)
    expect(statusOf(net, id)).toBe('condition_not_satisfied')
  })

  test('with a large heap brings it about', () => {
    const { net, id } = due(hook(), dueAbove(50n))
    expectReply(net.update(id, program().growHeap(10).reply()))
    const large = take(net, id)
    expectReply(net.upgrade(id, wasm, hook()))
    expectReply(net.updateSettings(id, dueAbove(initial)))
    expect(statusOf(net, id)).toBe('condition_not_satisfied')
    load(net, id, large)
    expect(net.canister(id).execution?.live.heapPages).toBe(12)
    net.tick()
    expect(net.state(id)).toBe('hook ')
  })
})

describe('a heap that was kept or loaded', () => {
  const far = 10 * 65_536 + 5
  const written = program().growHeap(10).int(far).int(77).op('poke').reply()
  const read = program().int(far).op('peek').replyInt()

  test('can be read and grown beyond what the module starts with', () => {
    const keeping = padded(wasm, undefined, 'icp:private enhanced-orthogonal-persistence')
    const net = network()
    const id = net.install(keeping)
    expectReply(net.update(id, written))
    const { id: snapshot } = take(net, id)
    expectReply(net.upgrade(id, keeping, '', [{ skip_pre_upgrade: [], wasm_memory_persistence: [{ keep: null }] }]))
    expect(expectNumber(net.query(id, read))).toBe(77n)
    expectReply(net.installInto(id, wasm, '', { reinstall: null }))
    expect(expectReject(net.query(id, read))).toMatch(/^IC0502 /)
    load(net, id, { id: snapshot })
    expect(expectNumber(net.query(id, read))).toBe(77n)
    expectReply(net.update(id, written))
    expect(net.canister(id).execution?.live.heapPages).toBe(22)
  })
})

describe('with an absent limit', () => {
  test('4 GiB count after an upgrade, too', () => {
    const { net, id } = due(hook(), { wasm_memory_threshold: (1n << 32n) - (initial + 1n) * page })
    expectReply(net.upgrade(id, wasm, growing(1)))
    net.tick()
    expect(net.state(id)).toBe('')
    expectReply(net.upgrade(id, wasm, growing(2)))
    net.tick()
    expect(net.state(id)).toBe('hook ')
  })
})
