/** Composite queries: trees of queries on state that is thrown away. */
import { describe, expect, test } from 'vitest'
import { Principal, managementCanisterId } from '@tidemark/types'
import {
  type Program,
  candid,
  encodeManagement,
  expectNumber,
  expectReject,
  expectReply,
  network,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'

const wasm = universalCanister()
const net = network()
const [a, b, c] = [
  net.install(wasm, program().setState('a')),
  net.install(wasm, program().setState('b')),
  net.install(wasm, program().setState('c')),
]
const passOn = () => program().read('msg_arg_data').replyTop()
const told = () => program().sys('msg_reject_code').op('int_to_blob').read('msg_reject_msg').op('concat').replyTop()
const ask = (to: Principal, method: string, arg: Program, onReply = passOn()) =>
  program().call(to, method, arg, { onReply, onReject: told() }).op('drop')

describe('a tree', () => {
  test('without calls is a query', () => {
    expect(expectReply(net.compositeQuery(a, program().replyState())).text).toBe('a')
  })

  test.each(['query', 'composite_query'])('calls the %s of another canister', (method) => {
    expect(expectReply(net.compositeQuery(a, ask(b, method, program().replyState()))).text).toBe('b')
  })

  test('collects the answers of several canisters', () => {
    const collect = (next: Program) => program().read('msg_arg_data').op('append_state').then(next)
    const body = ask(b, 'query', program().replyState(), collect(ask(c, 'query', program().replyState(), collect(program().replyState()))))
    expect(expectReply(net.compositeQuery(a, body)).text).toBe('abc')
    expect(net.state(a)).toBe('a')
  })

  test('may come back to a canister on its path, which then starts from its own state', () => {
    const inner = program().replyState()
    const body = program()
      .setState('changed')
      .then(ask(b, 'composite_query', ask(a, 'query', inner)))
    expect(expectReply(net.compositeQuery(a, body)).text).toBe('a')
  })

  test('the callee sees the calling canister', () => {
    expect(expectReply(net.compositeQuery(a, ask(b, 'query', program().read('msg_caller').replyTop()))).bytes).toEqual(a.bytes)
  })

  test('only the entry point has the certificate', () => {
    const present = program().sys('data_certificate_present').replyInt()
    expect(expectNumber(net.compositeQuery(a, ask(b, 'composite_query', present)))).toBe(0n)
    expect(expectNumber(net.compositeQuery(a, ask(b, 'query', program().reply(), present)))).toBe(0n)
  })

  test('changes heap, stable memory and globals for its own callbacks only', () => {
    const grow = program().sys('stable64_grow', 2).op('drop').growHeap(3).note('x')
    const measure = program().sys('stable64_size').op('memory_size').op('add').replyInt()
    expect(expectNumber(net.compositeQuery(a, grow.then(ask(b, 'query', program().reply(), measure))))).toBe(2n + 3n + 2n)
    expect(net.state(a)).toBe('a')
    expect(net.canister(a).stableMemory.sizePages).toBe(0)
  })
})

describe('failures', () => {
  const missing = Principal.canister(0xffff_ffff_ffe0_0fffn)
  test.each<[title: string, body: Program, code: number, text: string]>([
    ['a reject', ask(b, 'query', program().reject('no')), 4, 'no'],
    ['a trap', ask(b, 'query', program().trap('broken')), 5, 'Canister called `ic0.trap`'],
    ['an update method', ask(b, 'update', program()), 5, "Canister has no query method 'update'."],
    ['a canister that is not there', ask(missing, 'query', program()), 3, 'not found'],
  ])('%s reaches the reject callback', (_, body, code, text) => {
    const { bytes, text: whole } = expectReply(net.compositeQuery(a, body))
    expect(bytes[0]).toBe(code)
    expect(whole.slice(8)).toContain(text)
  })

  test('a trap in a callback is the answer; cleanup runs first', () => {
    const body = program().call(b, 'query', program().reply(), {
      onReply: program().trap('callback'),
      onCleanup: program().trap('cleanup'),
    })
    expect(expectReject(net.compositeQuery(a, body))).toMatch(/message: 'callback'\n\ncall_on_cleanup also failed:\n\n.* 'cleanup'$/)
  })

  test('no answer', () => {
    expect(expectReject(net.compositeQuery(a, ask(b, 'query', program().reply(), program())))).toBe(
      `IC0506 Canister ${a.toText()} did not produce a response`,
    )
  })

  test('cycles cannot be attached', () => {
    const body = program().prepareCall(b, 'query', program(), { cycles: 1n })
    expect(expectReject(net.compositeQuery(a, body))).toContain('"ic0_call_cycles_add128" cannot be executed in composite query mode')
  })

  test('a plain query cannot call', () => {
    expect(expectReject(net.query(a, ask(b, 'query', program())))).toContain(
      '"ic0_call_new" cannot be executed in non replicated query mode',
    )
  })

  test('six calls deep is the end of the whole query', () => {
    const nest = (depth: number): Program =>
      depth === 0 ? program().reply('deep') : ask(depth % 2 === 0 ? a : b, 'composite_query', nest(depth - 1))
    expect(expectReply(net.compositeQuery(c, nest(6))).text).toBe('deep')
    expect(expectReject(net.compositeQuery(c, nest(7)))).toBe('IC0525 Composite query calls exceeded the maximum call depth.')
  })

  test.each([
    ['one that says nothing', program(), 'IC0525 Composite query calls exceeded the maximum call depth.'],
    ['one that traps', program().trap('broken'), undefined],
    ['one that rejects', program().reject('no'), undefined],
  ])('so it is for %s six calls deep', (_, last, end) => {
    const nest = (depth: number): Program => (depth === 0 ? last : ask(depth % 2 === 0 ? a : b, 'composite_query', nest(depth - 1)))
    const outcome = net.compositeQuery(c, nest(6))
    if (end === undefined) expectReply(outcome)
    else expect(expectReject(outcome)).toBe(end)
    expectReply(net.compositeQuery(c, nest(5)))
  })

  test('the tree shares five billion instructions', () => {
    const heavy = () => program().burn(250_000_000).reply()
    const body = ask(b, 'query', heavy(), ask(c, 'query', heavy(), ask(b, 'query', heavy())))
    expect(expectReject(net.compositeQuery(a, body.burn(100_000_000)))).toBe('IC0526 Composite query calls exceeded the instruction limit.')
  })
})

test('a query that only goes on and on calling ends as well: every call counts as fifty million instructions', () => {
  const endless = (left: number): Program => (left === 0 ? program().reply('end') : ask(b, 'query', program().reply(), endless(left - 1)))
  expect(expectReply(net.compositeQuery(a, endless(10))).text).toBe('end')
  expect(expectReject(net.compositeQuery(a, endless(100)))).toBe('IC0526 Composite query calls exceeded the instruction limit.')
})

test.each<[title: string, callee: Principal, method: string, arg: Uint8Array | Program, end: string]>([
  ['a method that is not there costs nothing', b, 'missing', program(), 'end'],
  ['nor does one of the management canister', managementCanisterId, 'raw_rand', program(), 'end'],
  [
    'a method of the management canister costs as much',
    managementCanisterId,
    'canister_status',
    encodeManagement('canister_status', { canister_id: candid(a) }),
    'Composite query calls exceeded the instruction limit.',
  ],
])('%s', (_, callee, method, arg, end) => {
  const body = program()
    .repeat(101, program().call(callee, method, arg).op('drop'))
    .then(ask(b, 'query', program().reply('end')))
  const outcome = net.compositeQuery(a, body)
  expect(outcome.kind === 'reply' ? outcome.text : outcome.reject.message).toBe(end)
})

test.each<[method: string, calls: number]>([
  ['canister_status', 98],
  ['fetch_canister_logs', 66],
  ['list_canisters', 70],
])('%s: what an answer takes to make counts, so that %i of them fit into a query', (method, calls) => {
  const first = network({ costSchedule: 'free' }).install(wasm)
  const rented = network({ costSchedule: 'free', subnetAdmins: [first] })
  const [admin, other] = [rented.install(wasm), rented.install(wasm)]
  const args = method === 'list_canisters' ? [] : [{ canister_id: candid(admin), filter: [] }]
  expectReply(rented.updateSettings(admin, { log_visibility: { public: null } }))
  const made = (count: number) => {
    const call = program()
      .call(managementCanisterId, method, encodeManagement(method, ...args))
      .op('drop')
    const last = program()
      .call(other, 'query', program().reply(), { onReply: program().reply('end') })
      .op('drop')
    return rented.compositeQuery(admin, program().repeat(count, call).then(last))
  }
  expect(expectReply(made(calls)).text).toBe('end')
  expect(expectReject(made(calls + 3))).toBe('IC0526 Composite query calls exceeded the instruction limit.')
})

test('a query that takes longer than ten seconds ends, where somebody looks at the clock', () => {
  let millis = 0
  const slow = network({
    monotonicMillis: () => {
      millis += 3_000
      return millis
    },
  })
  const [first, second] = [slow.install(wasm), slow.install(wasm)]
  const calls = (left: number): Program => (left === 0 ? program().reply('end') : ask(second, 'query', program().reply(), calls(left - 1)))
  expect(expectReply(slow.compositeQuery(first, calls(1))).text).toBe('end')
  expect(expectReject(slow.compositeQuery(first, calls(2)))).toBe('IC0528 Composite query call exceeded the time limit.')
})

describe('the management canister', () => {
  test('answers with its errors, too', () => {
    const body = ask(managementCanisterId, 'raw_rand', program())
    expect(expectReply(net.compositeQuery(a, body)).bytes[0]).toBeGreaterThan(2)
  })
})
