/** What messages take, and that nothing is left when they are gone. */
import { describe, expect, test } from 'vitest'
import { Principal, createReject } from '@tidemark/types'
import { CanisterQueues, type Request, type Response, type ResponsePayload, responseReservationBytes } from '../src/index.ts'

const me = Principal.canister(1n)
const other = Principal.canister(2n)
const deadline = 5n

const request = (argBytes: number, deadlineNanos = 0n): Request => ({
  kind: 'request',
  sender: other,
  receiver: me,
  callbackId: 1n,
  methodName: 'name',
  arg: new Uint8Array(argBytes),
  cycles: 0n,
  deadlineNanos,
  senderVersion: 0n,
})

const response = (payload: ResponsePayload, deadlineNanos = 0n): Response => ({
  kind: 'response',
  originator: me,
  respondent: other,
  callbackId: 1n,
  payload,
  refund: 0n,
  deadlineNanos,
})

const reply = (bytes: number): ResponsePayload => ({ kind: 'reply', data: new Uint8Array(bytes) })

describe('a call with a guaranteed response', () => {
  test('takes room at the caller until the response is there, then the bytes of the response until it is worked off', () => {
    const queues = new CanisterQueues()
    queues.reserve(other, 0n)
    expect(queues.memoryBytes).toBe(responseReservationBytes)
    queues.pushResponse(response(reply(70)))
    expect(queues.memoryBytes).toBe(70)
    queues.pop()
    expect(queues.memoryBytes).toBe(0)
  })

  test('takes room at the callee until it is answered, whether or not it waits', () => {
    const queues = new CanisterQueues()
    queues.pushRequest(request(1_000))
    expect(queues.memoryBytes).toBe(responseReservationBytes)
    queues.pop()
    expect(queues.memoryBytes).toBe(responseReservationBytes)
    queues.answered(0n)
    expect(queues.memoryBytes).toBe(0)
  })

  test('of more than 2 MiB takes what exceeds them, too, while it waits', () => {
    const queues = new CanisterQueues()
    queues.pushRequest(request(responseReservationBytes - 4))
    expect(queues.memoryBytes).toBe(responseReservationBytes)
    queues.pop()
    queues.answered(0n)
    queues.pushRequest(request(responseReservationBytes + 6))
    expect(queues.memoryBytes).toBe(responseReservationBytes + 10)
    queues.pop()
    expect(queues.memoryBytes).toBe(responseReservationBytes)
  })
})

describe('a call with a deadline', () => {
  test('takes no room, but its bytes while it waits', () => {
    const queues = new CanisterQueues()
    queues.reserve(other, deadline)
    expect(queues.memoryBytes).toBe(0)
    queues.pushRequest(request(96, deadline))
    expect(queues.memoryBytes).toBe(100)
    expect(queues.removeWhere(({ kind }) => kind === 'request')).toHaveLength(1)
    expect(queues.memoryBytes).toBe(0)
    queues.pushResponse(response({ kind: 'reject', reject: createReject('DeadlineExpired', 'späť') }, deadline))
    expect(queues.memoryBytes).toBe(6)
    queues.popResponse()
    expect(queues.memoryBytes).toBe(0)
  })
})

test('messages from outside take nothing', () => {
  const queues = new CanisterQueues()
  queues.pushIngress({
    kind: 'ingress',
    requestKey: '00',
    sender: me,
    methodName: 'm',
    arg: new Uint8Array(9_000),
    expiryNanos: 0n,
    senderInfo: undefined,
  })
  expect(queues.memoryBytes).toBe(0)
})
