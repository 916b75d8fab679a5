/** The log of a canister over the life of its code. */
import type { Principal } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { expectReject, expectReply, network, program, type TestNetwork, universalCanister } from '../../../../tests/support/index.ts'
import { assemble } from './support/modules.ts'

type Entry = 'start' | 'init' | 'pre' | 'post' | 'update'
const entries: readonly Entry[] = ['start', 'init', 'pre', 'post', 'update']

/** A module whose every entry point prints its own name and `tag`; one of them then traps with that text. */
function printing(tag: number, trapping?: Entry): Uint8Array {
  const texts = entries.map((entry) => `${entry} ${tag}`)
  const body = (entry: Entry): string => {
    const n = entries.indexOf(entry)
    const text = `(i32.const ${20 * n}) (i32.const ${texts[n]?.length})`
    return `(call $print ${text}) ${entry === trapping ? `(call $trap ${text})` : ''}`
  }
  return assemble(`(module
    (import "ic0" "debug_print" (func $print (param i32 i32)))
    (import "ic0" "trap" (func $trap (param i32 i32)))
    (import "ic0" "msg_reply" (func $reply))
    (memory 1) ${texts.map((text, n) => `(data (i32.const ${20 * n}) "${text}")`).join(' ')}
    (func $start ${body('start')}) (start $start)
    (func (export "canister_init") ${body('init')})
    (func (export "canister_pre_upgrade") ${body('pre')})
    (func (export "canister_post_upgrade") ${body('post')})
    (func (export "canister_update test") ${body('update')} (call $reply)))`)
}

const log = (net: TestNetwork, id: Principal): string[] =>
  net.canister(id).log.records.map(({ idx, content }) => `${idx} ${new TextDecoder().decode(content)}`)
const first = ['0 start 1', '1 init 1', '2 update 1']

function setUp(module = printing(1)) {
  const net = network()
  const id = net.install(module)
  expectReply(net.call(id, 'test', ''))
  return { net, id }
}

describe('an upgrade', () => {
  test.each<[string, Uint8Array, Uint8Array, string[]]>([
    ['that succeeds', printing(1), printing(2), ['3 pre 1', '4 start 2', '5 post 2', '6 update 2']],
    ['whose pre-upgrade traps', printing(1, 'pre'), printing(2), ['3 pre 1', '4 [TRAP]: pre 1', '5 update 1']],
    ['whose start traps', printing(1), printing(2, 'start'), ['3 pre 1', '4 start 2', '5 [TRAP]: start 2', '6 update 1']],
    ['whose post-upgrade traps', printing(1), printing(2, 'post'), ['3 pre 1', '4 start 2', '5 post 2', '6 [TRAP]: post 2', '7 update 1']],
  ])('%s keeps the log and adds to it', (_, before, after, added) => {
    const { net, id } = setUp(before)
    net.upgrade(id, after)
    expectReply(net.call(id, 'test', ''))
    expect(log(net, id)).toEqual([...first, ...added])
  })
})

describe('an installation', () => {
  test.each<[Entry, string[]]>([
    ['start', ['0 start 1', '1 [TRAP]: start 1']],
    ['init', ['0 start 1', '1 init 1', '2 [TRAP]: init 1']],
  ])('whose %s traps leaves what was printed', (entry, left) => {
    const net = network()
    const id = net.create()
    expect(expectReject(net.installInto(id, printing(1, entry)))).toContain('IC0503')
    expect(log(net, id)).toEqual(left)
  })
  test('over another one begins a new log, whose numbers go on', () => {
    const { net, id } = setUp()
    expectReply(net.installInto(id, printing(2), '', { reinstall: null }))
    expect(log(net, id)).toEqual(['3 start 2', '4 init 2'])
  })
  test('over another one that fails begins none', () => {
    const { net, id } = setUp()
    expectReject(net.installInto(id, printing(2, 'init'), '', { reinstall: null }))
    expect(log(net, id)).toEqual([...first, '3 start 2', '4 init 2', '5 [TRAP]: init 2'])
  })
  test('that prints more than fits counts it all', () => {
    const net = network()
    const id = net.install(universalCanister(), program().repeat(200, program().sys('debug_print', 'x'.repeat(60))))
    expect(net.canister(id).log.nextIdx).toBe(200n)
    expect(net.canister(id).log.records.map(({ idx }) => idx)).toEqual(Array.from({ length: 40 }, (_, n) => BigInt(160 + n)))
  })
})

test('uninstalling empties the log, and its numbers go on', () => {
  const { net, id } = setUp()
  expectReply(net.lifecycle('uninstall_code', id))
  expect(log(net, id)).toEqual([])
  expectReply(net.installInto(id, printing(2)))
  expect(log(net, id)).toEqual(['3 start 2', '4 init 2'])
})

describe('a message', () => {
  const print = (text: string) => program().sys('debug_print', text)

  test('that prints more than fits takes the place of all that was before', () => {
    const net = network()
    const id = net.install(universalCanister())
    expectReply(net.update(id, print('before').reply()))
    expectReply(
      net.update(
        id,
        program()
          .repeat(41, print('x'.repeat(60)))
          .reply(),
      ),
    )
    expect(net.canister(id).log.records.map(({ idx }) => idx)).toEqual(Array.from({ length: 40 }, (_, n) => BigInt(2 + n)))
  })
  test('while the log is off is not counted', () => {
    const net = network()
    const id = net.install(universalCanister())
    expectReply(net.update(id, print('before').reply()))
    expectReply(net.updateSettings(id, { log_memory_limit: 0n }))
    expectReply(net.update(id, print('off').then(print('off')).reply()))
    expect(log(net, id)).toEqual([])
    expectReply(net.updateSettings(id, { log_memory_limit: 4_096n }))
    expectReply(net.update(id, print('on').reply()))
    expect(log(net, id)).toEqual(['1 on'])
  })
})
