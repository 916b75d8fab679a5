/** Calls that are open while their canisters stop, fill their queues or disappear: who is answered, and where the cycles go. */
import { Principal, managementCanisterId } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import {
  type Program,
  candid,
  encodeManagement,
  expectNumber,
  expectReply,
  later,
  network,
  numberOf,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'

const wasm = universalCanister()
const trillion = 10n ** 12n
const noArguments = encodeManagement('raw_rand')

describe('500 open calls of one canister to another', () => {
  const full = (net: ReturnType<typeof network>, caller: Principal, callee: Principal, method: string, arg: Program | Uint8Array) => {
    const one = program().call(callee, method, arg).op('drop')
    expectReply(net.update(caller, program().repeat(500, one).reply(), { rounds: 1 }))
    return (to: Principal, how = method, what: Program | Uint8Array = arg) =>
      expectNumber(net.update(caller, program().call(to, how, what).replyInt(), { rounds: 1 }))
  }
  const slow = () => later(4, program().reply())
  const rich = { cycles: 10n ** 18n }

  test('leave no room for one more, and all the room for others', () => {
    const net = network()
    const [caller, callee, other] = [net.install(wasm, '', rich), net.install(wasm, '', rich), net.install(wasm)]
    const call = full(net, caller, callee, 'update', slow())
    expect([call(callee), call(other), call(caller, 'update', program().reply())]).toEqual([2n, 0n, 0n])
    // The other direction is a queue of its own.
    expect(expectNumber(net.update(callee, program().call(caller, 'update', program().reply()).replyInt(), { rounds: 1 }))).toBe(0n)
  })

  test('count for a canister that calls itself, too', () => {
    const net = network()
    const [caller, other] = [net.install(wasm, '', rich), net.install(wasm)]
    const open = program().callUpdate(other, slow(), { onReply: program().reply() })
    const call = full(net, caller, caller, 'update', open)
    expect([call(caller), call(managementCanisterId, 'raw_rand', noArguments)]).toEqual([2n, 0n])
  })

  test('count for the management canister, too', () => {
    const net = network()
    const caller = net.install(wasm, '', rich)
    const one = program().call(managementCanisterId, 'raw_rand', noArguments).op('drop')
    const last = program().call(managementCanisterId, 'raw_rand', noArguments).replyInt()
    expect(expectNumber(net.update(caller, program().repeat(500, one).then(last), { rounds: 1 }))).toBe(2n)
    net.tick(2)
    expect(expectNumber(net.update(caller, last))).toBe(0n)
  })
})

test.each([
  // 15 GiB are room for 7680 responses of 2 MiB.
  ['application', undefined, 2n],
  ['application', 60, 0n],
  ['system', undefined, 0n],
] as const)('guaranteed responses of 15 GiB may be due on an application subnet: %s, timeout %s', (subnetType, timeoutSeconds, result) => {
  const net = network({ subnetType })
  const caller = net.install(wasm, '', { cycles: 10n ** 18n })
  const parts = timeoutSeconds === undefined ? {} : { timeoutSeconds }
  const call = (place: number) => program().call(Principal.canister(0xffff_ffff_ffe0_0000n + BigInt(place)), 'update', program(), parts)
  const body = program()
  for (let place = 0; place < 15; place++) body.repeat(500, call(place).op('drop'))
  body.repeat(180, call(15).op('drop')).then(call(16)).replyInt()
  expect(expectNumber(net.update(caller, body, { rounds: 1 }))).toBe(result)
})

describe('a best-effort call', () => {
  const wait = (callee: Principal, timeoutSeconds: number, onReject: Program, cycles = 0n) =>
    program().callUpdate(callee, later(400, program().reply()), { timeoutSeconds, onReject, cycles })

  test('of a canister that stops meanwhile ends at its deadline, and then the canister is stopped', () => {
    const net = network()
    const [id, callee] = [net.install(wasm), net.install(wasm)]
    const sent = net.send(id, wait(callee, 30, program().sys('msg_reject_code').replyInt()))
    net.tick()
    const stop = net.requestStop(id)
    net.tick(3)
    expect(net.canister(id).status.kind).toBe('stopping')
    net.advance(31)
    net.tick()
    expect(expectNumber(net.await(sent, 0))).toBe(6n)
    expectReply(net.await(stop, 1))
    expect(net.canister(id).status.kind).toBe('stopped')
  })

  test('whose late answer finds its caller deleted: the refund is burnt, nothing else', () => {
    const net = network()
    const [id, callee] = [net.install(wasm), net.install(wasm)]
    const before = net.balance(callee)
    const held = net.send(
      id,
      program().callUpdate(callee, later(12, program().reply()), { timeoutSeconds: 5, onReject: program().reply(), cycles: trillion }),
    )
    net.tick()
    net.advance(6)
    expectReply(net.await(held, 1))
    expectReply(net.lifecycle('stop_canister', id))
    expectReply(net.lifecycle('delete_canister', id))
    net.tick(15)
    expect(net.canister(callee).callContexts.size).toBe(0)
    // What was attached and not accepted is not the callee's either.
    expect(net.balance(callee)).toBeLessThan(before)
  })

  test('that nobody accepted gives its cycles back with the answer, in time or late', () => {
    const net = network()
    const [id, callee] = [net.install(wasm), net.install(wasm)]
    const before = net.balance(id)
    const refunded = program().sys('msg_cycles_refunded').replyInt()
    const inTime = program().callUpdate(callee, program().reply(), { timeoutSeconds: 100, onReply: refunded, cycles: trillion })
    expect(expectNumber(net.update(id, inTime))).toBe(trillion)
    const late = program().callUpdate(callee, later(12, program().reply()), { timeoutSeconds: 5, onReject: refunded, cycles: trillion })
    const sent = net.send(id, late)
    net.tick()
    net.advance(6)
    expect(expectNumber(net.await(sent, 1))).toBe(0n)
    expect(before - net.balance(id)).toBeGreaterThan(trillion / 2n)
    net.tick(15)
    expect(before - net.balance(id)).toBeLessThan(trillion / 2n)
  })
})

describe('a canister that is uninstalled in the middle of a call', () => {
  test('runs no callback and no cleanup any more, not even in code that is installed at once', () => {
    const net = network()
    const [id, callee] = [net.install(wasm), net.install(wasm)]
    const noting = { onReply: program().note('reply').trap('no'), onCleanup: program().note('cleanup') }
    net.send(id, program().callUpdate(callee, later(4, program().reply()), noting))
    net.tick()
    expectReply(net.lifecycle('uninstall_code', id))
    expectReply(net.installInto(id, wasm))
    net.tick(8)
    expect(net.state(id)).toBe('')
    expect([net.canister(id).callContexts.size, net.canister(id).callbacks.size]).toEqual([0, 0])
  })

  test('rejects what waits in its queue, with all cycles', () => {
    const net = network()
    const [caller, id] = [net.install(wasm), net.install(wasm)]
    net.updateSettings(id, { controllers: [caller] })
    const told = program().sys('msg_reject_code').op('int_to_blob').sys('msg_cycles_refunded').op('int_to_blob').op('concat').replyTop()
    const uninstall = encodeManagement('uninstall_code', { canister_id: candid(id), sender_canister_version: [] })
    const body = program()
      .call(managementCanisterId, 'uninstall_code', uninstall, {
        onReply: program().callUpdate(id, program().reply(), { cycles: 5n, onReject: told, onReply: program().trap('replied') }),
      })
      .op('drop')
    const { bytes } = expectReply(net.update(caller, body))
    expect([numberOf(bytes.subarray(0, 8)), numberOf(bytes.subarray(8))]).toEqual([5n, 5n])
  })
})

describe('the counter of a call context', () => {
  const counters = () => program().sys('performance_counter', 1).sys('performance_counter', 0).op('sub')

  test('goes on over every callback, and into cleanup, of one call only', () => {
    const net = network()
    const id = net.install(wasm)
    const twice = program()
      .burn(100_000)
      .callUpdate(id, program().reply(), {
        onReply: program()
          .burn(100_000)
          .callUpdate(id, counters().replyInt(), {
            onReply: counters().op('int_to_blob').read('msg_arg_data').op('concat').replyTop(),
          }),
      })
    const { bytes } = expectReply(net.update(id, twice))
    const [own, callee] = [numberOf(bytes.subarray(0, 8)), numberOf(bytes.subarray(8))]
    // The two counters are read one after the other.
    expect(Math.abs(Number(BigInt.asIntN(64, callee)))).toBeLessThan(1000)
    expect(own).toBeGreaterThan(1_400_000n)
    const keep = counters().op('int_to_blob').op('set_state')
    net.update(
      id,
      program()
        .burn(100_000)
        .callUpdate(id, program().reply(), { onReply: program().burn(100_000).trap('no'), onCleanup: keep }),
    )
    expect(expectNumber(net.query(id, program().replyState()))).toBeGreaterThan(1_400_000n)
  })
})
