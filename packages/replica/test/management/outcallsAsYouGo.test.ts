/** HTTPS outcalls that are paid for as they go, and those of groups of nodes. */
import { IDL } from '@dfinity/candid'
import { type ManagementService, managementTypes } from '@tidemark/bindings'
import {
  createPricing,
  maxOutcallUsageFee,
  outcallBaseFee,
  outcallConsensusFee,
  outcallReplicaFee,
  type Replication,
} from '@tidemark/cycles'
import type { HttpOutcallAnswer, ReplicaOptions } from '@tidemark/replica'
import { describe, expect, test } from 'vitest'
import {
  decodeManagement,
  expectNumber,
  expectReject,
  expectReply,
  network,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'
import { refusal, relay } from './support/relay.ts'

type HttpRequest = Parameters<ManagementService['http_request']>[0]
type FlexibleRequest = Parameters<ManagementService['flexible_http_request']>[0]
type FlexibleResult = Awaited<ReturnType<ManagementService['flexible_http_request']>>
type Asked = { method: 'http_request'; arg: HttpRequest } | { method: 'flexible_http_request'; arg: FlexibleRequest }

const wasm = universalCanister()
const pricing = createPricing({ profile: '2026', subnetSize: 13 })
const plenty = 1_000_000_000_000n
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const common = {
  url: 'https://example.com',
  method: { get: null },
  headers: [],
  body: [] as [],
  max_response_bytes: [] as [],
  transform: [] as [],
}
const plain = (fields: Partial<HttpRequest> = {}): Asked => ({
  method: 'http_request',
  arg: { ...common, is_replicated: [], pricing_version: [2], ...fields },
})
const flexible = (total_requests: number, min_responses: number, max_responses: number, fields: Partial<FlexibleRequest> = {}): Asked => ({
  method: 'flexible_http_request',
  arg: { ...common, replication: [{ total_requests, min_responses, max_responses }], ...fields },
})
const usual: Asked = { method: 'flexible_http_request', arg: { ...common, replication: [] } }
const alone = plain({ is_replicated: [false] })

const reply = (body: string | Uint8Array): HttpOutcallAnswer => ({
  status: 200,
  headers: [],
  body: typeof body === 'string' ? utf8(body) : body,
})
const reject = (message: string): HttpOutcallAnswer => ({ rejectCode: 2, message })
const encoded = (body: string | Uint8Array) =>
  IDL.encode([managementTypes.HttpResponse], [{ status: 200n, headers: [], body: typeof body === 'string' ? utf8(body) : body }]).length

/** A canister that has asked. */
const asking = ({ method, arg }: Asked, cycles = plenty, options: ReplicaOptions = {}, onReply = passOn, onReject = tellReject) => {
  const net = network({ httpOutcalls: 'mocked', ...options })
  const canister = net.install(wasm)
  const id = net.send(canister, relay(method, arg as never, cycles, onReply, onReject))
  net.tick()
  return { net, canister, id, outcall: net.replica.pendingHttpOutcalls()[0] }
}
const passOn = program().read('msg_arg_data').replyTop()
const tellReject = program().read('msg_reject_msg').sys('msg_reject')

type Asking = ReturnType<typeof asking>
/** The same answer for all nodes, or one for each of some. */
const answer = ({ net }: Asking, answers: readonly HttpOutcallAnswer[], isPartial = answers.length > 1) => {
  const [first, ...others] = answers as [HttpOutcallAnswer, ...HttpOutcallAnswer[]]
  expect(net.replica.answerHttpOutcall(0n, first, others, isPartial)).toBe(true)
  expect(net.replica.pendingHttpOutcalls()).toEqual([])
}
const bodiesOf = ({ net, id }: Asking, { method }: Asked): string[] => {
  const { bytes } = expectReply(net.await(id))
  const decoded = decodeManagement(method, bytes) as FlexibleResult | { body: Uint8Array }
  const responses = 'body' in decoded ? [decoded] : 'ok' in decoded ? decoded.ok : []
  return responses.map(({ body }) => new TextDecoder().decode(Uint8Array.from(body)))
}
const errorOf = ({ net, id }: Asking) => {
  const result = decodeManagement('flexible_http_request', expectReply(net.await(id)).bytes) as FlexibleResult
  if ('ok' in result) throw new Error('not an error')
  const { global_error, message, node_details } = result.err
  return { kind: Object.keys(global_error[0] ?? {})[0], message, nodes: node_details.map(({ error: [error] }) => error) }
}
const expectBalanced = ({ net }: Asking) => {
  const { minted, held, burned } = net.replica.cyclesLedger()
  expect(minted).toBe(held + burned)
}

const group = (totalRequests: number, minResponses: number, maxResponses: number): Replication => ({
  kind: 'flexible',
  totalRequests,
  minResponses,
  maxResponses,
})
const shapes: readonly [name: string, asked: Asked, replication: Replication][] = [
  ['all nodes', plain(), { kind: 'full' }],
  ['one node', alone, { kind: 'none' }],
  ['a group', flexible(4, 2, 3), group(4, 2, 3)],
  ['the usual group: all nodes, of which two thirds and one must answer', usual, group(13, 9, 13)],
]

describe('what is asked', () => {
  test.each(shapes)('%s', (_name, asked, replication) => {
    expect(asking(asked).outcall).toMatchObject({ replication, pricing: 'pay_as_you_go' })
  })
  test.each([[[]], [[1]], [[3]]] as [HttpRequest['pricing_version']][])('version %j is paid for at once', (pricing_version) => {
    expect(asking(plain({ pricing_version })).outcall).toMatchObject({ pricing: 'legacy' })
  })
  test('with the prices of 2025 there is one way to pay, and no groups', () => {
    expect(asking(plain(), plenty, { profile: '2025' }).outcall).toMatchObject({ pricing: 'legacy' })
    const net = network({ httpOutcalls: 'mocked', profile: '2025' })
    expect(refusal(net, net.install(wasm), 'flexible_http_request', usual.arg as FlexibleRequest, plenty)).toContain('not enabled')
  })
  test.each([
    [flexible(0, 0, 0), 'total_requests (0) must be at least 1'],
    [flexible(14, 1, 1), 'total_requests (14) must not exceed the number of available nodes (13)'],
    [flexible(4, 3, 2), 'min_responses (3) must not exceed max_responses (2)'],
    [flexible(4, 3, 5), 'max_responses (5) must not exceed total_requests (4)'],
    [flexible(4, 3, 4, { method: { put: null } }), 'The requested HTTP method is only allowed for non-replicated requests.'],
    [flexible(1, 1, 1, { url: 'x'.repeat(8_193) }), 'url size 8193 exceeds 8192'],
  ])('a group that cannot be is refused: %#', (asked, text) => {
    const net = network({ httpOutcalls: 'mocked' })
    expect(refusal(net, net.install(wasm), asked.method, asked.arg as never, plenty)).toContain(text)
    expect(net.replica.pendingHttpOutcalls()).toEqual([])
  })
  test('every node of a group may change something', () => {
    expect(asking(flexible(3, 3, 3, { method: { put: null } })).outcall).toMatchObject({ method: 'PUT' })
  })
})

describe('answers', () => {
  test.each([...shapes, ['a group that wants them all', flexible(3, 3, 3), group(3, 3, 3)] as const])(
    'the same for %s',
    (_name, asked, replication) => {
      const asked_ = asking(asked)
      answer(asked_, [reply('hello')])
      const bodies = bodiesOf(asked_, asked)
      expect(bodies.every((body) => body === 'hello')).toBe(true)
      expect(bodies).toHaveLength(replication.kind === 'flexible' ? Number(replication.maxResponses) : 1)
    },
  )
  test('of a group that differ come as they are, the smallest first', () => {
    const asked = flexible(4, 4, 4)
    const at = asking(asked)
    answer(at, ['ccc', 'a', 'dddd', 'bb'].map(reply))
    expect(bodiesOf(at, asked)).toEqual(['a', 'bb', 'ccc', 'dddd'])
  })
  test('that differ are no answer of all nodes; the reject counts them', () => {
    const at = asking(plain())
    answer(
      at,
      Array.from({ length: 13 }, (_, n) => reply('abcd'.charAt(n % 4))),
      false,
    )
    const text = expectReject(at.net.await(at.id))
    expect(text).toContain('No consensus could be reached. Replicas had different responses. Details: request_id: 0, hashes: [')
    expect(text.match(/: 4\]/g)).toHaveLength(1)
    expect(text.match(/: 3\]/g)).toHaveLength(3)
    expectBalanced(at)
  })
  test.each([plain({ is_replicated: [false], pricing_version: [] }), alone])('of the others do not matter to one node: %#', (asked) => {
    const at = asking(asked)
    answer(
      at,
      Array.from({ length: 13 }, (_, n) => reply(`node ${n}`)),
      false,
    )
    expect(bodiesOf(at, asked)).toEqual(['node 0'])
  })
  test('of too few nodes leave a group waiting until its time is over', () => {
    const at = asking(flexible(4, 3, 4))
    answer(at, [reply('hello')], true)
    at.net.tick(3)
    expect(at.net.status(at.id)?.status).toBe('processing')
    expect(at.net.replica.answerHttpOutcall(0n, reply('late'))).toBe(false)
    expectBalanced(at)
    at.net.advance(61)
    expect(errorOf(at)).toEqual({ kind: 'timeout', message: 'Flexible HTTP request timed out', nodes: [] })
    expectBalanced(at)
  })
  test('more rejects than a group can bear', () => {
    const at = asking(flexible(4, 3, 4))
    answer(at, [reject('refused'), reply('hello'), reject('refused'), reply('hello')])
    const node = { code: 'SysTransient', message: 'refused' }
    expect(errorOf(at)).toEqual({ kind: 'too_many_rejects', message: 'Too many rejects: 2 responses are rejects', nodes: [node, node] })
    expectBalanced(at)
  })
  test.each([reply('hello'), reject('refused')])('any one ends a request that wants none: %#', (one) => {
    const asked = flexible(4, 0, 0)
    const at = asking(asked)
    answer(at, [one], true)
    expect(bodiesOf(at, asked)).toEqual([])
  })
  test('that do not fit into 2 MiB together are left out, as long as enough are left', () => {
    const large = new Uint8Array(1_100_000)
    const fewer = asking(flexible(2, 1, 2))
    answer(fewer, [reply(large), reply(large)])
    expect(bodiesOf(fewer, flexible(2, 1, 2))).toHaveLength(1)
    const at = asking(flexible(2, 2, 2))
    answer(at, [reply(large), reply(large)])
    const size = encoded(large)
    const { kind, message, nodes } = errorOf(at)
    expect(kind).toBe('responses_too_large')
    expect(message).toBe(
      `Responses too large: need at least 2 OK responses to fit within 2097152 bytes, but even the smallest 2 (= 2 min_responses - 0 unseen) of 2 OK responses have sizes [${size}, ${size}] bytes (2 ok + 0 reject + 0 unseen = 2 total_requests)`,
    )
    expect(nodes).toEqual([1, 2].map(() => ({ code: 'ok', message: `${size} bytes` })))
    expectBalanced(at)
  })
})

describe('cycles', () => {
  const requestBytes = common.url.length
  const body = new Uint8Array(1_000)
  const paid: readonly [string, Asked, Replication, answers: number][] = [
    ['all nodes', plain(), { kind: 'full' }, 1],
    ['one node', alone, { kind: 'none' }, 1],
    ['a group', flexible(4, 4, 4), group(4, 4, 4), 4],
    ['a group that delivers one more than it must', flexible(4, 3, 4), group(4, 3, 4), 4],
  ]
  test.each(paid)('%s: the base, what the nodes use, and the delivery', (_name, asked, replication, delivered) => {
    const at = asking(asked, plenty)
    const nodes = replication.kind === 'full' ? 13n : replication.kind === 'none' ? 1n : 4n
    expectBalanced(at)
    answer(at, [reply(body)])
    expect(bodiesOf(at, asked)).toHaveLength(replication.kind === 'flexible' ? delivered : 1)
    const usage = { downloadedBytes: 1_000, milliseconds: 0, transformInstructions: 0, transformedBytes: encoded(body) }
    const fee =
      outcallBaseFee(pricing, requestBytes, replication) +
      nodes * outcallReplicaFee(pricing, usage, replication) +
      outcallConsensusFee(pricing, Array<number>(delivered).fill(encoded(body)), replication)
    expect(at.net.canister(at.canister).consumedCycles.http_outcalls).toBe(fee)
    expectBalanced(at)
  })
  test.each(paid)('%s: what nobody could use comes back with the answer, the rest to the balance', (_name, asked, replication) => {
    const refunded = program().amount('msg_cycles_refunded128').replyTop()
    const at = asking(asked, plenty, {}, refunded, refunded)
    answer(at, [reply(body)])
    const held = outcallBaseFee(pricing, requestBytes, replication) + maxOutcallUsageFee(pricing, replication)
    expect(expectNumber(at.net.await(at.id))).toBe(held < plenty ? plenty - held : 0n)
  })
  test('a request that times out costs the base', () => {
    const at = asking(plain())
    at.net.advance(61)
    expect(expectReject(at.net.await(at.id))).toContain('Canister http request timed out')
    expect(at.net.canister(at.canister).consumedCycles.http_outcalls).toBe(outcallBaseFee(pricing, requestBytes, { kind: 'full' }))
    expectBalanced(at)
  })
  test('a reject costs its delivery', () => {
    const at = asking(plain())
    answer(at, [reject('Connection refused')])
    expect(expectReject(at.net.await(at.id))).toContain('Connection refused')
    const fee = outcallBaseFee(pricing, requestBytes, { kind: 'full' }) + 9_490n * BigInt(1 + 'Connection refused'.length)
    expect(at.net.canister(at.canister).consumedCycles.http_outcalls).toBe(fee)
  })
  test('less than the base is refused', () => {
    const base = outcallBaseFee(pricing, requestBytes, { kind: 'full' })
    const grouped = (cycles: bigint) => cycles.toString().replace(/\B(?=(\d{3})+$)/g, '_')
    const net = network({ httpOutcalls: 'mocked' })
    const canister = net.install(wasm)
    expect(refusal(net, canister, 'http_request', plain().arg as HttpRequest, base - 1n)).toContain(
      `http_request request sent with ${grouped(base - 1n)} cycles, but ${grouped(base)} cycles are required.`,
    )
  })
  const spending: readonly [string, Asked, Replication, bigint][] = [
    ['all nodes', plain(), { kind: 'full' }, 13n],
    ['a group', flexible(4, 4, 4), group(4, 4, 4), 4n],
  ]
  test.each(spending)('%s: nodes that can pay for themselves and not for the delivery', (_name, asked, replication, nodes) => {
    const long = new Uint8Array(100_000)
    const usage = { downloadedBytes: 100_000, milliseconds: 0, transformInstructions: 0, transformedBytes: encoded(long) }
    const spent = outcallReplicaFee(pricing, usage, replication)
    const base = outcallBaseFee(pricing, requestBytes, replication)
    const at = asking(asked, base + nodes * 2n * spent)
    answer(at, [reply(long)])
    const text = `Out of cycles: ${nodes} of the assigned replicas reported a collective spend of ${nodes * spent} cycles, leaving ${nodes * spent} cycles of the attached payment (after base fee deduction). Delivering a response would cost at least `
    if (asked.method === 'http_request') expect(expectReject(at.net.await(at.id))).toContain(text)
    else {
      const { kind, message, nodes: told } = errorOf(at)
      expect(kind).toBe('out_of_cycles')
      expect(message.startsWith(text)).toBe(true)
      expect(told).toEqual(Array.from({ length: 4 }, () => ({ code: 'ok', message: `${spent} cycles spent` })))
    }
    expect(at.net.canister(at.canister).consumedCycles.http_outcalls).toBe(base + nodes * spent)
    expectBalanced(at)
  })
  test('a group without cycles says so even where it has rejected', () => {
    const allowance = 3_000_000n
    const at = asking(flexible(4, 3, 4), outcallBaseFee(pricing, requestBytes, group(4, 3, 4)) + 4n * allowance)
    answer(at, [reject('x'.repeat(1_000)), reject('x'.repeat(1_000)), reply('hello'), reply('hello')])
    const { kind, nodes } = errorOf(at)
    expect(kind).toBe('out_of_cycles')
    expect(nodes.map((node) => node?.code).sort()).toEqual(['ok', 'ok', 'reject', 'reject'])
  })
  test('what a node has bounds what it downloads', () => {
    const at = asking(plain(), outcallBaseFee(pricing, requestBytes, { kind: 'full' }) + 13n * 50n * 1_000n)
    answer(at, [reply(new Uint8Array(1_001))])
    expect(expectReject(at.net.await(at.id))).toContain('Http body exceeds size limit of 1000 bytes.')
  })
  test('where nothing costs, everything goes', () => {
    const at = asking(flexible(4, 4, 4), 0n, { costSchedule: 'free' })
    answer(at, [reply(body)])
    expect(bodiesOf(at, flexible(4, 4, 4))).toHaveLength(4)
    expect(at.net.canister(at.canister).consumedCycles.http_outcalls).toBe(0n)
  })
})
