/** Updates, queries and replicated queries: how they end, and what stays of them. */
import { describe, expect, test } from 'vitest'
import { Principal } from '@tidemark/types'
import {
  type Program,
  expectNumber,
  expectReject,
  expectReply,
  heavy,
  network,
  otherUser,
  program,
  universalCanister,
  user,
} from '../../../../tests/support/index.ts'

const net = network()
const id = net.install(universalCanister())
const text = id.toText()
const empty = net.create()
const missing = Principal.canister(0xffff_ffff_ffe0_0fffn)

const stable = () => program().sys('stable64_size').replyInt()
const from = `Error from Canister ${text}: `

describe('how an update ends', () => {
  const rows: [title: string, body: Program, reject: string][] = [
    ['a reject', program().reject('not today'), 'IC0406 not today'],
    ['no answer', program().int(1).op('drop'), `IC0506 Canister ${text} did not reply to the call`],
    ['ic0.trap', program().trap('broken'), `IC0503 ${from}Canister called \`ic0.trap\` with message: 'broken'`],
    ['unreachable', program().op('unreachable'), `IC0502 ${from}Canister trapped: unreachable`],
    ['a division by zero', program().int(1).int(0).op('divide'), `IC0502 ${from}Canister trapped: integer division by 0`],
    [
      'a load outside the heap',
      program()
        .int(1 << 30)
        .op('peek'),
      `IC0502 ${from}Canister trapped: heap out of bounds`,
    ],
    ['endless recursion', program().op('recurse'), `IC0502 ${from}Canister trapped: stack overflow`],
    ['two replies', program().reply('a').sys('msg_reply'), `IC0504 ${from}Canister violated contract: `],
    ['a reply after a reject', program().reject('a').reply('b'), `IC0504 ${from}Canister violated contract: `],
    ['a trap after the reply', program().reply('a').trap('late'), `IC0503 ${from}Canister called \`ic0.trap\` with message: 'late'`],
  ]

  test.each(rows)('%s', (_, body, reject) => {
    expect(expectReject(net.update(id, body)).startsWith(reject)).toBe(true)
  })

  test('a reply put together from pieces', () => {
    const pieces = program().sys('msg_reply_data_append', 'one ').sys('msg_reply_data_append', 'two').sys('msg_reply')
    expect(expectReply(net.update(id, pieces)).text).toBe('one two')
  })

  test('an empty reply', () => {
    expect(expectReply(net.update(id, program().sys('msg_reply'))).bytes).toHaveLength(0)
  })

  test('a reply of 2 MiB, and one byte more', () => {
    const reply = (bytes: number) => program().int(bytes).op('alloc').replyTop()
    expect(expectReply(net.update(id, reply(2_097_152))).bytes).toHaveLength(2_097_152)
    expect(expectReject(net.update(id, reply(2_097_153)))).toContain('application payload size (2097153) cannot be larger than 2097152')
  })
})

describe('who cannot be called', () => {
  const rows: [title: string, outcome: () => string, reject: string][] = [
    [
      'a method that is not there',
      () => expectReject(net.call(id, 'nothing', '')),
      `IC0536 ${from}Canister has no update method 'nothing'.`,
    ],
    [
      'a query method that is not there',
      () => expectReject(net.query(id, '', 'nothing')),
      `IC0536 ${from}Canister has no query method 'nothing'.`,
    ],
    ['an update method by query', () => expectReject(net.query(id, '', 'update')), `IC0536 ${from}Canister has no query method 'update'.`],
    [
      'a composite query by update',
      () => expectReject(net.call(id, 'composite_query', '')),
      'IC0527 Composite query cannot be called in replicated mode',
    ],
    ['a canister that is not there', () => expectReject(net.update(missing, '')), `IC0301 Canister ${missing.toText()} not found`],
    ['the same by query', () => expectReject(net.query(missing, '')), `IC0301 Canister ${missing.toText()} not found`],
    ['a canister without code', () => expectReject(net.update(empty, '')), 'IC0537 Requested canister has no wasm module'],
    [
      'the same by query',
      () => expectReject(net.query(empty, '')),
      `IC0537 Error from Canister ${empty.toText()}: Attempted to execute a message`,
    ],
  ]

  test.each(rows)('%s', (_, outcome, reject) => {
    expect(outcome().startsWith(reject)).toBe(true)
  })
})

describe('what stays', () => {
  const changes = () =>
    program()
      .setState('changed')
      .growHeap(3)
      .sys('stable64_grow', 2)
      .op('drop')
      .sys('certified_data_set', 'certified')
      .sys('global_timer_set', 10n ** 19n)
      .op('drop')
      .sys('debug_print', 'printed')
  const seen = (canister: Principal) => {
    const { certifiedData, globalTimerNanos, stableMemory, execution } = net.canister(canister)
    return {
      state: net.state(canister),
      heap: execution?.live.heapPages,
      stable: stableMemory.sizePages,
      certified: new TextDecoder().decode(certifiedData),
      timer: globalTimerNanos,
    }
  }
  const before = { state: 'before', heap: 2, stable: 0, certified: '', timer: 0n }
  const after = { state: 'changed', heap: 5, stable: 2, certified: 'certified', timer: 10n ** 19n }

  test.each<[title: string, end: Program, kept: typeof before]>([
    ['of a reply: everything', program().reply(), after],
    ['of a reject: everything', program().reject('no'), after],
    ['without an answer: everything', program(), after],
    ['of a trap: nothing', program().trap('no'), before],
    ['of a Wasm trap: nothing', program().op('unreachable'), before],
    ['of a broken contract: nothing', program().sys('accept_message'), before],
  ])('%s', (_, end, kept) => {
    const canister = net.install(universalCanister(), program().setState('before'))
    net.update(canister, changes().then(end))
    expect(seen(canister)).toEqual(kept)
    expect(net.log(canister)[0]).toBe('printed')
  })

  test('of a replicated query: nothing but its log and the version', () => {
    const canister = net.install(universalCanister(), program().setState('before'))
    const version = net.canister(canister).version
    const reading = program().setState('changed').growHeap(1).sys('stable64_grow', 1).op('drop').sys('debug_print', 'printed').reply('read')
    expect(expectReply(net.call(canister, 'query', reading)).text).toBe('read')
    expect(seen(canister)).toEqual(before)
    expect(net.log(canister)).toEqual(['printed'])
    expect(net.canister(canister).version).toBe(version + 1n)
  })

  test('of a query: nothing at all', () => {
    const canister = net.install(universalCanister(), program().setState('before'))
    const { version, balance } = net.canister(canister)
    const reading = program().setState('changed').growHeap(1).sys('stable64_grow', 1).op('drop').sys('debug_print', 'printed').reply('read')
    expect(expectReply(net.query(canister, reading)).text).toBe('read')
    expect(seen(canister)).toEqual(before)
    expect(net.log(canister)).toEqual([])
    expect(net.canister(canister)).toMatchObject({ version, balance })
  })

  test('stable memory that was there is put back byte for byte', () => {
    const canister = net.install(universalCanister())
    const write = (value: string) => program().int(0).blob(value).sys('stable64_write')
    expectReply(net.update(canister, program().sys('stable64_grow', 1).op('drop').then(write('first')).reply()))
    net.update(canister, write('other').trap('no'))
    const read = program().int(5).op('alloc').op('dup2').int(0).op('swap').sys('stable64_read').replyTop()
    expect(expectReply(net.query(canister, read)).text).toBe('first')
  })
})

describe('the log of a message that fails', () => {
  test.each<[title: string, body: Program, records: string[]]>([
    ['ic0.trap', program().sys('debug_print', 'a').trap('broken'), ['a', '[TRAP]: broken']],
    ['ic0.trap without text', program().trap(''), ['[TRAP]: (no message)']],
    ['a Wasm trap', program().op('unreachable'), ['[TRAP]: unreachable']],
    ['a broken contract', program().sys('accept_message'), []],
    [
      'a print that is out of bounds',
      program()
        .sys('debug_print', 1 << 30, 5)
        .reply(),
      ['(debug_print message out of memory bounds)'],
    ],
  ])('%s', (_, body, records) => {
    const canister = net.install(universalCanister())
    net.update(canister, body)
    expect(net.log(canister)).toEqual(records)
  })
})

describe('what a message sees', () => {
  test.each([
    [
      'its argument',
      () => expectReply(net.update(id, program().read('msg_arg_data').replyTop())).bytes,
      program().read('msg_arg_data').replyTop().bytes(),
    ],
    [
      'its caller',
      () => expectReply(net.update(id, program().read('msg_caller').replyTop(), { sender: otherUser })).bytes,
      otherUser.bytes,
    ],
    ['the caller of a query', () => expectReply(net.query(id, program().read('msg_caller').replyTop())).bytes, user.bytes],
    ['itself', () => expectReply(net.update(id, program().read('canister_self').replyTop())).bytes, id.bytes],
    ['its subnet', () => expectReply(net.update(id, program().read('subnet_self').replyTop())).bytes, net.replica.subnetId.bytes],
    ['the root key', () => expectReply(net.update(id, program().read('root_key').replyTop())).bytes, net.replica.rootKey],
  ])('%s', (_, seen, expected) => {
    expect(seen()).toEqual(expected)
  })

  test('its version, which every kept execution raises', () => {
    const version = () => expectNumber(net.update(id, program().sys('canister_version').replyInt()))
    const first = version()
    expect(version()).toBe(first + 1n)
    net.update(id, program().trap('no'))
    expect(version()).toBe(first + 2n)
  })

  test('the block time of its round', () => {
    const sent = net.send(id, program().sys('time').replyInt())
    net.advance(7)
    expect(expectNumber(net.await(sent))).toBe(net.replica.timeNanos())
  })

  test('whether it is replicated', () => {
    const ask = program().sys('in_replicated_execution').replyInt()
    expect(expectNumber(net.update(id, ask))).toBe(1n)
    expect(expectNumber(net.call(id, 'query', ask))).toBe(1n)
    expect(expectNumber(net.query(id, ask))).toBe(0n)
    expect(expectNumber(net.compositeQuery(id, ask))).toBe(0n)
  })

  test('the certificate only in queries', () => {
    const ask = program().sys('data_certificate_present').replyInt()
    expect(expectNumber(net.update(id, ask))).toBe(0n)
    expect(expectNumber(net.call(id, 'query', ask))).toBe(0n)
    expect(expectNumber(net.query(id, ask))).toBe(1n)
    expect(expectNumber(net.compositeQuery(id, ask))).toBe(1n)
  })

  test('who signed for the sender', () => {
    const senderInfo = { info: Uint8Array.of(1, 2, 3), signer: otherUser }
    const both = program().read('msg_caller_info_data').read('msg_caller_info_signer').op('concat').replyTop()
    expect(expectReply(net.update(id, both, { senderInfo })).bytes).toEqual(Uint8Array.of(1, 2, 3, ...otherUser.bytes))
    expect(expectReply(net.query(id, both, 'query', { senderInfo })).bytes).toEqual(Uint8Array.of(1, 2, 3, ...otherUser.bytes))
    expect(expectReply(net.update(id, both)).bytes).toHaveLength(0)
  })

  test('stable memory across messages', () => {
    const canister = net.install(universalCanister())
    net.update(canister, program().sys('stable64_grow', 3).op('drop').reply())
    expect(expectNumber(net.query(canister, stable()))).toBe(3n)
  })
})

describe('instruction limits', () => {
  test('of a query', () => {
    const many = program().burn(2_000_000_000).reply()
    expect(expectReject(net.query(id, many))).toContain(
      'IC0522 ' + from + 'Canister exceeded the limit of 5000000000 instructions for single message execution.',
    )
  })

  test('an update that needs several slices keeps the canister busy for as many rounds', () => {
    const long = net.send(id, heavy(5).reply('long'))
    net.tick()
    const short = net.send(id, program().reply('short'))
    net.tick()
    expect(net.status(short)?.status).toBe('received')
    expect(expectReply(net.await(short)).text).toBe('short')
    expect(expectReply(net.await(long)).text).toBe('long')
  })
})
