/** Who is next at the management canister. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Principal } from '@tidemark/types'
import { ManagementQueue, type QueuedIngress, type Request } from '../src/index.ts'

const id = (n: number) => Principal.canister(BigInt(n))

function request(from: number, name: string): Request {
  return {
    kind: 'request',
    sender: id(from),
    receiver: id(0),
    callbackId: 0n,
    methodName: name,
    arg: new Uint8Array(0),
    cycles: 0n,
    deadlineNanos: 0n,
    senderVersion: 0n,
  }
}

function ingress(name: string): QueuedIngress {
  return {
    kind: 'ingress',
    requestKey: name,
    sender: id(9),
    methodName: name,
    arg: new Uint8Array(0),
    expiryNanos: 0n,
    senderInfo: undefined,
  }
}

function drain(queue: ManagementQueue, accepts?: Parameters<ManagementQueue['shift']>[0]): string[] {
  const names: string[] = []
  for (let call = queue.shift(accepts); call !== undefined; call = queue.shift(accepts)) names.push(call.methodName)
  return names
}

describe('turns', () => {
  test('of canisters of the subnet, users and canisters of other subnets', () => {
    const queue = new ManagementQueue()
    for (const name of ['remote1', 'remote2']) queue.pushRequest(request(3, name), true)
    for (const name of ['user1', 'user2']) queue.pushIngress(ingress(name), id(1))
    for (const name of ['local1', 'local2']) queue.pushRequest(request(1, name))
    expect(queue.size).toBe(6)
    expect(drain(queue)).toEqual(['local1', 'user1', 'remote1', 'local2', 'user2', 'remote2'])
    expect(queue.size).toBe(0)
  })

  test('of callers, each in the order in which it called', () => {
    const queue = new ManagementQueue()
    for (const name of ['one1', 'one2', 'one3']) queue.pushRequest(request(1, name))
    for (const name of ['two1', 'two2']) queue.pushRequest(request(2, name))
    expect(drain(queue)).toEqual(['one1', 'two1', 'one2', 'two2', 'one3'])
  })

  test('of canisters that users call about', () => {
    const queue = new ManagementQueue()
    for (const name of ['one1', 'one2', 'one3']) queue.pushIngress(ingress(name), id(1))
    queue.pushIngress(ingress('two1'), id(2))
    expect(drain(queue)).toEqual(['one1', 'two1', 'one2', 'one3'])
  })

  test('are not lost while nothing waits', () => {
    const queue = new ManagementQueue()
    queue.pushRequest(request(1, 'local1'))
    expect(drain(queue)).toEqual(['local1'])
    queue.pushRequest(request(1, 'local2'))
    queue.pushIngress(ingress('user1'), id(1))
    expect(drain(queue)).toEqual(['user1', 'local2'])
  })
})

describe('a call that may not begin', () => {
  test('holds up what waits behind it, and nobody else', () => {
    const queue = new ManagementQueue()
    queue.pushIngress(ingress('held'), id(1))
    queue.pushIngress(ingress('behind'), id(1))
    queue.pushIngress(ingress('other'), id(2))
    queue.pushRequest(request(1, 'canister'))
    expect(drain(queue, ({ methodName }) => methodName !== 'held')).toEqual(['canister', 'other'])
    expect(drain(queue)).toEqual(['held', 'behind'])
  })

  test('can be taken out, and lets the next one on', () => {
    const queue = new ManagementQueue()
    for (const name of ['held', 'behind']) queue.pushRequest(request(1, name))
    queue.pushIngress(ingress('held'), id(1))
    expect(queue.removeAll(({ methodName }) => methodName === 'held')).toHaveLength(2)
    expect([...queue].map(({ methodName }) => methodName)).toEqual(['behind'])
    expect(drain(queue, ({ methodName }) => methodName !== 'held')).toEqual(['behind'])
  })
})

test('whatever waits comes out once, and in order for each caller', () => {
  const call = fc.record({ from: fc.nat({ max: 3 }), kind: fc.constantFrom('local', 'ingress', 'remote'), held: fc.boolean() })
  fc.assert(
    fc.property(fc.array(call), (calls) => {
      const queue = new ManagementQueue()
      const held = new Set<string>()
      const lanes = new Map<string, string[]>()
      calls.forEach(({ from, kind, held: isHeld }, position) => {
        const name = `${kind} ${from} ${position}`
        if (isHeld) held.add(name)
        const lane = lanes.get(`${kind} ${from}`) ?? []
        lanes.set(`${kind} ${from}`, [...lane, name])
        if (kind === 'ingress') queue.pushIngress(ingress(name), id(from))
        else queue.pushRequest(request(from, name), kind === 'remote')
      })
      const free = drain(queue, ({ methodName }) => !held.has(methodName))
      const all = [...free, ...drain(queue)]
      for (const [lane, names] of lanes) {
        const firstHeld = names.findIndex((name) => held.has(name))
        expect(free.filter((name) => name.startsWith(lane))).toEqual(firstHeld < 0 ? names : names.slice(0, firstHeld))
        expect(all.filter((name) => name.startsWith(lane))).toEqual(names)
      }
      expect(all).toHaveLength(calls.length)
    }),
    { numRuns: 200, seed: 8 },
  )
})
