/**
 * Installing, upgrading, reinstalling and losing code, and what of a canister's state each of them keeps: case by case what
 * the public acceptance suite of the interface specification expects.
 */
import type { Principal } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
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

const rejectCode = (outcome: Outcome) => (outcome.kind === 'reject' ? outcome.reject.code : 0)
const grown = (pages = 1) => program().sys('stable64_grow', pages).op('drop')
const written = (offset: number, bytes: string) => program().int(offset).blob(bytes).sys('stable64_write')
/** Pushes bytes of stable memory. */
const stored = (offset: number, size: number) => program().int(size).op('alloc').op('dup2').int(offset).op('swap').sys('stable64_read')
const stable = (id: Principal, offset: number, size: number) => expectReply(net.query(id, stored(offset, size).replyTop())).text
const stablePages = (id: Principal) => expectNumber(net.query(id, program().sys('stable64_size').replyInt()))
const certified = (id: Principal) => new TextDecoder().decode(net.canister(id).certifiedData)

const aCall = (callee: Principal) => program().call(callee, 'query', program()).op('drop')

describe('an upgrade', () => {
  const forUpgrade = (preUpgrade: Program) =>
    net.install(wasm, program().setState('FOO').then(grown()).then(written(0, 'BAR______')).on('pre_upgrade', preUpgrade))
  const saveState = program().int(3).op('get_state').sys('stable64_write')
  const untouched = (id: Principal) => expect([net.state(id), stable(id, 0, 9)]).toEqual(['FOO', 'BAR______'])

  test('hands over stable memory, as the pre-upgrade leaves it', () => {
    const id = forUpgrade(saveState)
    untouched(id)
    expectReply(net.upgrade(id, wasm, program().int(6).then(stored(0, 3)).sys('stable64_write')))
    expect([net.state(id), stable(id, 0, 9)]).toEqual(['', 'BARFOOBAR'])
  })

  test.each<[title: string, preUpgrade: Program, postUpgrade: Program]>([
    ['a trap before', program().trap('no'), program()],
    ['a call before', aCall(otherUser), program()],
    ['a look at the argument before', program().read('msg_arg_data').op('drop').op('drop'), program()],
    ['a trap after', saveState, program().trap('no')],
    ['a call after', saveState, aCall(otherUser)],
  ])('undone by %s', (_, preUpgrade, postUpgrade) => {
    const id = forUpgrade(preUpgrade)
    expect(rejectCode(net.upgrade(id, wasm, postUpgrade))).toBe(5)
    untouched(id)
  })
})

describe('a reinstallation', () => {
  const filled = (text: string, pages: number) =>
    program()
      .setState(text)
      .then(grown(pages))
      .then(written(0, `${text}______`))
  const content = (id: Principal) => [net.state(id), stable(id, 0, 9), stablePages(id)]

  test('begins with nothing', () => {
    const id = net.install(wasm, filled('FOO', 1))
    expect(content(id)).toEqual(['FOO', 'FOO______', 1n])
    expectReply(net.installInto(id, wasm, filled('BAR', 2), { reinstall: null }))
    expect(content(id)).toEqual(['BAR', 'BAR______', 2n])
    expectReply(net.installInto(id, wasm, '', { reinstall: null }))
    expect([net.state(id), stablePages(id)]).toEqual(['', 0n])
  })

  test('that traps changes nothing', () => {
    const id = net.install(wasm, filled('FOO', 1))
    expect(rejectCode(net.installInto(id, wasm, program().trap('no'), { reinstall: null }))).toBe(5)
    expect(content(id)).toEqual(['FOO', 'FOO______', 1n])
  })

  test('of an empty canister is an installation', () => {
    const id = net.create()
    expectReply(net.installInto(id, wasm, program().setState('BAR'), { reinstall: null }))
    expect(net.state(id)).toBe('BAR')
  })
})

describe('a first installation', () => {
  test('sees who installs and itself, and one time', () => {
    const both = program().read('msg_caller').read('canister_self').op('concat').op('set_state')
    const id = net.install(wasm, both)
    expect(expectReply(net.query(id, program().replyState())).bytes).toEqual(Uint8Array.of(...user.bytes, ...id.bytes))
    const times = program().sys('time').op('int_to_blob').sys('time').op('int_to_blob').op('concat').op('set_state')
    const { bytes } = expectReply(net.query(net.install(wasm, times), program().replyState()))
    expect(bytes.subarray(0, 8)).toEqual(bytes.subarray(8))
  })

  test.each<[title: string, init: Program]>([
    ['a trap', program().trap('no')],
    ['a call', aCall(otherUser)],
    ['a reply', program().reply()],
    ['a reject', program().reject('no')],
  ])('that ends with %s leaves the canister empty', (_, init) => {
    const id = net.create()
    expect(rejectCode(net.installInto(id, wasm, init))).toBe(5)
    expect(expectReject(net.query(id, program().reply()))).toContain('IC0537')
    expect(net.canister(id).execution).toBeUndefined()
  })
})

describe('an uninstallation', () => {
  const uninstalled = (init: Program) => {
    const id = net.install(wasm, init)
    expectReply(net.lifecycle('uninstall_code', id))
    expectReply(net.installInto(id, wasm))
    return id
  }

  test('wipes heap, stable memory and certified data', () => {
    const id = uninstalled(program().setState('FOO').then(grown()).then(written(0, 'FOO')).sys('certified_data_set', 'FOO'))
    expect([net.state(id), stablePages(id), certified(id)]).toEqual(['', 0n, ''])
    expect(expectReply(net.query(id, grown().then(stored(0, 3)).replyTop())).bytes).toEqual(new Uint8Array(3))
    expect(expectReply(net.update(id, grown().then(stored(0, 3)).replyTop())).bytes).toEqual(new Uint8Array(3))
  })

  test('of an empty canister does nothing, by somebody else is refused', () => {
    const id = net.create()
    expectReply(net.lifecycle('uninstall_code', id))
    expect(net.canister(id).status.kind).toBe('running')
    expect(expectReject(net.lifecycle('uninstall_code', id, { sender: otherUser }))).toContain('IC0512')
  })

  test('ends calls from then on', () => {
    const id = net.install(wasm)
    expectReply(net.lifecycle('uninstall_code', id))
    for (const outcome of [net.update(id, program().reply()), net.query(id, program().reply())]) {
      expect(expectReject(outcome)).toContain('IC0537')
    }
  })
})

test('cycles that a pre-upgrade burns are gone', () => {
  const amount = 10n ** 12n
  const id = net.install(wasm, program().on('pre_upgrade', program().amount('cycles_burn128', 0, amount).op('drop').op('drop')))
  const before = net.balance(id)
  expectReply(net.upgrade(id, wasm))
  expect(net.canister(id).consumedCycles.burned_cycles).toBe(amount)
  expect(before - net.balance(id)).toBeGreaterThan(amount)
})

describe('certified data', () => {
  const set = (text: string) => program().sys('certified_data_set', text)

  test.each<[title: string, change: (id: Principal) => void, data: string]>([
    ['nothing at first', () => undefined, ''],
    ['what an update sets', (id) => expectReply(net.update(id, set('FOO').reply())), 'FOO'],
    ['the last of two', (id) => expectReply(net.update(id, set('FOO').then(set('BAR')).reply())), 'BAR'],
    [
      'what it was, if the update traps',
      (id) => {
        expectReply(net.update(id, set('FOO').reply()))
        expectReject(net.update(id, set('BAR').trap('no')))
      },
      'FOO',
    ],
    [
      'what it was, if it is too long',
      (id) => {
        expectReply(net.update(id, set('FOO').reply()))
        expectReject(net.update(id, set('x'.repeat(33)).reply()))
      },
      'FOO',
    ],
    ['what init sets', (id) => expectReply(net.installInto(id, wasm, set('FOO'), { reinstall: null })), 'FOO'],
    [
      'what a pre-upgrade sets',
      (id) => {
        expectReply(net.update(id, program().on('pre_upgrade', set('FOO')).reply()))
        expectReply(net.upgrade(id, wasm))
      },
      'FOO',
    ],
    ['what a post-upgrade sets', (id) => expectReply(net.upgrade(id, wasm, set('FOO'))), 'FOO'],
    [
      'what a callback sets',
      (id) => expectReply(net.update(id, program().callUpdate(id, program().reply(), { onReply: set('FOO').reply() }))),
      'FOO',
    ],
    [
      'what a reject callback sets',
      (id) => expectReply(net.update(id, program().callUpdate(id, program().reject('no'), { onReject: set('FOO').reply() }))),
      'FOO',
    ],
    [
      'what it was, if cleanup would set it',
      (id) => {
        expectReply(net.update(id, set('FOO').reply()))
        expectReject(net.update(id, program().callUpdate(id, program().reply(), { onReply: program().trap('no'), onCleanup: set('BAR') })))
      },
      'FOO',
    ],
    [
      'what a timer sets',
      (id) => {
        expectReply(net.update(id, program().on('global_timer', set('FOO')).sys('global_timer_set', 1).op('drop').reply()))
        net.tick()
      },
      'FOO',
    ],
    [
      'nothing after a reinstallation',
      (id) => {
        expectReply(net.update(id, set('FOO').reply()))
        expectReply(net.installInto(id, wasm, '', { reinstall: null }))
      },
      '',
    ],
    [
      'kept over an upgrade that does not set it',
      (id) => {
        expectReply(net.update(id, set('FOO').reply()))
        expectReply(net.upgrade(id, wasm))
      },
      'FOO',
    ],
  ])('is %s', (_, change, data) => {
    const id = net.install(wasm)
    change(id)
    expect(certified(id)).toBe(data)
  })

  const present = program().sys('data_certificate_present').replyInt()
  test.each<[title: string, ask: (id: Principal) => Outcome, isPresent: bigint]>([
    ['a query', (id) => net.query(id, present), 1n],
    ['a composite query', (id) => net.compositeQuery(id, present), 1n],
    ['a replicated query', (id) => net.call(id, 'query', present), 0n],
    [
      'a query that a canister calls',
      (id) =>
        net.update(
          id,
          program()
            .call(id, 'query', present, { onReply: program().read('msg_arg_data').replyTop() })
            .op('drop'),
        ),
      0n,
    ],
    ['an update', (id) => net.update(id, present), 0n],
    ['a callback', (id) => net.update(id, program().callUpdate(id, program().reply(), { onReply: present })), 0n],
  ])('comes with a certificate in %s: %s', (_, ask, isPresent) => {
    expect(expectNumber(ask(net.install(wasm)))).toBe(isPresent)
  })
})

describe('starting and stopping', () => {
  const status = program().sys('canister_status').replyInt()

  test('an upgrade of a stopped canister sees it stopped', () => {
    const keep = program().then(grown()).int(0).sys('canister_status').op('int_to_blob').sys('stable64_write')
    const id = net.install(wasm, program().on('pre_upgrade', keep))
    expect(expectNumber(net.query(id, status))).toBe(1n)
    expectReply(net.lifecycle('stop_canister', id))
    expectReply(net.lifecycle('stop_canister', id))
    for (const outcome of [net.update(id, status), net.query(id, status)]) expect(rejectCode(outcome)).toBe(5)
    expectReply(net.upgrade(id, wasm, program().sys('canister_status').op('int_to_blob').op('set_state')))
    expectReply(net.lifecycle('start_canister', id))
    expect(expectNumber(net.query(id, status))).toBe(1n)
    expect([stable(id, 0, 1), net.state(id).slice(0, 1)]).toEqual(['\u0003', '\u0003'])
    expectReply(net.update(id, program().reply()))
    expectReply(net.lifecycle('start_canister', id))
  })

  test('a stopping canister: every stop waits, deletion is refused, then all is done', () => {
    const id = net.install(wasm)
    const held = net.send(id, program().callUpdate(net.install(wasm), later(8, program().reply()), { onReply: program().reply('held') }))
    net.tick()
    const stops = [net.requestStop(id), net.requestStop(id)]
    net.tick()
    expect(net.canister(id).status.kind).toBe('stopping')
    for (const outcome of [net.update(id, status), net.query(id, status)]) expect(rejectCode(outcome)).toBe(5)
    expect(rejectCode(net.lifecycle('delete_canister', id))).toBe(5)
    expect(expectReply(net.await(held)).text).toBe('held')
    for (const stop of stops) expectReply(net.await(stop, 2))
    expectReply(net.lifecycle('delete_canister', id))
    const onReject = program().sys('msg_reject_code').replyInt()
    expect(expectNumber(net.update(net.install(wasm), program().callUpdate(id, program(), { onReject })))).toBe(3n)
    expect(rejectCode(net.query(id, status))).toBe(3)
    expect(rejectCode(net.lifecycle('delete_canister', id))).toBe(3)
  })

  test.each(['start_canister', 'stop_canister', 'delete_canister'] as const)('%s by somebody else is refused', (method) => {
    expect(rejectCode(net.lifecycle(method, net.install(wasm), { sender: otherUser }))).toBe(5)
  })
})

describe('inspecting messages', () => {
  const inspecting = (body: Program) =>
    net.install(universalCanister({ exports: ['inspect_message'] }), program().on('inspect_message', body))
  const accept = () => program().sys('accept_message')
  const codes = (id: Principal) => [net.update(id, program().reply()), net.call(id, 'query', program().reply())].map(rejectCode)
  /** Traps unless two blobs on the stack are of one length. */
  const trapIfLong = (limit: number) => program().op('nip').int(limit).op('less').op('dup').when(accept()).op('drop')

  test.each<[title: string, body: Program, expected: number[]]>([
    ['accepts', accept(), [0, 0]],
    ['does not accept', program().int(0).op('drop'), [4, 4]],
    ['accepts twice', accept().then(accept()), [5, 5]],
    ['traps', program().trap('no'), [5, 5]],
    // "query" is shorter than "update".
    ['accepts by the name of the method', program().read('msg_method_name').then(trapIfLong(6)), [4, 0]],
    ['accepts by the caller', program().read('msg_caller').then(trapIfLong(30)), [0, 0]],
    ['accepts by the argument', program().read('msg_arg_data').then(trapIfLong(2)), [4, 4]],
  ])('%s', (_, body, expected) => {
    expect(codes(inspecting(body))).toEqual(expected)
  })

  test('is not asked for calls between canisters', () => {
    const id = inspecting(program().int(0).op('drop'))
    const body = program().callUpdate(id, program().reply('Hello'), { onReply: program().read('msg_arg_data').replyTop() })
    expect(expectReply(net.update(net.install(wasm), body)).text).toBe('Hello')
  })

  test('an empty canister has nothing to ask', () => {
    expect(codes(net.create())).toEqual([5, 5])
  })
})
