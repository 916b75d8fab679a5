/** The pair by which a canister paces its calls: `canister_output_queue_size` and `canister_on_output_queue_full`. */
import { describe, expect, test } from 'vitest'
import type { Principal } from '@tidemark/types'
import {
  assemble,
  expectNumber,
  expectReject,
  expectReply,
  later,
  network,
  type Program,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'
import { hookModule, hookNetwork, hookState, hooksStatus, notingHooks } from './support/hookNetwork.ts'

const name = 'canister_on_output_queue_full'

/** A callee that answers after that many rounds, and a caller that makes calls and then replies. */
function start(init: Program = notingHooks(), rounds = 3) {
  const { net, ran } = hookNetwork()
  const callee = net.install(universalCanister(), '', { cycles: 10n ** 16n })
  const id = net.install(hookModule, init, { cycles: 10n ** 17n })
  net.tick()
  const answer = later(rounds, program().reply())
  const calls = (count: number, to: Principal = callee) => program().repeat(count, program().callUpdate(to, answer))
  const runs = () => ran().filter((event) => event.methodName === name).length
  return { net, id, callee, calls, runs }
}

describe('canister_on_output_queue_full', () => {
  test.each([
    [499, 0],
    [500, 1],
    // The 501st call is not possible; the queue is full all the same.
    [501, 1],
  ])('after %s calls to one canister it runs %s times', (count, expected) => {
    const { net, id, calls, runs } = start()
    net.send(id, calls(count).reply())
    net.tick(8)
    expect(runs()).toBe(expected)
  })

  test('each callee has a queue of its own', () => {
    const { net, id, calls, runs } = start()
    const second = net.install(universalCanister(), '', { cycles: 10n ** 16n })
    net.send(id, calls(300).then(calls(300, second)).reply())
    net.tick()
    expect(net.canister(id).callbacks.size).toBe(600)
    expect(runs()).toBe(0)
  })

  test('it runs directly after the message that filled the queue, before any answer', () => {
    const { net, id, calls } = start()
    expectReply(net.update(id, program().setState('').reply()))
    net.send(id, program().note('fill ').then(calls(500)).reply())
    net.send(id, program().note('next ').reply())
    net.tick()
    expect(net.state(id)).toBe('fill output_queue_full next ')
  })

  test('calls of a message that traps were never made', () => {
    const { net, id, calls, runs } = start()
    net.update(id, calls(500).trap('no'))
    net.tick(3)
    expect(runs()).toBe(0)
  })

  test.each([
    ['not while more than 450 calls are open', 49, 1],
    ['with 450 open calls', 50, 2],
  ])('it is armed again: %s', (_, answered, expected) => {
    const { net, id, callee, calls, runs } = start(notingHooks(), 30)
    const quick = program().repeat(answered, program().callUpdate(callee, program().reply()))
    net.send(id, quick.then(calls(500 - answered)).reply())
    net.tick(5)
    expect(net.canister(id).callbacks.size).toBe(500 - answered)
    expect(runs()).toBe(1)
    net.send(id, calls(answered).reply())
    net.tick(2)
    expect(runs()).toBe(expected)
  })

  test('a queue that has emptied before the hook could run skips it', () => {
    const { net, id, calls, runs } = start(notingHooks(), 2)
    // In one round: the canister fills its queue and is asked to stop, which lets answers in but no hook.
    net.send(id, later(1, calls(500).reply()))
    net.tick()
    net.requestStop(id)
    net.tick(6)
    expect(net.canister(id).status.kind).toBe('stopped')
    expect(hookState(net, id, name)).toMatchObject({ state: 'skipped', reason: 'the queue has emptied' })
    expectReply(net.lifecycle('start_canister', id))
    net.tick()
    expect(runs()).toBe(0)
  })
})

const sizeSource = (result = '(result i64)', memory = '(memory 1)') => `(module
  (import "lifecycle_hooks" "canister_output_queue_size" (func $size ${result}))
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
  (import "ic0" "call_new" (func $call_new (param i32 i32 i32 i32 i32 i32 i32 i32)))
  (import "ic0" "call_perform" (func $perform (result i32)))
  (import "ic0" "canister_self_copy" (func $self (param i32 i32 i32)))
  ${memory}
  (table 1 funcref) (elem (i32.const 0) $done)
  (func $done (param i32))
  (func $call
    (call $self (i32.const 100) (i32.const 0) (i32.const 10))
    (call $call_new (i32.const 100) (i32.const 10) (i32.const 200) (i32.const 4) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
    (drop (call $perform)))
  (data (i32.const 200) "size")
  (func $tell (drop (call $size)) (i64.store (i32.const 0) (call $size)) (call $append (i32.const 0) (i32.const 8)) (call $reply))
  (func (export "canister_query size") (call $tell))
  (func (export "canister_update pace") (call $call) (call $call) (call $tell)))`

describe('canister_output_queue_size', () => {
  test('counts the open calls, those of the message in progress too', () => {
    const { net } = hookNetwork()
    const id = net.install(assemble(sizeSource()))
    expect(expectNumber(net.call(id, 'size', ''))).toBe(0n)
    expect(expectNumber(net.call(id, 'pace', ''))).toBe(2n)
    net.tick(2)
    expect(expectNumber(net.query(id, '', 'size'))).toBe(0n)
  })

  test('a canister that imports it is marked in its status', () => {
    const { net } = hookNetwork()
    const id = net.install(assemble(sizeSource()))
    expect(hooksStatus(net, id)?.experimental_imports).toEqual(['lifecycle_hooks.canister_output_queue_size'])
    expect(hooksStatus(net, net.install(hookModule, notingHooks()))?.experimental_imports).toEqual([])
  })

  const refused =
    /^IC0505 Error from Canister \S+: Canister's Wasm module is not valid: Wasm module has an invalid (import section|function signature)\. /
  test('a network without experimental hooks refuses the module, as every network does', () => {
    const net = network()
    const text = expectReject(net.installInto(net.create(), assemble(sizeSource())))
    expect(text).toMatch(refused)
    expect(text).toContain(
      "Module imports function 'canister_output_queue_size' from 'lifecycle_hooks' that is not exported by the runtime.",
    )
  })

  test.each([
    [
      'of a wrong type',
      sizeSource('(result i32)').replaceAll('(drop (call $size)) (i64.store (i32.const 0) (call $size))', '(drop (call $size))'),
      /Wasm module has an invalid function signature\. Expected return type \[I64\] for 'canister_output_queue_size', got \[I32\]/,
    ],
    ['of another name', sizeSource().replace('"canister_output_queue_size"', '"canister_other"'), refused],
    ['of ic0', sizeSource().replace('"lifecycle_hooks"', '"ic0"'), refused],
  ])('an import %s is refused', (_, source, text) => {
    const { net } = hookNetwork()
    expect(expectReject(net.installInto(net.create(), assemble(source)))).toMatch(text)
  })
})
