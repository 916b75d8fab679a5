/** No sequence of events makes or loses a cycle: minted = held + burned after every round. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Principal } from '@tidemark/types'
import { type Program, type TestNetwork, later, network, program, universalCanister } from '../../../tests/support/index.ts'

const wasm = universalCanister()
const small = fc.nat({ max: 2 })
const cycles = fc.bigInt({ min: 0n, max: 10n ** 13n })

/** What a canister does in a message; `who` picks the canister that it calls. */
type Behaviour =
  | { readonly kind: 'reply' | 'reject' | 'trap' | 'silence' | 'late' }
  | { readonly kind: 'burn' | 'accept'; readonly amount: bigint }
  | {
      readonly kind: 'call'
      readonly who: number
      readonly amount: bigint
      readonly timeout: number | undefined
      readonly inner: Behaviour
      readonly then: Behaviour
    }

const { behaviour } = fc.letrec<{ behaviour: Behaviour }>((tie) => ({
  behaviour: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constantFrom('reply', 'reject', 'trap', 'silence', 'late') }),
    fc.record({ kind: fc.constantFrom('burn', 'accept'), amount: cycles }),
    fc.record({
      kind: fc.constant('call'),
      who: small,
      amount: cycles,
      timeout: fc.option(fc.nat({ max: 20 }), { nil: undefined }),
      inner: tie('behaviour'),
      then: tie('behaviour'),
    }) as fc.Arbitrary<Behaviour>,
  ),
}))

/** What happens to the network between rounds. */
type Step =
  | { readonly kind: 'update'; readonly who: number; readonly behaviour: Behaviour }
  | { readonly kind: 'tick' }
  | { readonly kind: 'advance'; readonly seconds: number }
  | { readonly kind: 'topUp'; readonly who: number; readonly amount: bigint }
  | { readonly kind: 'stop_canister' | 'start_canister' | 'uninstall_code' | 'delete_canister' | 'install'; readonly who: number }
  | { readonly kind: 'freeze'; readonly who: number; readonly seconds: bigint }

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('update' as const), who: small, behaviour }), weight: 8 },
  { arbitrary: fc.record({ kind: fc.constant('tick' as const) }), weight: 4 },
  { arbitrary: fc.record({ kind: fc.constant('advance' as const), seconds: fc.nat({ max: 100_000_000 }) }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant('topUp' as const), who: small, amount: cycles }), weight: 1 },
  {
    arbitrary: fc.record({
      kind: fc.constantFrom('stop_canister' as const, 'start_canister' as const, 'uninstall_code' as const, 'install' as const),
      who: small,
    }),
    weight: 3,
  },
  { arbitrary: fc.record({ kind: fc.constant('delete_canister' as const), who: small }), weight: 1 },
  {
    arbitrary: fc.record({ kind: fc.constant('freeze' as const), who: small, seconds: fc.bigInt({ min: 0n, max: 10n ** 9n }) }),
    weight: 1,
  },
)

function compile(wanted: Behaviour, ids: readonly Principal[]): Program {
  switch (wanted.kind) {
    case 'reply':
      return program().reply()
    case 'reject':
      return program().reject('no')
    case 'trap':
      return program().trap('no')
    case 'silence':
      return program()
    case 'late':
      return later(2, program().reply())
    case 'burn':
      return program()
        .amount('cycles_burn128', wanted.amount >> 64n, wanted.amount)
        .op('drop')
        .op('drop')
        .reply()
    case 'accept':
      return program()
        .amount('msg_cycles_accept128', wanted.amount >> 64n, wanted.amount)
        .op('drop')
        .op('drop')
        .reply()
    case 'call': {
      const callee = ids[wanted.who] as Principal
      const then = compile(wanted.then, ids)
      const timeout = wanted.timeout === undefined ? {} : { timeoutSeconds: wanted.timeout }
      return program().callUpdate(callee, compile(wanted.inner, ids), {
        cycles: wanted.amount,
        onReply: then,
        onReject: then,
        onCleanup: program(),
        ...timeout,
      })
    }
  }
}

function apply(net: TestNetwork, ids: readonly Principal[], next: Step): void {
  switch (next.kind) {
    case 'tick':
      return net.tick()
    case 'advance':
      return net.advance(next.seconds)
    case 'update':
      net.submit(ids[next.who] as Principal, 'update', compile(next.behaviour, ids))
      return
    case 'topUp':
      if (net.replica.canister(ids[next.who] as Principal) !== undefined) net.topUp(ids[next.who] as Principal, next.amount)
      return
    case 'install':
      net.installInto(ids[next.who] as Principal, wasm, '', { reinstall: null })
      return
    case 'freeze':
      net.updateSettings(ids[next.who] as Principal, { freezing_threshold: next.seconds })
      return
    case 'stop_canister':
      if (net.replica.canister(ids[next.who] as Principal) !== undefined) net.requestStop(ids[next.who] as Principal)
      return net.tick()
    default:
      net.lifecycle(next.kind, ids[next.who] as Principal)
  }
}

function expectBalanced(net: TestNetwork): void {
  const { minted, held, burned } = net.replica.cyclesLedger()
  expect(held + burned).toBe(minted)
}

describe('minted = held + burned', () => {
  test('after every step of any sequence', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
        const net = network()
        const ids = [net.install(wasm), net.install(wasm, '', { cycles: 10n ** 13n }), net.install(wasm, '', { cycles: 10n ** 13n })]
        for (const next of steps) {
          apply(net, ids, next)
          expectBalanced(net)
        }
        net.tick(6)
        expectBalanced(net)
      }),
      { numRuns: 60, seed: 4 },
    )
  })

  test('at the end, what was burned is what the canisters spent', () => {
    const net = network()
    const id = net.install(wasm)
    net.update(id, program().amount('cycles_burn128', 0n, 12_345n).op('drop').op('drop').reply())
    net.advance(1000)
    let spent = 0n
    for (const amount of Object.values(net.canister(id).consumedCycles)) spent += amount
    expect(net.replica.cyclesLedger().burned).toBe(spent)
    expect(net.canister(id).consumedCycles.burned_cycles).toBe(12_345n)
  })

  test('no balance is ever negative', () => {
    const net = network()
    const id = net.install(wasm, '', { cycles: 10n ** 12n })
    net.advance(10_000_000)
    expect(net.balance(id)).toBeGreaterThanOrEqual(0n)
    expectBalanced(net)
    net.advance(1_000_000_000)
    expect(net.balance(id)).toBe(0n)
    expect(net.canister(id).execution).toBeUndefined()
    expectBalanced(net)
  })
})
