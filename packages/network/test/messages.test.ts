/** Calls from a canister to one on another subnet. */
import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { Principal } from '@tidemark/types'
import { expectNumber, expectReply, heavy, later, numberOf, program } from '../../../tests/support/index.ts'
import { passOn, subnetsOf, type TestSubnets } from './support/subnets.ts'

function pair(latencyRounds = 1): { net: TestSubnets; caller: Principal; callee: Principal } {
  const net = subnetsOf(['application', 'application'], { latencyRounds })
  return { net, caller: net.installOn(0), callee: net.installOn(1) }
}

/** Rounds until a call is answered. */
function roundsOf(net: TestSubnets, id: Principal, body: ReturnType<typeof program>): number {
  const requestId = net.send(id, body)
  for (let rounds = 0; rounds < 50; rounds++) {
    if (net.status(requestId)?.status === 'replied') return rounds
    net.tick()
  }
  throw new Error('no answer')
}

describe('a call to a canister of another subnet', () => {
  test('is answered, by the canister that was called', () => {
    const { net, caller, callee } = pair()
    const body = program().callUpdate(callee, program().read('msg_caller').replyTop(), passOn)
    expect(expectReply(net.update(caller, body)).bytes).toEqual(caller.bytes)
  })

  test.each([1, 2, 5])('takes %i rounds each way when that is the latency', (latency) => {
    const { net, caller, callee } = pair(latency)
    expect(roundsOf(net, caller, program().callUpdate(callee, program().reply(), passOn))).toBe(1 + 2 * latency)
    expect(roundsOf(net, caller, program().callUpdate(caller, program().reply(), passOn))).toBe(1)
  })

  test('brings rejects and traps back', () => {
    const { net, caller, callee } = pair()
    expect(expectReply(net.update(caller, program().callUpdate(callee, program().reject('no'), passOn))).text).toBe('no')
    const trapped = expectReply(net.update(caller, program().callUpdate(callee, program().trap('ouch'), passOn))).text
    expect(trapped).toContain('IC0503')
    expect(trapped).toContain('ouch')
  })

  test('arrives in the order in which it was made', () => {
    const { net, caller, callee } = pair()
    const notes = ['a', 'b', 'c', 'd']
    const body = program()
    for (const note of notes) body.callUpdate(callee, program().note(note).reply())
    net.update(caller, body.reply())
    net.tick(5)
    expect(net.state(callee)).toBe(notes.join(''))
  })

  test('fails for a canister that its subnet does not have', () => {
    const { net, caller } = pair()
    const missing = net.replica.subnets()[1]?.replica.defaultEffectiveCanisterId as Principal
    net.lifecycle('stop_canister', net.installOn(1))
    const gone = Principal.canister(new DataView(missing.bytes.buffer).getBigUint64(0) + 1000n)
    expect(expectReply(net.update(caller, program().callUpdate(gone, program().reply(), passOn))).text).toBe(
      `Canister ${gone.toText()} not found`,
    )
  })

  test('fails for an id that no subnet hosts', () => {
    const { net, caller } = pair()
    const nowhere = Principal.canister(77n)
    const told = program().sys('msg_reject_code').op('int_to_blob').read('msg_reject_msg').op('concat').replyTop()
    const { bytes } = expectReply(net.update(caller, program().callUpdate(nowhere, program().reply(), { onReject: told })))
    expect(numberOf(bytes.slice(0, 8))).toBe(3n)
    expect(Buffer.from(bytes.slice(8)).toString()).toBe(`No route to canister ${nowhere.toText()}`)
  })

  test('of more than 2 MiB goes back, though one on the same subnet may be longer', () => {
    const { net, caller, callee } = pair()
    const sibling = net.installOn(0)
    const call = (to: Principal) =>
      program()
        .prepareCall(to, 'update', program().reply(), passOn)
        .int(0)
        .int(2_200_000)
        .sys('call_data_append')
        .sys('call_perform')
        .op('drop')
    net.update(caller, program().growHeap(64).reply())
    expect(expectReply(net.update(caller, call(callee))).text).toMatch(
      /attempted to send a message of size \d+ exceeding the limit 2097152$/,
    )
    expect(expectReply(net.update(caller, call(sibling))).text).not.toContain('exceeding')
  })
})

describe('cycles', () => {
  test('travel with calls, and what is not accepted comes back', () => {
    const { net, caller, callee } = pair()
    const before = [net.balance(caller), net.balance(callee)] as const
    const accept = program().amount('msg_cycles_accept128', 0n, 600_000_000_000n).replyTop()
    const body = program().callUpdate(callee, accept, { ...passOn, cycles: 1_000_000_000_000n })
    expect(expectNumber(net.update(caller, body))).toBe(600_000_000_000n)
    expect(net.balance(callee) - before[1]).toBeGreaterThan(590_000_000_000n)
    expect(before[0] - net.balance(caller)).toBeLessThan(610_000_000_000n)
  })

  test('are neither made nor lost on the way', () => {
    const { net, caller, callee } = pair(3)
    const accept = program().amount('msg_cycles_accept128', 0n, 5n).reply()
    net.send(caller, program().callUpdate(callee, accept, { ...passOn, cycles: 1_000_000n }))
    const seen: bigint[] = []
    for (let round = 0; round < 10; round++) {
      net.tick()
      const { minted, held, burned, inFlight } = net.replica.cyclesLedger()
      expect(minted).toBe(held + burned + inFlight)
      seen.push(inFlight)
      for (const { replica } of net.replica.subnets()) {
        const ledger = replica.cyclesLedger()
        expect(ledger.minted + ledger.received).toBe(ledger.held + ledger.burned + ledger.sent)
      }
    }
    expect(seen).toContain(1_000_000n)
    expect(seen).toContain(999_995n)
  })
})

describe('a best-effort call', () => {
  const told = program().sys('msg_reject_code').op('int_to_blob').read('msg_reject_msg').op('concat').replyTop()

  test('is answered when there is time', () => {
    const { net, caller, callee } = pair()
    const body = program().callUpdate(callee, program().reply('here'), { ...passOn, timeoutSeconds: 30 })
    expect(expectReply(net.update(caller, body)).text).toBe('here')
  })

  test('ends at its deadline, while the answer of the callee is on its way', () => {
    const { net, caller, callee } = pair()
    const requestId = net.send(
      caller,
      program().callUpdate(callee, later(8, program().reply('late')), { onReject: told, timeoutSeconds: 3 }),
    )
    net.tick(2)
    net.advance(10)
    const { bytes } = expectReply(net.await(requestId))
    expect(numberOf(bytes.slice(0, 8))).toBe(6n)
    net.tick(12)
    expect(net.replica.hasPendingWork()).toBe(false)
  })

  test('whose deadline has passed has the turn of other subnets: two canisters of the own one do not both come first', () => {
    const { net, caller, callee } = pair()
    const neighbours = [net.installOn(0), net.installOn(0)]
    const late = later(8, program().reply('late'))
    net.send(caller, program().callUpdate(callee, late, { onReject: program().note('d').reply(), timeoutSeconds: 3 }))
    net.tick(2)
    net.send(caller, heavy(10).reply())
    net.tick()
    neighbours.forEach((id, n) => net.send(id, program().callUpdate(caller, program().note(`${n}`).reply(), passOn)))
    net.tick()
    net.advance(10)
    net.tick(12)
    expect(net.state(caller)).toMatch(/^(d01|0d1)$/)
  })

  test('is not worked on after its deadline: the cycles in it go back', () => {
    const { net, caller, callee } = pair(3)
    const before = net.balance(caller)
    const cycles = 10n ** 13n
    net.send(caller, program().callUpdate(callee, program().note('worked').reply(), { onReject: told, timeoutSeconds: 1, cycles }))
    net.tick()
    net.advance(10)
    expect(before - net.balance(caller)).toBeGreaterThan(cycles)
    net.tick(10)
    expect(net.state(callee)).toBe('')
    expect(before - net.balance(caller)).toBeLessThan(10n ** 9n)
    const { minted, held, burned, inFlight } = net.replica.cyclesLedger()
    expect([inFlight, minted]).toEqual([0n, held + burned])
  })

  test('that is dropped for want of memory gives its cycles back at once, and ends at its deadline', () => {
    const net = subnetsOf(['application', 'application'], { bestEffortMemoryBytes: 3000 })
    const [caller, callee] = [net.installOn(0), net.installOn(1)]
    net.send(callee, heavy(20).reply())
    net.tick()
    const before = net.balance(caller)
    const cycles = 10n ** 13n
    const large = program().note('worked'.repeat(1000)).reply()
    const requestId = net.send(caller, program().callUpdate(callee, large, { onReject: told, timeoutSeconds: 60, cycles }))
    net.tick()
    expect(before - net.balance(caller)).toBeGreaterThan(cycles)
    net.tick(4)
    expect(before - net.balance(caller)).toBeLessThan(10n ** 11n)
    expect(net.status(requestId)?.status).toBe('processing')
    net.advance(61)
    expect(numberOf(expectReply(net.await(requestId)).bytes.slice(0, 8))).toBe(6n)
    net.tick(20)
    expect(net.state(callee)).toBe('')
  })
})

test('a canister that was uninstalled loses no cycles that come back to it', () => {
  const { net, caller, callee } = pair(2)
  net.send(caller, program().callUpdate(callee, later(3, program().reply()), { ...passOn, cycles: 7_000_000n }))
  net.tick()
  net.lifecycle('uninstall_code', caller)
  net.tick(20)
  const { minted, held, burned, inFlight } = net.replica.cyclesLedger()
  expect([inFlight, minted]).toEqual([0n, held + burned])
})

test('calls of canisters on three subnets keep the ledger balanced, whatever they do', () => {
  const step = fc.record({
    from: fc.nat(2),
    to: fc.nat(2),
    cycles: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    accepted: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    ends: fc.constantFrom('reply', 'reject', 'trap'),
    timeoutSeconds: fc.option(fc.nat(5), { nil: undefined }),
    rounds: fc.nat(4),
    seconds: fc.nat(4),
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 3 }), (steps, latencyRounds) => {
      const net = subnetsOf(['application', 'verified_application', 'system'], { latencyRounds })
      const ids = [0, 1, 2].map((place) => net.installOn(place))
      for (const { from, to, cycles, accepted, ends, timeoutSeconds, rounds, seconds } of steps) {
        const body = program().amount('msg_cycles_accept128', 0n, accepted).op('drop').op('drop')
        const ending = ends === 'reply' ? body.reply() : ends === 'reject' ? body.reject('no') : body.trap('no')
        const parts = { ...passOn, cycles, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) }
        net.send(ids[from] as Principal, program().callUpdate(ids[to] as Principal, ending, parts))
        net.tick(rounds)
        net.advance(seconds)
        const { minted, held, burned, inFlight } = net.replica.cyclesLedger()
        expect(minted).toBe(held + burned + inFlight)
      }
      net.tick(20)
      expect(net.replica.cyclesLedger().inFlight).toBe(0n)
    }),
    { numRuns: 25 },
  )
})
