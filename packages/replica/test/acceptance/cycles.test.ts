/**
 * Cycles on their way between canisters: case by case what the public acceptance suite of the interface specification expects.
 *
 * Fees are far below a trillion, so balances are compared in trillions.
 *
 * @see Interface specification, "Cycles".
 */
import { Principal, managementCanisterId } from '@tidemark/types'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  type Program,
  candid,
  encodeManagement,
  decodeManagement,
  expectNumber,
  expectReject,
  expectReply,
  network,
  numberOf,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'

const wasm = universalCanister()
const trillion = 10n ** 12n
const start = 80n

const net = network()
const trillions = (cycles: bigint) => Number((cycles * 10n + 5n * trillion) / (10n * trillion))
const balance = (id: Principal) => trillions(net.balance(id))
const created = (init: Program = program()) => net.install(wasm, init, { cycles: start * trillion })

/** Takes whatever was attached. */
const acceptAll = () => program().sys('msg_cycles_available').sys('msg_cycles_accept').op('drop')
const refunded = () => program().sys('msg_cycles_refunded').replyInt()
const unexpected = () => program().trap('unexpected')

let one: Principal
let two: Principal
let three: Principal
beforeEach(() => {
  one = created()
  two = created()
  three = created()
})

describe('an amount', () => {
  test.each([
    ['zero can be accepted', program().sys('msg_cycles_accept', 0).replyInt()],
    ['more than there is', program().sys('msg_cycles_accept', 1).replyInt()],
    [
      'an absurd amount',
      program()
        .amount('msg_cycles_accept128', 2n ** 63n - 1n, 2n ** 63n - 1n)
        .replyTop(),
    ],
  ])('%s: nothing comes', (_, body) => {
    expect(expectNumber(net.update(one, body))).toBe(0n)
  })

  test.each<[context: string, read: (body: Program) => Uint8Array]>([
    ['a query', (body) => expectReply(net.query(one, body.replyTop())).bytes],
    ['an update', (body) => expectReply(net.update(one, body.replyTop())).bytes],
    ['init', (body) => expectReply(net.query(created(body.op('set_state')), program().replyState())).bytes],
    [
      'a callback',
      (body) => expectReply(net.update(one, program().callUpdate(one, program().reply(), { onReply: body.replyTop() }))).bytes,
    ],
  ])('the balance is the same twice in %s, in both forms', (_, read) => {
    const narrow = () => program().sys('canister_cycle_balance').op('int_to_blob')
    const bytes = read(narrow().then(narrow()).op('concat').then(program().amount('canister_cycle_balance128')).op('concat'))
    const values = [bytes.subarray(0, 8), bytes.subarray(8, 16), bytes.subarray(16)].map(numberOf)
    expect(new Set(values).size).toBe(1)
    expect(trillions(values[0] ?? 0n)).toBe(Number(start))
  })

  test('the narrow form traps on what it cannot hold', () => {
    net.topUp(one, 2n ** 65n)
    const narrow = program().sys('canister_cycle_balance').replyInt()
    expect(expectReject(net.query(one, narrow))).toContain('IC0502')
    expect(expectNumber(net.query(one, program().amount('canister_cycle_balance128').replyTop()))).toBeGreaterThan(2n ** 65n)
  })

  test('more than there can be is the most there can be', () => {
    const id = net.install(wasm, '', { cycles: 10n * 2n ** 128n })
    expect(net.balance(id)).toBeLessThan(2n ** 128n)
    net.topUp(id, 10n * 2n ** 128n)
    expect(net.balance(id)).toBe(2n ** 128n - 1n)
  })
})

describe('a call with cycles', () => {
  test('gives them to a callee that accepts', () => {
    const arg = program().sys('msg_cycles_available').op('int_to_blob').sys('msg_reply_data_append').then(acceptAll()).sys('msg_reply')
    const onReply = program().read('msg_arg_data').replyTop()
    expect(trillions(expectNumber(net.update(one, program().callUpdate(two, arg, { cycles: 20n * trillion, onReply }))))).toBe(20)
    expect([balance(one), balance(two)]).toEqual([60, 100])
  })

  test('traps when it wants to send more than the balance', () => {
    expect(expectReject(net.update(one, program().callUpdate(one, program(), { cycles: net.balance(one) + 1_000_000n })))).toMatch(
      /^IC0504 /,
    )
    expect(balance(one)).toBe(80)
  })

  test('cannot send on what was not accepted yet', () => {
    const onward = program()
      .callUpdate(three, acceptAll().reply(), { cycles: 100n * trillion })
      .then(acceptAll())
      .reply()
    const body = program().callUpdate(two, onward, { cycles: 40n * trillion, onReply: unexpected(), onReject: refunded() })
    expect(trillions(expectNumber(net.update(one, body)))).toBe(40)
    expect([balance(one), balance(two), balance(three)]).toEqual([80, 80, 80])
  })

  test('can send on what was accepted', () => {
    const onward = acceptAll().callUpdate(three, acceptAll().reply(), { cycles: 100n * trillion, onReply: program().reply() })
    const body = program().callUpdate(two, onward, { cycles: 40n * trillion, onReply: refunded(), onReject: unexpected() })
    expect(expectNumber(net.update(one, body))).toBe(0n)
    expect([balance(one), balance(two), balance(three)]).toEqual([40, 20, 180])
  })

  test('that is given up before it is made returns them', () => {
    const callee = Uint8Array.of(1)
    const begin = () => program().blob(callee).blob('m').int(0).int(0).int(0).int(0).sys('call_new')
    const body = begin()
      .sys('call_cycles_add', 40n * trillion)
      .sys('canister_cycle_balance')
      .op('int_to_blob')
      .then(begin())
      .sys('canister_cycle_balance')
      .op('int_to_blob')
      .op('concat')
      .replyTop()
    const { bytes } = expectReply(net.update(one, body))
    expect([bytes.subarray(0, 8), bytes.subarray(8)].map((part) => trillions(numberOf(part)))).toEqual([40, 80])
  })

  test('returns what was not accepted', () => {
    const arg = program()
      .sys('msg_cycles_accept', 20n * trillion)
      .op('drop')
      .reply()
    const body = program().callUpdate(two, arg, { cycles: 40n * trillion, onReply: refunded(), onReject: unexpected() })
    expect(trillions(expectNumber(net.update(one, body)))).toBe(20)
    expect([balance(one), balance(two)]).toEqual([60, 100])
  })

  test('takes them from the balance while they are on their way', () => {
    const arg = program().sys('canister_cycle_balance').replyInt()
    const body = program().callUpdate(one, arg, {
      cycles: 20n * trillion,
      onReply: program().read('msg_arg_data').replyTop(),
      onReject: unexpected(),
    })
    expect(trillions(expectNumber(net.update(one, body)))).toBe(60)
    expect(balance(one)).toBe(80)
  })

  test('two in a row return theirs one after the other', () => {
    const inner = program().callUpdate(one, program().reply(), { cycles: 5n, onReply: refunded(), onReject: unexpected() })
    const onReply = program().read('msg_arg_data').sys('msg_cycles_refunded').op('int_to_blob').op('concat').replyTop()
    const { bytes } = expectReply(net.update(one, program().callUpdate(one, inner, { cycles: 10n, onReply, onReject: unexpected() })))
    expect([bytes.subarray(0, 8), bytes.subarray(8)].map(numberOf)).toEqual([5n, 10n])
    expect(balance(one)).toBe(80)
  })
})

describe('management calls of a canister with cycles', () => {
  const manage = (from: Principal, method: string, arg: Record<string, unknown>, cycles = 0n) => {
    const onReply = program().read('msg_arg_data').replyTop()
    const onReject = program().sys('msg_reject_code').op('int_to_blob').sys('msg_reject')
    return net.update(
      from,
      program().call(managementCanisterId, method, encodeManagement(method, arg), { cycles, onReply, onReject }).op('drop'),
    )
  }
  const create = (cycles: bigint) => {
    const { bytes } = expectReply(manage(one, 'create_canister', { settings: [], sender_canister_version: [] }, cycles))
    const { canister_id } = decodeManagement('create_canister', bytes) as { canister_id: { toUint8Array(): Uint8Array } }
    return Principal.fromBytes(canister_id.toUint8Array())
  }

  test('create and delete: cycles attached to the deletion come back', () => {
    const id = create(40n * trillion)
    expect([balance(one), trillions(net.balance(id) + trillion / 2n)]).toEqual([40, 40])
    expectReply(manage(one, 'stop_canister', { canister_id: candid(id) }))
    expectReply(manage(one, 'delete_canister', { canister_id: candid(id) }, 20n * trillion))
    expect(balance(one)).toBe(40)
  })

  test('deposit: to any canister, and back if there is none', () => {
    expectReply(manage(one, 'deposit_cycles', { canister_id: candid(two) }, 20n * trillion))
    expect([balance(one), balance(two)]).toEqual([60, 100])
    expectReject(manage(one, 'deposit_cycles', { canister_id: candid(Principal.canister(0x99999n)) }, 20n * trillion))
    expect(balance(one)).toBe(60)
  })

  test.each<[who: string, from: () => Principal]>([
    ['the canister itself', () => one],
    ['another', () => two],
  ])('top-up by %s', (_, from) => {
    expectReply(manage(from(), 'provisional_top_up_canister', { canister_id: candid(one), amount: start * trillion }))
    expect(balance(one)).toBe(160)
  })
})
