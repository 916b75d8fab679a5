/** Going back to a snapshot and on from there gives what going there directly gives. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type TestNetwork, candid, encodeManagement, heavy, program, user } from '../../../../tests/support/index.ts'
import { type Principal, managementCanisterId } from '@tidemark/types'
import { contentOf } from './content.ts'
import { modules, play, sequence, start } from './play.ts'

const certified = (net: TestNetwork) => Buffer.from(net.replica.certificate([])).toString('hex')

/** Everything that can be told of a network. */
const everything = (net: TestNetwork) => ({
  content: contentOf(net.replica),
  certified: certified(net),
  ledger: net.replica.cyclesLedger(),
})

describe('a snapshot', () => {
  test('is the point from which any continuation is as it would have been without the others', () => {
    fc.assert(
      fc.property(sequence, sequence, sequence, (prefix, a, b) => {
        const net = start()
        play(net, prefix)
        const snapshot = net.replica.snapshot()
        const requests = net.requests
        play(net, a)
        net.replica.restore(snapshot)
        net.requests = requests
        const fresh = start()
        play(fresh, prefix)
        expect(everything(net)).toEqual(everything(fresh))
        play(net, b)
        play(fresh, b)
        expect(everything(net)).toEqual(everything(fresh))
      }),
      { numRuns: 30, seed: 1 },
    )
  })

  test('notes every change: one taken after each step is as the one of a network that took none before', () => {
    fc.assert(
      fc.property(sequence, (inputs) => {
        const watched = start()
        const fresh = start()
        watched.replica.snapshot()
        play(watched, inputs, () => void watched.replica.snapshot())
        play(fresh, inputs)
        expect(everything(watched)).toEqual(everything(fresh))
      }),
      { numRuns: 30, seed: 2 },
    )
  })

  test('can be gone back to in any order, also from another branch', () => {
    fc.assert(
      fc.property(fc.array(sequence, { minLength: 2, maxLength: 4 }), fc.array(fc.nat({ max: 3 }), { maxLength: 6 }), (parts, visits) => {
        const net = start()
        const taken = parts.map((part) => {
          play(net, part)
          return { snapshot: net.replica.snapshot(), content: contentOf(net.replica) }
        })
        for (const visit of visits) {
          const { snapshot, content } = taken[visit % taken.length]!
          net.replica.restore(snapshot)
          expect(contentOf(net.replica)).toEqual(content)
          play(net, parts[visit % parts.length]!)
        }
      }),
      { numRuns: 20, seed: 3 },
    )
  })

  test('of another replica is refused', () => {
    const other = start().replica.snapshot()
    expect(() => start().replica.restore(other)).toThrow(RangeError('The snapshot was taken by another replica.'))
  })
})

describe('what comes back', () => {
  test('is the answer that a call had not had yet', () => {
    const net = start()
    const id = net.replica.canisters()[0]!.id
    const request = net.submit(id, 'update', program().note('x').replyState())
    if (!(request instanceof Uint8Array)) throw new Error('refused')
    const before = net.replica.snapshot()
    net.tick(1)
    expect(net.replica.ingressRecord(request)?.status.status).toBe('replied')
    net.replica.restore(before)
    expect(net.replica.ingressRecord(request)?.status.status).toBe('received')
    net.tick(1)
    expect(net.replica.ingressRecord(request)?.status.status).toBe('replied')
  })

  test('is a deleted canister with its memory', () => {
    const net = start()
    const id = net.replica.canisters()[1]!.id
    net.update(id, program().note('kept').reply())
    const before = net.replica.snapshot()
    net.lifecycle('stop_canister', id)
    net.lifecycle('delete_canister', id)
    expect(net.replica.canister(id)).toBeUndefined()
    net.replica.restore(before)
    expect(net.update(id, program().replyState())).toMatchObject({ kind: 'reply', text: 'kept' })
  })

  test('is the memory of the code before an upgrade', () => {
    const net = start()
    const id = net.replica.canisters()[1]!.id
    net.update(id, program().note('old').reply())
    const before = net.replica.snapshot()
    net.upgrade(id, modules[0]!)
    net.update(id, program().note('new').reply())
    net.replica.restore(before)
    expect(net.update(id, program().note('!').replyState(), { sender: user })).toMatchObject({ text: 'old!' })
  })

  test('is a heap that has grown since, zero where it grows again', () => {
    const net = start()
    const id = net.replica.canisters()[1]!.id
    const before = net.replica.snapshot()
    const pages = net.replica.canister(id)!.execution!.live.heapPages
    net.update(id, program().growHeap(3).note('x'.repeat(5000)).reply())
    net.replica.restore(before)
    expect(net.replica.canister(id)!.execution!.live.heapPages).toBe(pages)
    net.update(id, program().growHeap(3).reply())
    const heap = net.replica.canister(id)!.execution!.live.exportHeap()
    expect([...heap.pageEntries()].filter(([index]) => index >= pages * 16)).toEqual([])
  })
})

describe('in the middle of', () => {
  /** Starts something long, snapshots between two of its rounds, ends it, and does all of that once more from there. */
  function twice(net: TestNetwork, begin: () => unknown, deed: () => unknown): void {
    begin()
    net.tick(2)
    expect(net.replica.canisters().some(({ longExecution }) => longExecution !== undefined)).toBe(true)
    const middle = net.replica.snapshot()
    const requests = net.requests
    const before = contentOf(net.replica)
    const end = () => {
      net.tick(20)
      deed()
      return everything(net)
    }
    const first = end()
    net.replica.restore(middle)
    net.requests = requests
    expect(contentOf(net.replica)).toEqual(before)
    expect(end()).toEqual(first)
  }

  test('a long execution, its effects come from either side', () => {
    const net = start()
    const [id, other] = net.replica.canisters().map((canister) => canister.id) as [Principal, Principal]
    const long = heavy(10).note('x').growHeap(1).callUpdate(other, program().note('y').reply()).reply()
    twice(
      net,
      () => net.submit(id, 'update', long),
      () => expect(net.update(id, program().note('!').replyState())).toMatchObject({ text: 'x!' }),
    )
  })

  test('a long installation, the new code has what its init did and nothing of later', () => {
    const net = start()
    const id = net.replica.canisters()[1]!.id
    const arg = encodeManagement('install_code', {
      mode: { reinstall: null },
      canister_id: candid(id),
      wasm_module: modules[0],
      arg: program().burn(600_000_000).note('new').bytes(),
      sender_canister_version: [],
    })
    twice(
      net,
      () => net.submit(managementCanisterId, 'install_code', arg, { effectiveCanisterId: id }),
      () => expect(net.update(id, program().note('!').replyState())).toMatchObject({ text: 'new!' }),
    )
  })
})
