/** Calls that may be answered at their deadline instead of by the callee. */
import { describe, expect, test } from 'vitest'
import { managementCanisterId } from '@tidemark/types'
import {
  type Program,
  type TestNetwork,
  expectNumber,
  expectReply,
  heavy,
  later,
  network,
  numberOf,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'

const wasm = universalCanister()
const second = 1_000_000_000n
const told = () => program().sys('msg_reject_code').op('int_to_blob').read('msg_reject_msg').op('concat').replyTop()

function pair(): { net: TestNetwork; caller: ReturnType<TestNetwork['create']>; callee: ReturnType<TestNetwork['create']> } {
  const net = network()
  return { net, caller: net.install(wasm), callee: net.install(wasm) }
}

describe('when more waits than there is memory for', () => {
  const large = 'x'.repeat(3000)

  test('the largest request is dropped with its cycles returned, and its caller hears at the deadline', () => {
    const net = network({ bestEffortMemoryBytes: 2000 })
    const [caller, callee] = [net.install(wasm), net.install(wasm)]
    // The callee is busy, so that what it is asked waits.
    net.send(callee, heavy(10).reply())
    net.tick()
    const ask = (note: string, padding: string) =>
      program().callUpdate(callee, program().note(note).reply(padding), { timeoutSeconds: 60, onReject: told(), cycles: 10n ** 13n })
    const before = net.balance(caller)
    const [dropped, kept] = [net.send(caller, ask('large', large)), net.send(caller, ask('small', ''))]
    net.tick()
    // One of the two amounts has returned at once.
    expect(before - net.balance(caller)).toBeLessThan(11n * 10n ** 12n)
    net.tick(11)
    expect(net.state(callee)).toBe('small')
    expect(net.status(kept)?.status).toBe('rejected')
    net.advance(61)
    const { bytes } = expectReply(net.await(dropped, 2))
    expect([bytes[0], new TextDecoder().decode(bytes.subarray(8))]).toEqual([6, 'Call deadline has expired.'])
  })

  test('the largest response is dropped, its caller is told at once, and cycles come back by themselves', () => {
    const net = network({ bestEffortMemoryBytes: 2000 })
    const [caller, callee] = [net.install(wasm), net.install(wasm)]
    const sent = net.send(
      caller,
      program().callUpdate(callee, program().int(3000).op('alloc').replyTop(), {
        timeoutSeconds: 60,
        cycles: 10n ** 13n,
        onReject: program().sys('msg_cycles_refunded').op('int_to_blob').op('append_state').then(told()),
      }),
    )
    const before = net.balance(caller)
    const busy = net.send(caller, heavy(10).reply())
    const { bytes } = expectReply(net.await(sent, 20))
    expectReply(net.await(busy, 20))
    const ledger = net.replica.cyclesLedger()
    expect(ledger.minted).toBe(ledger.held + ledger.burned)
    expect(before - net.balance(caller)).toBeLessThan(10n ** 12n)
    expect(net.canister(caller).queues.openCalls(callee)).toBe(0)
    expect(expectNumber(net.query(caller, program().replyState()))).toBe(0n)
    expect([bytes[0], new TextDecoder().decode(bytes.subarray(8))]).toEqual([6, 'Response was dropped.'])
  })

  test('guaranteed calls are left alone', () => {
    const net = network({ bestEffortMemoryBytes: 0 })
    const [caller, callee] = [net.install(wasm), net.install(wasm)]
    net.send(callee, heavy(10).reply())
    net.tick()
    const sent = net.send(caller, program().callUpdate(callee, program().reply(large), { onReply: program().reply('kept') }))
    expect(expectReply(net.await(sent, 20)).text).toBe('kept')
  })
})

describe('the deadline', () => {
  test.each([
    ['of a best-effort call', 20, (now: bigint) => (now / second + 20n) * second],
    ['is at most 300 seconds away', 5000, (now: bigint) => (now / second + 300n) * second],
    ['may be at once', 0, (now: bigint) => (now / second) * second],
  ])('%s', (_, timeoutSeconds, expected) => {
    const { net, caller, callee } = pair()
    const ask = program().sys('msg_deadline').replyInt()
    const body = program().callUpdate(callee, ask, { timeoutSeconds, onReply: program().read('msg_arg_data').replyTop() })
    expect(expectNumber(net.update(caller, body))).toBe(expected(net.replica.timeNanos()))
  })

  test.each<[title: string, body: (callee: ReturnType<TestNetwork['create']>) => Program]>([
    ['of an ingress message', () => program().sys('msg_deadline').replyInt()],
    [
      'of a guaranteed call',
      (callee) =>
        program().callUpdate(callee, program().sys('msg_deadline').replyInt(), { onReply: program().read('msg_arg_data').replyTop() }),
    ],
    [
      'in the callback of a best-effort call made for a user',
      (callee) => program().callUpdate(callee, program().reply(), { timeoutSeconds: 9, onReply: program().sys('msg_deadline').replyInt() }),
    ],
  ])('%s is 0', (_, body) => {
    const { net, caller, callee } = pair()
    expect(expectNumber(net.update(caller, body(callee)))).toBe(0n)
  })

  test('may be set once, and only for a call in preparation', () => {
    const { net, caller, callee } = pair()
    const twice = program().prepareCall(callee, 'update', program(), { timeoutSeconds: 1 }).sys('call_with_best_effort_response', 1)
    expect(net.update(caller, twice)).toMatchObject({ reject: { errorCode: 'CanisterContractViolation' } })
    expect(net.update(caller, program().sys('call_with_best_effort_response', 1))).toMatchObject({
      reject: { errorCode: 'CanisterContractViolation' },
    })
  })
})

test('an answer in time is an answer', () => {
  const { net, caller, callee } = pair()
  const body = program().callUpdate(callee, later(2, program().reply('in time')), {
    timeoutSeconds: 10,
    onReply: program().read('msg_arg_data').replyTop(),
  })
  expect(expectReply(net.update(caller, body)).text).toBe('in time')
  net.advance(60)
  expect(net.canister(caller).callbacks.size).toBe(0)
})

describe('past the deadline', () => {
  test('a long callback that has begun goes on, and the call ends once', () => {
    const { net, caller, callee } = pair()
    const sent = net.send(
      caller,
      program().callUpdate(callee, program().reply(), {
        timeoutSeconds: 20,
        onReply: heavy(10).note('replied').reply('done'),
        onReject: program().note('rejected'),
      }),
    )
    net.tick()
    expect(net.canister(caller).longExecution).toBeDefined()
    net.advance(60)
    expect(expectReply(net.await(sent, 20)).text).toBe('done')
    net.tick(3)
    expect([net.state(caller), net.canister(caller).callbacks.size]).toEqual(['replied', 0])
  })

  test('calls end in the order of their deadlines', () => {
    const { net, caller, callee } = pair()
    const ask = (timeoutSeconds: number) =>
      program().callUpdate(callee, later(9, program().reply()), { timeoutSeconds, onReject: program().note(`${timeoutSeconds} `) })
    net.send(caller, ask(20).then(ask(5)).then(ask(12)).reply())
    net.tick()
    net.advance(60)
    net.tick(2)
    expect(net.state(caller)).toBe('5 12 20 ')
  })

  const patient = (callee: ReturnType<TestNetwork['create']>, cycles?: bigint) =>
    program().callUpdate(callee, later(3, program().note('worked').reply('too late')), {
      timeoutSeconds: 10,
      onReply: program().trap('replied'),
      onReject: told(),
      ...(cycles === undefined ? {} : { cycles }),
    })

  test('the caller gets SYS_UNKNOWN, once, and the callee finishes its work', () => {
    const { net, caller, callee } = pair()
    const sent = net.send(caller, patient(callee))
    net.tick()
    expect(net.status(sent)?.status).toBe('processing')
    net.advance(12)
    const { bytes } = expectReply(net.await(sent, 1))
    expect(numberOf(bytes.subarray(0, 8))).toBe(6n)
    expect(new TextDecoder().decode(bytes.subarray(8))).toBe('Call deadline has expired.')
    net.tick(5)
    expect(net.state(callee)).toBe('worked')
    expect(net.canister(caller).queues.openCalls(callee)).toBe(0)
    expect(net.canister(caller).callContexts.size).toBe(0)
  })

  test('once its second is over, not one nanosecond before', () => {
    const { net, caller, callee } = pair()
    const sent = net.send(caller, patient(callee))
    net.tick()
    const deadline = (net.replica.timeNanos() / second + 10n) * second
    net.replica.tick(deadline + second - 1n)
    expect(net.status(sent)?.status).toBe('processing')
    net.replica.tick(deadline + second)
    expect(net.status(sent)?.status).toBe('replied')
  })

  test('the refund of a late answer still comes back', () => {
    const { net, caller, callee } = pair()
    const minted = () => net.replica.cyclesLedger()
    const sent = net.send(caller, patient(callee, 10n ** 12n))
    net.tick()
    net.advance(12)
    net.await(sent, 1)
    const before = net.balance(caller)
    net.tick(5)
    expect(net.balance(caller) - before).toBe(10n ** 12n)
    expect(minted().minted).toBe(held(net) + minted().burned)
  })

  test('a request that has not started is dropped, and never runs', () => {
    const { net, caller, callee } = pair()
    net.send(callee, heavy(5).reply())
    const refunded = program().sys('msg_cycles_refunded').replyInt()
    const cycles = 10n ** 13n
    const body = program().callUpdate(callee, program().note('ran').reply(), { timeoutSeconds: 5, onReject: refunded, cycles })
    net.tick()
    const before = net.balance(caller)
    const sent = net.send(caller, body)
    net.tick()
    expect(net.status(sent)?.status).toBe('processing')
    net.advance(7)
    // The cycles are back, but not with this answer.
    expect(expectNumber(net.await(sent, 1))).toBe(0n)
    expect(before - net.balance(caller)).toBeLessThan(10n ** 9n)
    net.tick(5)
    expect(net.state(callee)).toBe('')
    const { minted, burned } = net.replica.cyclesLedger()
    expect(minted).toBe(held(net) + burned)
  })

  test('a call of the management canister is dropped too', () => {
    const { net, caller } = pair()
    const raw = Uint8Array.of(0x44, 0x49, 0x44, 0x4c, 0, 0)
    const body = program().call(managementCanisterId, 'raw_rand', raw, {
      timeoutSeconds: 0,
      onReply: program().reply('random'),
      onReject: told(),
    })
    const sent = net.send(caller, body)
    net.tick()
    net.advance(2)
    expect(expectReply(net.await(sent, 1)).bytes[0]).toBe(6)
  })

  test('a guaranteed call waits however long it takes', () => {
    const { net, caller, callee } = pair()
    const body = program().callUpdate(callee, later(3, program().reply('at last')), { onReply: program().read('msg_arg_data').replyTop() })
    const sent = net.send(caller, body)
    net.tick()
    net.advance(4000)
    expect(expectReply(net.await(sent)).text).toBe('at last')
  })
})

function held(net: TestNetwork): bigint {
  let sum = 0n
  for (const { balance, reservedBalance } of net.replica.canisters()) sum += balance + reservedBalance
  return sum
}
