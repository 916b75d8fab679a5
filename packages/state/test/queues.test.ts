/** Input queues: turns between senders, order inside one, room for 500, and slots for responses. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Principal } from '@tidemark/types'
import { CanisterQueues, type InputMessage, type Request, type Response, queueCapacity } from '../src/index.ts'

const sender = (n: number) => Principal.canister(BigInt(n))
const me = sender(99)

function request(from: number, id: number): Request {
  return {
    kind: 'request',
    sender: sender(from),
    receiver: me,
    callbackId: BigInt(id),
    methodName: 'm',
    arg: new Uint8Array(0),
    cycles: 0n,
    deadlineNanos: 0n,
    senderVersion: 0n,
  }
}

function response(from: number, id: number): Response {
  return {
    kind: 'response',
    originator: me,
    respondent: sender(from),
    callbackId: BigInt(id),
    payload: { kind: 'reply', data: new Uint8Array(0) },
    refund: 0n,
    deadlineNanos: 0n,
  }
}

function ingress(id: number): InputMessage & { kind: 'ingress' } {
  return {
    kind: 'ingress',
    requestKey: String(id),
    sender: me,
    methodName: 'm',
    arg: new Uint8Array(0),
    expiryNanos: 0n,
    senderInfo: undefined,
  }
}

const nameOf = (message: InputMessage): string => {
  switch (message.kind) {
    case 'ingress':
      return `i${message.requestKey}`
    case 'request':
      return `${message.sender.key.slice(-6, -4)}q${message.callbackId}`
    case 'response':
      return `${message.respondent.key.slice(-6, -4)}r${message.callbackId}`
  }
}

function drain(queues: CanisterQueues): string[] {
  const names: string[] = []
  for (let message = queues.pop(); message !== undefined; message = queues.pop()) names.push(nameOf(message))
  return names
}

describe('turns', () => {
  test('ingress and other canisters in turn', () => {
    const queues = new CanisterQueues()
    for (const n of [1, 2, 3]) queues.pushIngress(ingress(n))
    for (const n of [1, 2]) queues.pushRequest(request(1, n))
    expect(drain(queues)).toEqual(['01q1', 'i1', '01q2', 'i2', 'i3'])
  })

  test('canisters of the subnet, users, canisters of other subnets in turn', () => {
    const queues = new CanisterQueues()
    for (const [from, id] of [
      [1, 0],
      [1, 1],
      [3, 0],
    ] as const) {
      queues.pushRequest(request(from, id), true)
    }
    queues.reserve(sender(2), 0n)
    queues.pushResponse(response(2, 0))
    queues.pushRequest(request(2, 1))
    queues.pushIngress(ingress(1))
    expect(drain(queues)).toEqual(['02r0', 'i1', '01q0', '02q1', '03q0', '01q1'])
  })

  test('a turn is not lost while nothing waits', () => {
    const queues = new CanisterQueues()
    queues.pushIngress(ingress(1))
    expect(drain(queues)).toEqual(['i1'])
    queues.pushIngress(ingress(2))
    queues.pushRequest(request(1, 1))
    queues.pushRequest(request(2, 1), true)
    expect(drain(queues)).toEqual(['02q1', '01q1', 'i2'])
  })

  test('senders in turn, each in the order in which it sent', () => {
    const queues = new CanisterQueues()
    for (const n of [1, 2, 3]) queues.pushRequest(request(1, n))
    for (const n of [1, 2]) queues.pushRequest(request(2, n))
    expect(drain(queues)).toEqual(['01q1', '02q1', '01q2', '02q2', '01q3'])
  })

  test('requests and responses of a sender share its queue', () => {
    const queues = new CanisterQueues()
    queues.reserve(sender(1), 0n)
    queues.pushRequest(request(1, 1))
    queues.pushResponse(response(1, 2))
    queues.pushRequest(request(1, 3))
    expect(drain(queues)).toEqual(['01q1', '01r2', '01q3'])
  })

  test('a response that is replaced keeps its place and its turn', () => {
    const queues = new CanisterQueues()
    queues.reserve(sender(1), 1n)
    const first: Response = { ...response(1, 1), deadlineNanos: 1n, payload: { kind: 'reply', data: new Uint8Array(100) } }
    queues.pushResponse(first)
    queues.pushRequest(request(1, 2))
    queues.pushRequest(request(2, 1))
    expect(queues.bestEffortBytes).toBe(100)
    queues.replaceResponse(first, { ...first, callbackId: 3n, payload: { kind: 'reply', data: new Uint8Array(1) } })
    expect(queues.bestEffortBytes).toBe(1)
    expect(drain(queues)).toEqual(['01r3', '02q1', '01q2'])
    expect([queues.hasResponses, queues.bestEffortBytes]).toEqual([false, 0])
  })

  test('responses can be taken alone', () => {
    const queues = new CanisterQueues()
    queues.reserve(sender(1), 0n)
    queues.reserve(sender(2), 0n)
    queues.pushIngress(ingress(1))
    queues.pushRequest(request(1, 1))
    queues.pushResponse(response(1, 2))
    queues.pushResponse(response(2, 3))
    expect(queues.hasResponses).toBe(true)
    expect([queues.popResponse(), queues.popResponse(), queues.popResponse()].map((message) => message && nameOf(message))).toEqual([
      '01r2',
      '02r3',
      undefined,
    ])
    expect(queues.hasResponses).toBe(false)
    expect(drain(queues)).toEqual(['01q1', 'i1'])
  })
})

describe('room', () => {
  test('500 requests of one sender, and none of that touches another', () => {
    const queues = new CanisterQueues()
    for (let n = 0; n < queueCapacity; n++) expect(queues.pushRequest(request(1, n))).toBe(true)
    expect(queues.pushRequest(request(1, 500))).toBe(false)
    expect(queues.pushRequest(request(2, 0))).toBe(true)
    queues.pop()
    expect(queues.pushRequest(request(1, 501))).toBe(true)
  })

  test('500 open calls to one receiver; an answer makes room', () => {
    const queues = new CanisterQueues()
    for (let n = 0; n < queueCapacity; n++) expect(queues.reserve(sender(1), 0n)).toBe(true)
    expect(queues.reserve(sender(1), 0n)).toBe(false)
    expect(queues.reserve(sender(2), 0n)).toBe(true)
    queues.pushResponse(response(1, 0))
    expect(queues.openCalls(sender(1))).toBe(499)
    expect(queues.reserve(sender(1), 0n)).toBe(true)
  })

  test('is idle only when nothing waits and no answer is expected', () => {
    const queues = new CanisterQueues()
    expect(queues.isIdle).toBe(true)
    queues.reserve(sender(1), 0n)
    expect([queues.isEmpty, queues.isIdle]).toEqual([true, false])
    queues.pushResponse(response(1, 0))
    expect([queues.isEmpty, queues.isIdle]).toEqual([false, false])
    queues.pop()
    expect(queues.isIdle).toBe(true)
  })
})

describe('taking out', () => {
  test('what a predicate chooses, whoever sent it, and the rest in its order', () => {
    const queues = new CanisterQueues()
    for (const n of [1, 2, 3]) queues.pushIngress(ingress(n))
    for (const n of [1, 2, 3]) queues.pushRequest(request(1, n))
    const removed = queues.removeWhere((message) =>
      message.kind === 'ingress' ? message.requestKey === '2' : message.kind === 'request' && message.callbackId !== 2n,
    )
    expect(removed.map(nameOf)).toEqual(['i2', '01q1', '01q3'])
    expect(drain(queues)).toEqual(['01q2', 'i1', 'i3'])
  })

  test('a sender with nothing left has no turn, and gets one again', () => {
    const queues = new CanisterQueues()
    queues.pushRequest(request(1, 1))
    queues.pushRequest(request(2, 1))
    queues.removeWhere((message) => message.kind === 'request' && message.sender.key === sender(1).key)
    queues.pushRequest(request(1, 2))
    expect(drain(queues)).toEqual(['02q1', '01q2'])
    expect(queues.isEmpty).toBe(true)
  })

  test('knows which responses wait', () => {
    const queues = new CanisterQueues()
    queues.reserve(sender(1), 0n)
    queues.pushResponse(response(1, 5))
    expect([queues.hasResponse(sender(1), 5n), queues.hasResponse(sender(1), 6n), queues.hasResponse(sender(2), 5n)]).toEqual([
      true,
      false,
      false,
    ])
    expect([...queues].map(nameOf)).toEqual(['01r5'])
  })
})

test('every message comes out once, in the order of its sender, whatever the mix', () => {
  const operation = fc.oneof(
    fc.record({ kind: fc.constantFrom('request' as const, 'response' as const), from: fc.nat({ max: 3 }) }),
    fc.record({ kind: fc.constantFrom('ingress' as const, 'pop' as const, 'popResponse' as const), from: fc.constant(0) }),
  )
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const queues = new CanisterQueues()
      const [pushed, popped]: [string[], string[]] = [[], []]
      operations.forEach(({ kind, from }, n) => {
        if (kind === 'pop' || kind === 'popResponse') {
          const message = queues[kind]()
          if (message !== undefined) popped.push(nameOf(message))
          return
        }
        const message = kind === 'ingress' ? ingress(n) : kind === 'request' ? request(from, n) : response(from, n)
        if (message.kind === 'response') queues.reserve(message.respondent, 0n)
        pushed.push(nameOf(message))
        if (message.kind === 'ingress') queues.pushIngress(message)
        else if (message.kind === 'request') queues.pushRequest(message)
        else queues.pushResponse(message)
      })
      popped.push(...drain(queues))
      expect([...popped].sort()).toEqual([...pushed].sort())
      // Requests of one sender never overtake each other, nor do its responses.
      for (const from of ['00q', '01q', '02q', '03q', '00r', '01r', '02r', '03r', 'i']) {
        const only = (names: string[]) => names.filter((name) => name.startsWith(from))
        expect(only(popped)).toEqual(only(pushed))
      }
    }),
    { numRuns: 300, seed: 5 },
  )
})
