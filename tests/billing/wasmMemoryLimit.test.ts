/**
 * The limit on the heap, by kind of message.
 *
 * @see Interface specification, `wasm_memory_limit`; texts and codes of execution errors.
 */
import { describe, expect, test } from 'vitest'
import type { Principal } from '@tidemark/types'
import {
  type Outcome,
  type Program,
  type TestNetwork,
  expectReject,
  expectReply,
  network,
  program,
  universalCanister,
} from '../support/index.ts'
import { page, statusOf } from './support/held.ts'

const wasm = universalCanister({ exports: ['heartbeat', 'global_timer', 'pre_upgrade', 'inspect_message', 'on_low_wasm_memory'] })
/** Heap of the universal canister at its start, in pages. */
const initial = 2n
const limit = 5n * page

interface Limited {
  readonly net: TestNetwork
  readonly id: Principal
}

/** A canister with a heap of so many pages, and a limit set afterwards. */
function limited(pages: bigint, limitBytes: bigint): Limited {
  const net = network()
  const id = net.install(wasm)
  if (pages > initial)
    expectReply(
      net.update(
        id,
        program()
          .growHeap(Number(pages - initial))
          .reply(),
      ),
    )
  expectReply(net.updateSettings(id, { wasm_memory_limit: limitBytes }))
  return { net, id }
}

const heapOf = ({ net, id }: Limited) => statusOf(net, id).memory_metrics['wasm_memory_size'] ?? 0n
const grown = (pages = 4) => program().growHeap(pages)
const refused = (outcome: Outcome) => expectReject(outcome).slice(0, 6)

describe('an update', () => {
  test('grows up to the limit, and not a page further', () => {
    const held = limited(initial, limit)
    expectReply(held.net.update(held.id, grown(3).reply()))
    expect(refused(held.net.update(held.id, grown(1).reply()))).toBe('IC0539')
    expect(heapOf(held)).toBe(limit)
  })

  test('is told the limit and the peak', () => {
    const held = limited(initial, limit)
    expect(expectReject(held.net.update(held.id, grown().reply()))).toContain(
      `Canister exceeded its current Wasm memory limit of ${limit} bytes. The peak Wasm memory usage was ${6n * page} bytes.`,
    )
    expect(heapOf(held)).toBe(initial * page)
  })

  test('does not start when the heap is larger already, and nothing of it runs', () => {
    const held = limited(6n, limit)
    expect(refused(held.net.update(held.id, program().note('ran').reply()))).toBe('IC0539')
    expect(held.net.state(held.id)).toBe('')
  })

  test('starts when the heap is exactly the limit', () => {
    const held = limited(5n, limit)
    expectReply(held.net.update(held.id, program().note('ran').reply()))
  })

  test.each<[string, bigint]>([
    ['0: no limit', 0n],
    ['larger than the heap', 100n * page],
  ])('limit %s', (_, limitBytes) => {
    const held = limited(initial, limitBytes)
    expectReply(held.net.update(held.id, grown(20).reply()))
    expect(heapOf(held)).toBe(22n * page)
  })

  test('stable memory is not limited', () => {
    const held = limited(initial, limit)
    expectReply(held.net.update(held.id, program().sys('stable64_grow', 100).op('drop').reply()))
  })

  test('a limit below the heap may be set, and taken back', () => {
    const held = limited(6n, 1n)
    expect(refused(held.net.update(held.id, program().reply()))).toBe('IC0539')
    expectReply(held.net.updateSettings(held.id, { wasm_memory_limit: 0n }))
    expectReply(held.net.update(held.id, program().reply()))
  })
})

describe('is not enforced', () => {
  test('in queries, replicated or not', () => {
    const held = limited(6n, limit)
    expectReply(held.net.query(held.id, grown().reply()))
    expectReply(held.net.call(held.id, 'query', grown().reply()))
    expectReply(held.net.compositeQuery(held.id, grown().reply()))
  })

  test.each<[string, Program, 'onReply' | 'onReject']>([
    ['in a reply callback', program().reply(), 'onReply'],
    ['in a reject callback', program().reject('no'), 'onReject'],
  ])('%s', (_, answer, name) => {
    const held = limited(initial, limit)
    const other = held.net.install(universalCanister())
    expectReply(held.net.update(held.id, program().callUpdate(other, answer, { [name]: grown(10).reply() })))
    expect(heapOf(held)).toBe(12n * page)
  })

  test('in cleanup', () => {
    const held = limited(initial, limit)
    const other = held.net.install(universalCanister())
    const onReply = program().trap('no')
    held.net.update(held.id, program().callUpdate(other, program().reply(), { onReply, onCleanup: grown(10) }))
    expect(heapOf(held)).toBe(12n * page)
  })

  test('in a heartbeat', () => {
    const held = limited(initial, limit)
    expectReply(held.net.update(held.id, program().on('heartbeat', grown(10).on('heartbeat', program())).reply()))
    held.net.tick(2)
    expect(heapOf(held)).toBe(12n * page)
  })

  test('in a timer', () => {
    const held = limited(initial, limit)
    expectReply(held.net.update(held.id, program().on('global_timer', grown(10)).sys('global_timer_set', 1n).op('drop').reply()))
    held.net.tick(2)
    expect(heapOf(held)).toBe(12n * page)
  })

  test('while a message is inspected', () => {
    const held = limited(initial, 0n)
    expectReply(held.net.update(held.id, program().on('inspect_message', grown(10).sys('accept_message')).reply()))
    expectReply(held.net.updateSettings(held.id, { wasm_memory_limit: limit }))
    expectReply(held.net.update(held.id, program().reply()))
  })

  test('in pre-upgrade', () => {
    const held = limited(initial, limit)
    expectReply(held.net.update(held.id, program().on('pre_upgrade', grown(10)).reply()))
    expectReply(held.net.upgrade(held.id, wasm))
  })
})

describe('code', () => {
  test('init that grows past the limit fails, and nothing is installed', () => {
    const net = network()
    const id = net.create({ settings: { wasm_memory_limit: limit } })
    expect(refused(net.installInto(id, wasm, grown()))).toBe('IC0539')
    expect(net.canister(id).execution).toBeUndefined()
    expectReply(net.installInto(id, wasm, grown(3)))
  })

  test('a module that starts out larger than the limit cannot be installed', () => {
    const net = network()
    const id = net.create({ settings: { wasm_memory_limit: limit } })
    expect(refused(net.installInto(id, universalCanister({ initialPages: 6 })))).toBe('IC0539')
    expectReply(net.installInto(id, universalCanister({ initialPages: 5 })))
  })

  test('a start function that grows past the limit fails', () => {
    const net = network()
    const id = net.create({ settings: { wasm_memory_limit: limit } })
    const start = grown().bytes()
    expect(refused(net.installInto(id, universalCanister({ start })))).toBe('IC0539')
  })

  test('post-upgrade that grows past the limit fails, and the old code goes on', () => {
    const held = limited(initial, limit)
    expectReply(held.net.update(held.id, program().note('old').reply()))
    expect(refused(held.net.upgrade(held.id, wasm, grown()))).toBe('IC0539')
    expect(held.net.state(held.id)).toBe('old')
    expect(heapOf(held)).toBe(initial * page)
  })

  test('an upgrade is the way out of a heap that is too large', () => {
    const held = limited(6n, limit)
    expectReply(held.net.upgrade(held.id, wasm))
    expectReply(held.net.update(held.id, program().reply()))
  })
})
