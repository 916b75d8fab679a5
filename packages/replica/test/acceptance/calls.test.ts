/**
 * Calls, their answers and what they leave: case by case what the public acceptance suite of the interface specification
 * expects of updates, queries and calls between canisters.
 */
import { Principal } from '@tidemark/types'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  type Outcome,
  type Program,
  expectNumber,
  expectReject,
  expectReply,
  later,
  network,
  otherUser,
  program,
  universalCanister,
  user,
} from '../../../../tests/support/index.ts'

const wasm = universalCanister()
const net = network()
let id: Principal
beforeEach(() => {
  id = net.install(wasm)
})

const rejectCode = (outcome: Outcome) => (outcome.kind === 'reject' ? outcome.reject.code : 0)
/** Passes on how a call ended: its reply, or the code of its reject and the text. */
const relay = {
  onReply: program().blob('reply ').read('msg_arg_data').op('concat').replyTop(),
  onReject: program().sys('msg_reject_code').op('int_to_blob').replyTop(),
}
const introduction = program()
  .blob('Hello ')
  .read('msg_caller')
  .op('concat')
  .blob(' this is ')
  .op('concat')
  .read('canister_self')
  .op('concat')
  .replyTop()

describe('an answer', () => {
  type Ask = (body: Program) => Outcome
  const ways: [title: string, ask: Ask][] = [
    ['an update', (body) => net.update(id, body)],
    ['a query', (body) => net.query(id, body)],
    ['a replicated query', (body) => net.call(id, 'query', body)],
  ]

  describe.each(ways)('of %s', (_, ask) => {
    test('is the reply, to the caller that it sees', () => {
      expect(expectReply(ask(program().reply('ABCD'))).text).toBe('ABCD')
      expect(expectReply(ask(program().read('msg_caller').replyTop())).bytes).toEqual(user.bytes)
      expect(expectReply(ask(program().read('canister_self').replyTop())).bytes).toEqual(id.bytes)
    })

    test.each<[title: string, body: Program, code: number]>([
      ['a reject', program().reject('ABCD'), 4],
      ['nothing', program(), 5],
      ['two replies', program().reply().reply(), 5],
      ['more data after the reply', program().reply().sys('msg_reply_data_append', 'foo'), 5],
      ['more data after a reject', program().reject('bar').sys('msg_reply_data_append', 'foo'), 5],
      ['a trap', program().trap('trapping'), 5],
    ])('%s', (_title, body, code) => {
      expect(rejectCode(ask(body))).toBe(code)
    })

    test('time stands still', () => {
      const both = program().sys('time').op('int_to_blob').sys('time').op('int_to_blob').op('concat').replyTop()
      const { bytes } = expectReply(ask(both))
      expect(bytes.subarray(0, 8)).toEqual(bytes.subarray(8))
    })

    test.each<[title: string, principal: Uint8Array, answer: number | 'reject']>([
      ['a controller', user.bytes, 1],
      ['somebody else', otherUser.bytes, 0],
      ['the empty principal', new Uint8Array(0), 0],
      ['29 zeros', new Uint8Array(29), 0],
      ['30 zeros, which are no principal', new Uint8Array(30), 'reject'],
    ])('is_controller of %s', (_title, principal, answer) => {
      const outcome = ask(program().sys('is_controller', principal).replyInt())
      if (answer === 'reject') expect(rejectCode(outcome)).toBe(5)
      else expect(expectNumber(outcome)).toBe(BigInt(answer))
    })
  })

  test('that is missing rolls nothing back', () => {
    expectReject(net.update(id, program().setState('FOO')))
    expect(net.state(id)).toBe('FOO')
  })

  test('of a query commits nothing, of an update the last that was set', () => {
    expectReply(net.update(id, program().setState('FOO').reply()))
    expectReply(net.update(id, program().setState('BAR').reply()))
    expect(expectReply(net.query(id, program().setState('BAZ').replyState())).text).toBe('BAZ')
    expect(net.state(id)).toBe('BAR')
  })

  test('a debug print, of nothing that is there too, does no harm', () => {
    expectReply(net.update(id, program().sys('debug_print', 'print').reply()))
    expectReply(net.query(id, program().int(-1).int(-1).sys('debug_print').reply()))
  })
})

describe('the builder of calls', () => {
  test.each<[string, Program]>([
    ['call_data_append', program().sys('call_data_append', 'Foo')],
    ['call_on_cleanup', program().blob(program()).op('closure').sys('call_on_cleanup')],
    ['call_cycles_add', program().sys('call_cycles_add', 0)],
    ['call_cycles_add128', program().sys('call_cycles_add128', 0, 0)],
    ['call_with_best_effort_response', program().sys('call_with_best_effort_response', 1)],
    ['call_perform', program().sys('call_perform').op('drop')],
  ])('%s without call_new traps', (_, body) => {
    expect(rejectCode(net.update(id, body.reply()))).toBe(5)
  })

  test('a second call_new drops the first', () => {
    const body = program().prepareCall(otherUser, 'nothing', 'hey', relay).call(id, 'query', introduction, relay).op('drop')
    expect(expectReply(net.update(id, body)).text).toMatch(/^reply Hello /)
  })

  test('data is appended', () => {
    const bytes = introduction.bytes()
    const body = program()
      .prepareCall(id, 'query', bytes.subarray(0, 3), relay)
      .sys('call_data_append', bytes.subarray(3))
      .sys('call_perform')
      .op('drop')
    expect(expectReply(net.update(id, body)).text).toMatch(/^reply Hello /)
  })

  test('a second call_on_cleanup traps', () => {
    const onCleanup = program()
    const body = program()
      .prepareCall(id, 'query', '', { ...relay, onCleanup })
      .blob(onCleanup)
      .op('closure')
      .sys('call_on_cleanup')
      .reply()
    expect(rejectCode(net.update(id, body))).toBe(5)
  })
})

describe('a call between canisters', () => {
  test.each<[title: string, callee: () => Principal, method: string, code: bigint]>([
    ['a canister that is not there', () => Principal.fromBytes(new TextEncoder().encode('foo')), 'bar', 3n],
    ['a user', () => user, 'bar', 3n],
    ['a method that is not there', () => id, 'bar', 5n],
  ])('to %s', (_, callee, method, code) => {
    expect(expectNumber(net.update(id, program().call(callee(), method, 'x', relay).op('drop')))).toBe(code)
  })

  test.each([
    ['update', 'itself'],
    ['query', 'itself'],
    ['update', 'another'],
    ['query', 'another'],
  ])('to %s of %s', (method, which) => {
    const callee = which === 'itself' ? id : net.install(wasm)
    const { bytes } = expectReply(net.update(id, program().call(callee, method, introduction, relay).op('drop')))
    const expected = [...new TextEncoder().encode('reply Hello '), ...id.bytes, ...new TextEncoder().encode(' this is '), ...callee.bytes]
    expect([...bytes]).toEqual(expected)
  })

  test.each<[title: string, ask: (body: Program) => Outcome]>([
    ['in a replicated query', (body) => net.call(id, 'query', body)],
    ['in a query', (body) => net.query(id, body)],
    [
      'in a query that a canister calls',
      (body) =>
        net.update(
          id,
          program()
            .call(id, 'query', body, { ...relay, onReject: program().reject('no') })
            .op('drop'),
        ),
    ],
  ])('may not be made %s', (_, ask) => {
    expect(rejectCode(ask(program().call(id, 'query', introduction, relay).op('drop')))).toBeGreaterThan(3)
  })

  test('commits what an update does, and not what a query does', () => {
    const set = (method: string) => program().setState('FOO').call(id, method, program().setState('BAR').reply(), relay).op('drop')
    expectReply(net.update(id, set('query')))
    expect(net.state(id)).toBe('FOO')
    expectReply(net.update(id, set('update')))
    expect(net.state(id)).toBe('BAR')
  })

  test.each<[title: string, callee: Program]>([
    ['no answer', program()],
    ['two answers', program().reply().reply()],
  ])('%s of a query is reject 5', (_, callee) => {
    expect(expectNumber(net.update(id, program().call(id, 'query', callee, relay).op('drop')))).toBe(5n)
  })

  test('the reject code of a reply is 0', () => {
    const onReply = program().sys('msg_reject_code').replyInt()
    expect(expectNumber(net.update(id, program().callUpdate(id, program().reply(), { onReply })))).toBe(0n)
  })

  test('what was appended before the call is dropped at its end', () => {
    const body = program()
      .sys('msg_reply_data_append', 'FOO')
      .callUpdate(id, program().reply(), { onReply: program().reply('BAR') })
    expect(expectReply(net.update(id, body)).text).toBe('BAR')
  })

  const callback = (onReply: Program) => program().callUpdate(id, program().reply(), { onReply })
  test.each<[title: string, first: Program, second: Program, answer: string | number]>([
    ['a trap, then a reply', program().trap('first'), program().reply('good'), 'good'],
    ['a reply, then a trap', program().reply('good'), program().trap('second'), 'good'],
    ['two traps', program().trap('first'), program().trap('second'), 5],
  ])('two callbacks: %s', (_, first, second, answer) => {
    const outcome = net.update(id, callback(first).then(callback(second)))
    if (typeof answer === 'number') expect(rejectCode(outcome)).toBe(answer)
    else expect(expectReply(outcome).text).toBe(answer)
  })
})

describe('a call that is open when its canister loses its code', () => {
  const open = (onReply: Program = program().reply()) =>
    net.send(id, program().callUpdate(net.install(wasm), later(6, program().reply()), { onReply }))

  test('is rejected at once and for good', () => {
    const sent = open()
    net.tick()
    expectReply(net.lifecycle('uninstall_code', id))
    expect(expectReject(net.await(sent, 1))).toBe('IC0406 Canister has been uninstalled.')
    net.tick(10)
    expect(expectReject(net.await(sent, 1))).toBe('IC0406 Canister has been uninstalled.')
  })

  test('keeps the canister from being stopped until the call it made is answered', () => {
    const sent = open()
    net.tick()
    expectReply(net.lifecycle('uninstall_code', id))
    const stops = [net.requestStop(id), net.requestStop(id)]
    net.tick()
    expect(net.canister(id).status.kind).toBe('stopping')
    net.tick(10)
    expect(net.canister(id).status.kind).toBe('stopped')
    for (const stop of stops) expectReply(net.await(stop, 1))
    expect(rejectCode(net.await(sent, 1))).toBe(4)
  })

  test('is not taken for one of the code that follows', () => {
    const first = open(program().reply('First'))
    net.tick()
    expectReply(net.lifecycle('uninstall_code', id))
    expectReply(net.installInto(id, wasm, program().setState('BAR')))
    const second = open(program().reply('Second'))
    expect(expectReply(net.await(second)).text).toBe('Second')
    expect([rejectCode(net.await(first, 1)), net.state(id)]).toEqual([4, 'BAR'])
  })
})
