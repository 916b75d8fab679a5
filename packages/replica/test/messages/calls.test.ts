/** Calls between canisters: callbacks, what failures roll back, cycles that travel, order. */
import { describe, expect, test } from 'vitest'
import { Principal, managementCanisterId } from '@tidemark/types'
import { assemble } from '../../../../tests/support/universal/assemble.ts'
import {
  type Program,
  expectNumber,
  expectReject,
  expectReply,
  later,
  network,
  numberOf,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'

const wasm = universalCanister()
const net = network()
const callee = net.install(wasm)
const missing = Principal.canister(0xffff_ffff_ffe0_0fffn)

const replyWithReply = () => program().read('msg_arg_data').replyTop()
const replyWithReject = () => program().sys('msg_reject_code').op('int_to_blob').read('msg_reject_msg').op('concat').replyTop()

/** The reject that a callback told on: its code and text. */
function toldReject(bytes: Uint8Array): string {
  return `${numberOf(bytes.subarray(0, 8))} ${new TextDecoder().decode(bytes.subarray(8))}`
}

describe('the answer of a call', () => {
  const caller = net.install(wasm)

  test('a reply', () => {
    const body = program().callUpdate(callee, program().reply('hello'), { onReply: replyWithReply() })
    expect(expectReply(net.update(caller, body)).text).toBe('hello')
  })

  test('a reply of a query method', () => {
    const body = program().call(callee, 'query', program().reply('read'), { onReply: replyWithReply() })
    expect(expectReply(net.update(caller, body)).text).toBe('read')
  })

  // Canisters do not see error codes, so the text begins with the code.
  const failed = (code: string) => `5 ${code}: Error from Canister ${callee.toText()}: `
  test.each<[title: string, to: Principal, method: string, arg: Program, reject: string]>([
    ['a reject', callee, 'update', program().reject('no'), '4 no'],
    ['a trap', callee, 'update', program().trap('broken'), `${failed('IC0503')}Canister called \`ic0.trap\` with message: 'broken'`],
    ['no answer', callee, 'update', program(), '5 No response'],
    ['a method that is not there', callee, 'nothing', program(), `${failed('IC0536')}Canister has no update method 'nothing'.`],
    ['a composite query', callee, 'composite_query', program(), '5 IC0527: Composite query cannot be called in replicated mode'],
    ['a canister that is not there', missing, 'update', program(), `3 Canister ${missing.toText()} not found`],
    [
      'a method that the management canister does not have',
      managementCanisterId,
      'nothing',
      program(),
      '3 Unable to route management canister request nothing: MethodNotFound("nothing")',
    ],
  ])('%s', (_, to, method, arg, reject) => {
    const body = program().call(to, method, arg, { onReply: program().trap('replied'), onReject: replyWithReject() })
    expect(toldReject(expectReply(net.update(caller, body)).bytes).startsWith(reject)).toBe(true)
  })

  test('of a canister that cannot pay, or wants more cycles, begins with the code too', () => {
    const told = (to: Principal) =>
      toldReject(expectReply(net.update(caller, program().callUpdate(to, program().reply(), { onReject: replyWithReject() }))).bytes)
    const poor = net.install(wasm)
    expectReply(net.updateSettings(poor, { freezing_threshold: 10n ** 15n }))
    expect(told(poor)).toBe(`2 IC0207: Canister ${poor.toText()} is out of cycles`)
    const proud = net.install(wasm, '', { settings: { minimum_incoming_canister_call_cycles: 5n } })
    expect(told(proud)).toMatch(/^5 IC0504: Canister .* at least 5 cycles attached, got 0\.$/)
  })

  test('is passed on while the callback still may answer', () => {
    const body = program().callUpdate(callee, program().reply(), { onReply: later(2, program().reply('late')) })
    const sent = net.send(caller, body)
    net.tick()
    expect(net.status(sent)?.status).toBe('processing')
    expect(expectReply(net.await(sent)).text).toBe('late')
  })

  test('a callback that does not answer leaves the caller without one', () => {
    const body = program().callUpdate(callee, program().reply(), { onReply: program().note('x') })
    expect(expectReject(net.update(caller, body))).toBe(`IC0506 Canister ${caller.toText()} did not reply to the call`)
  })

  test('what the method answered itself stands, callbacks only add effects', () => {
    const id = net.install(wasm)
    const body = program()
      .callUpdate(callee, program().reply(), { onReply: program().note('called back') })
      .reply('at once')
    expect(expectReply(net.update(id, body)).text).toBe('at once')
    net.tick()
    expect(net.state(id)).toBe('called back')
  })

  test('answering twice over two messages is refused', () => {
    const id = net.install(wasm)
    const body = program()
      .callUpdate(callee, program().reply(), { onReply: program().note('lost').reply('again') })
      .reply('first')
    expect(expectReply(net.update(id, body)).text).toBe('first')
    net.tick()
    expect(net.state(id)).toBe('')
  })
})

describe('what a callback sees', () => {
  test('the caller of the original call', () => {
    const outer = net.install(wasm)
    const inner = net.install(wasm)
    const askInner = program().callUpdate(callee, program().reply(), { onReply: program().read('msg_caller').replyTop() })
    const body = program().callUpdate(inner, askInner, { onReply: replyWithReply() })
    expect(expectReply(net.update(outer, body)).bytes).toEqual(outer.bytes)
  })

  test('no argument in a reject callback', () => {
    const id = net.install(wasm)
    const body = program().callUpdate(callee, program().reject('no'), { onReject: program().sys('msg_arg_data_size').replyInt() })
    expect(expectReject(net.update(id, body))).toContain('"ic0_msg_arg_data_size" cannot be executed in reject callback mode')
  })

  test('instructions of the whole call context so far', () => {
    const id = net.install(wasm)
    const counters = program().sys('performance_counter', 1).sys('performance_counter', 0).op('sub').replyInt()
    const body = program().burn(1_000_000).callUpdate(callee, program().reply(), { onReply: counters })
    expect(expectNumber(net.update(id, body))).toBeGreaterThan(7_000_000n)
  })
})

describe('what a failure rolls back', () => {
  // Each stage notes a letter; the order of what stayed is read afterwards.
  const rows: [title: string, body: Program, kept: string][] = [
    [
      'a trap after call_perform: the call is not sent',
      program().note('a').callUpdate(callee, program().note('called').reply()).trap('no'),
      '',
    ],
    [
      'a trap in the reply callback: the method stays',
      program()
        .note('a')
        .callUpdate(callee, program().reply(), { onReply: program().note('b').trap('no') }),
      'a',
    ],
    [
      'a trap in the reject callback: the method stays',
      program()
        .note('a')
        .callUpdate(callee, program().reject('r'), { onReject: program().note('b').trap('no') }),
      'a',
    ],
    [
      'a trap with cleanup: the callback goes, cleanup stays',
      program()
        .note('a')
        .callUpdate(callee, program().reply(), { onReply: program().note('b').trap('no'), onCleanup: program().note('c') }),
      'ac',
    ],
    [
      'a trap in the reject callback with cleanup',
      program()
        .note('a')
        .callUpdate(callee, program().reject('r'), { onReject: program().note('b').trap('no'), onCleanup: program().note('c') }),
      'ac',
    ],
    [
      'a trap in cleanup too: both go',
      program()
        .note('a')
        .callUpdate(callee, program().reply(), { onReply: program().note('b').trap('no'), onCleanup: program().note('c').trap('no') }),
      'a',
    ],
    [
      'no trap: cleanup does not run',
      program()
        .note('a')
        .callUpdate(callee, program().reply(), { onReply: program().note('b').reply(), onCleanup: program().note('c') }),
      'ab',
    ],
    [
      'a trap in the second callback: the first stays',
      program()
        .note('a')
        .callUpdate(callee, program().reply(), {
          onReply: program()
            .note('b')
            .callUpdate(callee, program().reply(), { onReply: program().note('c').trap('no') }),
        }),
      'ab',
    ],
  ]

  test.each(rows)('%s', (_, body, kept) => {
    const id = net.install(wasm)
    net.update(id, body)
    expect(net.state(id)).toBe(kept)
  })

  test('what the callee did stays when the caller fails afterwards', () => {
    const id = net.install(wasm)
    const other = net.install(wasm)
    net.update(id, program().callUpdate(other, program().note('done').reply(), { onReply: program().trap('no') }))
    expect(net.state(other)).toBe('done')
  })

  test('a call that was not sent never reaches the callee', () => {
    const id = net.install(wasm)
    const other = net.install(wasm)
    net.update(id, program().callUpdate(other, program().note('done').reply()).trap('no'))
    expect(net.state(other)).toBe('')
  })

  test.each<[title: string, cleanup: Program, text: string]>([
    ['the failure of the callback is told', program().note('c'), "Canister called `ic0.trap` with message: 'callback'"],
    [
      'with that of cleanup',
      program().trap('cleanup'),
      "Canister called `ic0.trap` with message: 'callback'\n\ncall_on_cleanup also failed:\n\nCanister called `ic0.trap` with message: 'cleanup'",
    ],
  ])('%s', (_, onCleanup, text) => {
    const id = net.install(wasm)
    const body = program().callUpdate(callee, program().reply(), { onReply: program().trap('callback'), onCleanup })
    expect(expectReject(net.update(id, body))).toContain(text)
  })

  test.each(['call_new', 'msg_reply', 'certified_data_set'])('cleanup may not use ic0.%s', (name) => {
    const id = net.install(wasm)
    const operands = name === 'call_new' ? [0, 0, 0, 0, 0, 0, 0, 0] : name === 'msg_reply' ? [] : [0, 0]
    const body = program().callUpdate(callee, program().reply(), {
      onReply: program().trap('callback'),
      onCleanup: program().sys(name, ...operands),
    })
    expect(expectReject(net.update(id, body))).toContain(`"ic0_${name}" cannot be executed in cleanup mode`)
  })

  test('a callback that is not in the table', () => {
    const id = net.install(wasm)
    const body = program()
      .blob(callee)
      .blob('update')
      .int(9999)
      .int(0)
      .int(9999)
      .int(0)
      .sys('call_new')
      .sys('call_data_append', program().reply())
      .sys('call_perform')
    expect(expectReject(net.update(id, body))).toContain('Canister requested to invoke a non-existent Wasm function 9999 from table 0')
  })

  test.each([
    ['no parameter', '', ''],
    ['another parameter', '(param i64)', ''],
    ['two parameters', '(param i32 i32)', ''],
    ['a result', '(param i32) (result i32)', '(i32.const 1)'],
  ])('a callback with %s', (_name, type, body) => {
    const source = `(module
      (import "ic0" "call_new" (func $new (param i32 i32 i32 i32 i32 i32 i32 i32)))
      (import "ic0" "call_perform" (func $perform (result i32)))
      (import "ic0" "canister_self_copy" (func $self (param i32 i32 i32)))
      (memory 1) (data (i32.const 16) "nothing") (table 1 funcref) (elem (i32.const 0) $callback)
      (func $callback ${type} ${body})
      (func (export "canister_update run")
        (call $self (i32.const 0) (i32.const 0) (i32.const 10))
        (call $new (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 7) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
        (drop (call $perform))))`
    const id = net.install(assemble(source))
    expect(expectReject(net.call(id, 'run', ''))).toContain('Canister violated contract: function invocation does not match its signature')
  })
})

describe('cycles that travel', () => {
  const accept = (max: bigint) =>
    program()
      .int(16)
      .op('alloc')
      .op('dup2')
      .op('drop')
      .int(max >> 64n)
      .op('swap')
      .int(max)
      .op('swap')
      .sys('msg_cycles_accept128')
      .op('drop')
      .op('drop')
  const refunded = () => program().sys('msg_cycles_refunded').replyInt()

  test.each<[title: string, arg: Program, refund: bigint]>([
    ['all are accepted', accept(1_000_000n).reply(), 0n],
    ['more than there is', accept(1n << 100n).reply(), 0n],
    ['some are accepted', accept(400_000n).reply(), 600_000n],
    ['some, in two steps', accept(100_000n).then(accept(200_000n)).reply(), 700_000n],
    ['none are accepted', program().reply(), 1_000_000n],
    ['the callee rejects after accepting', accept(400_000n).reject('no'), 600_000n],
    ['the callee traps after accepting', accept(400_000n).trap('no'), 1_000_000n],
    ['the callee does not answer after accepting', accept(400_000n), 600_000n],
  ])('%s', (_, arg, refund) => {
    const caller = net.install(wasm)
    const other = net.install(wasm)
    const body = program().callUpdate(other, arg, { cycles: 1_000_000n, onReply: refunded(), onReject: refunded() })
    expect(expectNumber(net.update(caller, body))).toBe(refund)
  })

  test('a canister that is not there keeps nothing', () => {
    const caller = net.install(wasm)
    const body = program().callUpdate(missing, program(), { cycles: 1_000_000n, onReject: refunded() })
    expect(expectNumber(net.update(caller, body))).toBe(1_000_000n)
  })

  test('cycles can be accepted in a callback, before the answer only', () => {
    const caller = net.install(wasm)
    const other = net.install(wasm)
    const inCallback = program().callUpdate(callee, program().reply(), { onReply: accept(300_000n).reply() })
    expect(expectNumber(net.update(caller, program().callUpdate(other, inCallback, { cycles: 1_000_000n, onReply: refunded() })))).toBe(
      700_000n,
    )
    const afterAnswer = program().reply().then(accept(300_000n))
    expect(expectNumber(net.update(caller, program().callUpdate(other, afterAnswer, { cycles: 1_000_000n, onReply: refunded() })))).toBe(
      1_000_000n,
    )
  })

  test('the balance of a canister, with 128 bits', () => {
    const rich = net.install(wasm, '', { cycles: (1n << 70n) + 5n * 10n ** 15n })
    expect(expectNumber(net.update(rich, program().amount('canister_cycle_balance128').replyTop()))).toBeGreaterThan(1n << 70n)
    expect(expectReject(net.update(rich, program().sys('canister_cycle_balance').replyInt()))).toContain(
      'Canister trapped: cycles amount exceeds 64-bit representation',
    )
  })

  test('attaching more than the liquid balance fails', () => {
    const caller = net.install(wasm)
    const body = program().callUpdate(callee, program(), { cycles: 1n << 90n })
    expect(expectReject(net.update(caller, body))).toMatch(/^IC0504 Error from Canister \S+: Canister \S+ is out of cycles$/)
  })

  test('a call that is replaced by another gives its cycles back', () => {
    const caller = net.install(wasm)
    const body = program()
      .amount('canister_cycle_balance128')
      .prepareCall(callee, 'update', program(), { cycles: 10n ** 12n })
      .prepareCall(callee, 'update', program(), { cycles: 10n ** 12n })
      .sys('call_new', 0, 0, 0, 0, 0, 0, 0, 0)
      .amount('canister_cycle_balance128')
      .op('concat')
      .replyTop()
    const { bytes } = expectReply(net.update(caller, body))
    expect(numberOf(bytes.subarray(16))).toBe(numberOf(bytes.subarray(0, 16)))
  })

  test('a callee may ask for a minimum; self calls and users are exempt', () => {
    const guarded = net.install(wasm, '', { settings: { minimum_incoming_canister_call_cycles: 1000n } })
    const caller = net.install(wasm)
    const rejected = program().sys('msg_reject_code').sys('msg_cycles_refunded').op('add').replyInt()
    const call = (to: Principal, cycles: bigint) =>
      program().callUpdate(to, program().reply('in'), { cycles, onReply: replyWithReply(), onReject: rejected })
    expect(expectNumber(net.update(caller, call(guarded, 999n)))).toBe(999n + 5n)
    expect(expectReply(net.update(caller, call(guarded, 1000n))).text).toBe('in')
    expect(expectReply(net.update(guarded, call(guarded, 0n))).text).toBe('in')
  })
})

describe('trees and order', () => {
  /** Calls a chain of canisters, each passing on the reply of the next. */
  const chain = (ids: readonly Principal[]): Program => {
    const [next, ...rest] = ids
    return next === undefined ? program().reply('end') : program().callUpdate(next, chain(rest), { onReply: replyWithReply() })
  }

  test('a chain through ten canisters is done in a round', () => {
    const ids = Array.from({ length: 10 }, () => net.install(wasm))
    const sent = net.send(ids[0] as Principal, chain(ids.slice(1)))
    net.tick()
    expect(expectReply(net.await(sent, 0)).text).toBe('end')
  })

  test('a self call runs as a message of its own', () => {
    const id = net.install(wasm)
    const body = program()
      .note('a')
      .callUpdate(id, program().note('c').reply(), { onReply: program().note('d').reply() })
      .note('b')
    net.update(id, body)
    expect(net.state(id)).toBe('abcd')
  })

  test('a failing tree: every part keeps what it had committed', () => {
    const [a, b, c] = [net.install(wasm), net.install(wasm), net.install(wasm)]
    const inC = program().note('c').trap('c fails')
    const inB = program()
      .note('b')
      .callUpdate(c, inC, { onReject: program().note('B').reject('b gives up') })
    const inA = program()
      .note('a')
      .callUpdate(b, inB, { onReject: program().note('A').reply('a goes on') })
    expect(expectReply(net.update(a, inA)).text).toBe('a goes on')
    expect([net.state(a), net.state(b), net.state(c)]).toEqual(['aA', 'bB', ''])
  })

  test('calls to one canister start in the order in which they were made', () => {
    const [caller, other] = [net.install(wasm), net.install(wasm)]
    const body = program()
    for (const letter of 'abcdefghij') body.callUpdate(other, program().note(letter).reply())
    expectReply(net.update(caller, body.reply()))
    net.tick()
    expect(net.state(other)).toBe('abcdefghij')
  })

  test('two callbacks outstanding: the first to answer wins, the context ends with the last', () => {
    const id = net.install(wasm)
    const body = program().callUpdate(callee, program().reply(), { onReply: program().note('1').reply('first') })
    body.callUpdate(callee, later(3, program().reply()), { onReply: program().note('2') })
    expect(expectReply(net.update(id, body)).text).toBe('first')
    expect(net.canister(id).callContexts.size).toBe(1)
    net.tick(5)
    expect(net.state(id)).toBe('12')
    expect(net.canister(id).callContexts.size).toBe(0)
    expect(net.canister(id).callbacks.size).toBe(0)
  })

  test('one callback traps, another answers', () => {
    const id = net.install(wasm)
    const body = program().callUpdate(callee, program().reply(), { onReply: program().trap('no') })
    body.callUpdate(callee, later(2, program().reply()), { onReply: program().reply('saved') })
    expect(expectReply(net.update(id, body)).text).toBe('saved')
  })
})

describe('500 open calls to one canister', () => {
  const failed = () => program().sys('call_perform')

  test('the next one is refused by call_perform, nothing is lost, and later there is room again', () => {
    const [caller, other] = [net.install(wasm, '', { cycles: 10n ** 17n }), net.install(wasm)]
    const slow = later(2, program().reply())
    const one = program().callUpdate(other, slow)
    expectReply(net.update(caller, program().repeat(499, one).reply()))
    // Both results, packed: the first call still fits.
    const results = program()
      .prepareCall(other, 'update', slow)
      .then(failed())
      .op('int_to_blob')
      .prepareCall(other, 'update', slow, { cycles: 10n ** 12n })
      .then(failed())
      .op('int_to_blob')
      .op('concat')
      .replyTop()
    const { bytes } = expectReply(net.update(caller, results))
    expect([numberOf(bytes.subarray(0, 8)), numberOf(bytes.subarray(8))]).toEqual([0n, 2n])
    net.tick(8)
    expect(net.canister(caller).callbacks.size).toBe(0)
    expect(expectNumber(net.update(caller, program().prepareCall(other, 'update', program().reply()).then(failed()).replyInt()))).toBe(0n)
  })
})
