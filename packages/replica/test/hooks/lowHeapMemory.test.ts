/** `canister_on_low_heap_memory`: once when the heap comes to the threshold. */
import { expect, test } from 'vitest'
import { expectReply, program } from '../../../../tests/support/index.ts'
import { hookModule, hookNetwork, hookState, notingHooks, setThresholds } from './support/hookNetwork.ts'

const page = 65_536n
const name = 'canister_on_low_heap_memory'
const grow = (pages: number) => program().growHeap(pages).reply()

function start(threshold: bigint) {
  const { net, ran } = hookNetwork()
  const id = net.install(hookModule, notingHooks())
  net.tick()
  setThresholds(net, id, { low_heap_memory_threshold: threshold })
  return { net, id, runs: () => ran().filter((event) => event.methodName === name).length }
}

test.each<[title: string, threshold: bigint, pages: number, runs: number]>([
  ['a byte less than the threshold: not due', 4n * page + 1n, 2, 0],
  ['exactly the threshold: due', 4n * page, 2, 1],
  ['more than the threshold: due', 4n * page, 5, 1],
  ['threshold 0: never due', 0n, 5, 0],
])('%s', (_, threshold, pages, expected) => {
  const { net, id, runs } = start(threshold)
  net.update(id, grow(pages))
  net.tick(2)
  expect(runs()).toBe(expected)
})

test('it runs once however much the heap grows, and again after it was small', () => {
  const { net, id, runs } = start(4n * page)
  for (let n = 0; n < 4; n++) net.update(id, grow(2))
  net.tick(2)
  expect(runs()).toBe(1)
  expectReply(net.upgrade(id, hookModule, notingHooks()))
  expectReply(net.update(id, grow(3)))
  net.tick()
  expect(runs()).toBe(2)
})

test('growth that is rolled back does not count', () => {
  const { net, id, runs } = start(4n * page)
  net.update(id, program().growHeap(5).trap('no'))
  net.tick(2)
  expect(runs()).toBe(0)
})

test('the limit on the heap is not enforced in it', () => {
  const { net, id, runs } = start(4n * page)
  net.updateSettings(id, { wasm_memory_limit: 3n * page })
  net.call(id, 'update', grow(1))
  setThresholds(net, id, { low_heap_memory_threshold: 3n * page })
  net.updateSettings(id, { wasm_memory_limit: page })
  net.tick()
  expect(runs()).toBe(1)
  expect(hookState(net, id, name)?.state).toBe('ran')
})

test('a frozen canister gets it once it is not frozen any more', () => {
  const { net, id, runs } = start(0n)
  expectReply(net.updateSettings(id, { freezing_threshold: 10n ** 15n }))
  setThresholds(net, id, { low_heap_memory_threshold: page })
  net.tick(2)
  expect([runs(), hookState(net, id, name)?.state]).toEqual([0, 'pending'])
  net.updateSettings(id, { freezing_threshold: 0n })
  net.tick()
  expect(runs()).toBe(1)
})

test('a stopped canister gets it once it is started', () => {
  const { net, id, runs } = start(0n)
  expectReply(net.lifecycle('stop_canister', id))
  setThresholds(net, id, { low_heap_memory_threshold: page })
  net.tick(2)
  expect(runs()).toBe(0)
  expectReply(net.lifecycle('start_canister', id))
  net.tick()
  expect(runs()).toBe(1)
})
