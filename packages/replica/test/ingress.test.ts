/** What becomes of update calls over time: expiry, repetition, how long answers are kept. */
import { describe, expect, test } from 'vitest'
import { expectNumber, expectReject, expectReply, heavy, later, network, program, universalCanister } from '../../../tests/support/index.ts'

const wasm = universalCanister()
const second = 1_000_000_000n

describe('expiry', () => {
  test('a call that cannot start in time is rejected', () => {
    const net = network()
    const id = net.install(wasm)
    // Keeps the canister busy for rounds to come.
    net.send(id, heavy(5).reply())
    net.tick()
    const sent = net.send(id, program().note('ran').reply(), { expiryNanos: net.replica.timeNanos() + 5n * second })
    net.advance(6)
    expect(expectReject(net.await(sent, 0))).toMatch(/^IC0202 Ingress message 0x[0-9a-f]{64} timed out waiting to start executing\.$/)
    net.tick(5)
    expect(net.state(id)).toBe('')
  })

  test('a call that has started may end after its expiry', () => {
    const net = network()
    const id = net.install(wasm)
    const sent = net.send(id, later(3, program().reply('late')), { expiryNanos: net.replica.timeNanos() + 5n * second })
    net.tick()
    net.advance(600)
    expect(expectReply(net.await(sent)).text).toBe('late')
  })
})

describe('the same call again', () => {
  const requestId = Uint8Array.from({ length: 32 }, (_, n) => n)

  test('is taken in without effect, before and after it has run', () => {
    const net = network()
    const id = net.install(wasm)
    const count = program().note('x').op('get_state').op('nip').replyInt()
    const send = () => net.submitWithId(requestId, id, 'update', count)
    expect(send()).toBe(requestId)
    expect(send()).toBe(requestId)
    expect(expectNumber(net.await(requestId))).toBe(1n)
    const balance = net.balance(id)
    expect(send()).toBe(requestId)
    net.tick(3)
    expect(net.state(id)).toBe('x')
    expect(net.balance(id)).toBe(balance)
  })

  test('while it is remembered, which is at least until it expires', () => {
    const net = network()
    const id = net.install(wasm)
    const expiryNanos = net.replica.timeNanos() + 330n * second
    net.submitWithId(requestId, id, 'update', program().note('x').reply(), { expiryNanos })
    net.tick()
    net.advance(329)
    net.submitWithId(requestId, id, 'update', program().note('x').reply(), { expiryNanos })
    net.tick()
    expect(net.state(id)).toBe('x')
  })
})

describe('the answer', () => {
  test('is kept for five minutes after it was given, however long the call took', () => {
    const net = network()
    const id = net.install(wasm)
    const sent = net.send(id, later(1, program().reply('done')))
    net.tick()
    expect(net.status(sent)?.status).toBe('processing')
    net.advance(3000)
    net.tick()
    expect(net.status(sent)?.status).toBe('replied')
    net.advance(299)
    expect(net.status(sent)?.status).toBe('replied')
    net.advance(2)
    expect(net.status(sent)).toBeUndefined()
  })

  test('of a rejected call too', () => {
    const net = network()
    const id = net.install(wasm)
    const sent = net.send(id, program().reject('no'))
    net.advance(1)
    expect(net.status(sent)?.status).toBe('rejected')
    net.advance(301)
    expect(net.status(sent)).toBeUndefined()
  })

  test('a call without an answer yet is never forgotten', () => {
    const net = network()
    const id = net.install(wasm)
    const sent = net.send(id, later(2, program().reply('at last')))
    net.tick()
    net.advance(100_000)
    expect(net.status(sent)?.status).toBe('processing')
    expect(expectReply(net.await(sent)).text).toBe('at last')
  })
})

describe('induction', () => {
  test.each([
    ['2026', 1_200_000n, 2000n],
    ['2025', 1_200_000n, 2000n],
  ] as const)('costs %s prices for message and bytes', (profile, fee, perByte) => {
    const net = network({ profile })
    const id = net.install(wasm)
    const before = net.canister(id).consumedCycles.ingress_induction
    net.send(id, new Uint8Array(1000))
    expect(net.canister(id).consumedCycles.ingress_induction - before).toBe(fee + 1200n * perByte)
  })

  test('happens to a call of a method that is not there: the call is billed, and rejected in a round', () => {
    const net = network()
    const id = net.install(wasm)
    const before = net.canister(id).consumedCycles.ingress_induction
    const sent = net.submit(id, 'nothing', '')
    if (!(sent instanceof Uint8Array)) throw new Error(sent.message)
    expect(net.status(sent)?.status).toBe('received')
    expect(expectReject(net.await(sent))).toMatch(/^IC0536 /)
    expect(net.canister(id).consumedCycles.ingress_induction).toBeGreaterThan(before)
  })

  test('is refused by a frozen canister, without charge', () => {
    const net = network()
    const id = net.install(wasm, '', { cycles: 10n ** 12n })
    net.updateSettings(id, { freezing_threshold: 10n ** 15n })
    const balance = net.balance(id)
    expect(expectReject(net.update(id, program().reply()))).toMatch(/^IC0207 Canister .* is out of cycles/)
    expect(expectReject(net.query(id, program().reply()))).toMatch(
      /^IC0207 Canister .* is unable to process query calls because it's frozen/,
    )
    expect(net.balance(id)).toBe(balance)
  })
})
