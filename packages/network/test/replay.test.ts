/** A network that was listened to, and another one that was given the same. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Principal, managementCanisterId } from '@tidemark/types'
import { createRecordedNetwork, type NetworkRecord, replay } from '../src/index.ts'
import { decodeRecord, encodeRecord } from '../src/recordCodec.ts'
import { encodeManagement, program, TestNetwork, universalCanister } from '../../../tests/support/index.ts'
import { passOn } from './support/subnets.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const kinds = [{ kind: 'nns' }, { kind: 'application' }, { kind: 'fiduciary' }] as const

function recorded() {
  const { network, record } = createRecordedNetwork({ subnets: kinds, httpOutcalls: 'mocked', latencyRounds: 2 })
  const net = new TestNetwork(network)
  const ids = network.subnets().map(({ replica }) =>
    net.install(universalCanister({ exports: ['global_timer', 'heartbeat', 'pre_upgrade'] }), '', {
      effectiveCanisterId: replica.defaultEffectiveCanisterId,
    }),
  )
  return { net, ids, taken: () => record() as NetworkRecord }
}

const outcall = encodeManagement('http_request', {
  url: 'https://example.com/',
  method: { get: null },
  headers: [],
  body: [],
  max_response_bytes: [],
  transform: [],
  is_replicated: [],
  pricing_version: [],
})

type Step = { readonly what: string; readonly from: number; readonly to: number; readonly amount: number }

/** One thing that a client does. */
function take({ what, from, to, amount }: Step, { net, ids }: ReturnType<typeof recorded>): void {
  const [caller, callee] = [ids[from] as Principal, ids[to] as Principal]
  switch (what) {
    case 'call':
      net.send(caller, program().callUpdate(callee, program().note(String(amount)).reply(), { ...passOn, cycles: BigInt(amount) }))
      return
    case 'trap':
      net.send(caller, program().note('lost').trap('no'))
      return
    case 'query':
      net.query(callee, program().replyState())
      return
    case 'randomness':
      net.send(caller, program().call(managementCanisterId, 'raw_rand', encodeManagement('raw_rand'), passOn).op('drop'))
      return
    case 'outcall':
      net.send(
        caller,
        program()
          .call(managementCanisterId, 'http_request', outcall, { ...passOn, cycles: 10n ** 12n })
          .op('drop'),
      )
      return
    case 'answer': {
      const [pending] = net.replica.pendingHttpOutcalls()
      const body = new Uint8Array(amount % 100)
      if (pending !== undefined) net.replica.answerHttpOutcall(pending.subnetId, pending.id, { status: 200, headers: [], body })
      return
    }
    case 'cycles':
      net.replica.addCycles(callee, BigInt(amount) << 64n)
      return
    case 'stable':
      net.replica.setStableMemory(callee, new Uint8Array(amount).fill(7))
      return
    case 'time':
      net.advance(amount)
      return
    default:
      net.tick(1 + (amount % 3))
  }
}

const whats = ['call', 'trap', 'query', 'randomness', 'outcall', 'answer', 'cycles', 'stable', 'time', 'tick']

describe('a record', () => {
  test('brings a fresh network to the same state, whatever went in', () => {
    const step = fc.record({ what: fc.constantFrom(...whats), from: fc.nat(2), to: fc.nat(2), amount: fc.nat(5000) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const stage = recorded()
        for (const each of steps) take(each, stage)
        stage.net.tick(5)
        const wanted = hex(stage.net.replica.stateHash())
        const again = replay(stage.taken())
        expect(hex(again.stateHash())).toBe(wanted)
        expect(hex(replay(decodeRecord(encodeRecord(stage.taken()))).stateHash())).toBe(wanted)
      }),
      { numRuns: 8 },
    )
  })

  test('holds what came in by the port of a subnet, and subnets that joined', () => {
    const { net, taken } = recorded()
    const far = Principal.canister(777_777_777n)
    net.replica.addMainnetSubnet(far)
    const id = net.install(universalCanister(), '', { effectiveCanisterId: far })
    const message = {
      requestId: new Uint8Array(32).fill(9),
      sender: Principal.fromBytes(Uint8Array.of(4)),
      canisterId: id,
      effectiveCanisterId: id,
      methodName: 'update',
      arg: program().note('by its port').reply().bytes(),
      ingressExpiryNanos: net.replica.timeNanos() + 60_000_000_000n,
      sizeBytes: 300,
    }
    expect(net.replica.subnetFor(id)?.submit(message).accepted).toBe(true)
    net.tick()
    expect(net.state(id)).toBe('by its port')
    const again = replay(taken())
    expect(hex(again.stateHash())).toBe(hex(net.replica.stateHash()))
    expect(again.subnets()).toHaveLength(4)
  })

  test('ends when it grows beyond its limit, and says so', () => {
    const { network, record } = createRecordedNetwork({ subnets: kinds }, 10_000)
    network.tick()
    expect(record()?.inputs).toHaveLength(1)
    for (let round = 0; round < 200; round++) network.tick()
    expect(record()).toBeUndefined()
  })
})

describe('the hash of a state', () => {
  const base = () => {
    const stage = recorded()
    stage.net.tick(3)
    return stage
  }

  test.each<[title: string, change: (stage: ReturnType<typeof recorded>) => void]>([
    ['a cycle', ({ net, ids }) => net.replica.addCycles(ids[0] as Principal, 1n)],
    ['a byte of stable memory', ({ net, ids }) => net.replica.setStableMemory(ids[0] as Principal, Uint8Array.of(1))],
    ['a note in the heap', ({ net, ids }) => net.update(ids[1] as Principal, program().note('x').reply())],
    ['a round', ({ net }) => net.tick()],
    [
      'a message on its way to another subnet',
      ({ net, ids }) => net.send(ids[0] as Principal, program().callUpdate(ids[1] as Principal, program(), passOn)),
    ],
  ])('differs by %s', (_title, change) => {
    const [one, other] = [base(), base()]
    expect(hex(one.net.replica.stateHash())).toBe(hex(other.net.replica.stateHash()))
    change(one)
    expect(hex(one.net.replica.stateHash())).not.toBe(hex(other.net.replica.stateHash()))
  })
})

test('a record that is none is refused', () => {
  expect(() => decodeRecord(Uint8Array.of(1, 2, 3))).toThrow(RangeError)
  expect(() => decodeRecord(encodeRecord({ options: { subnets: [] }, inputs: [] }).subarray(0, 10))).toThrow(RangeError)
})
