/**
 * Administrators of a rented subnet: what they may do to canisters that others control.
 *
 * @see Interface specification, "IC method `list_canisters`", and who may call the other methods.
 */
import type { ReplicaOptions } from '@tidemark/replica'
import { Principal, managementCanisterId } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import {
  candid,
  decodeManagement,
  encodeManagement,
  expectReject,
  expectReply,
  network,
  otherUser,
  program,
  settingsRecord,
  universalCanister,
  user,
} from '../support/index.ts'

const admin = Principal.selfAuthenticating(new Uint8Array(28).fill(77))
const rented: ReplicaOptions = { costSchedule: 'free', subnetAdmins: [admin] }
const wasm = universalCanister()

const list = (net: ReturnType<typeof network>, sender: Principal, arg = encodeManagement('list_canisters')) =>
  net.query(managementCanisterId, arg, 'list_canisters', { sender })

/** What may be asked about a canister, in an order in which all of it can be done. */
const methods = ['canister_status', 'canister_metrics', 'stop_canister', 'start_canister', 'uninstall_code', 'delete_canister'] as const

function ask(net: ReturnType<typeof network>, method: string, id: Principal, sender: Principal) {
  if (method === 'delete_canister') expectReply(net.lifecycle('stop_canister', id))
  const arg = { canister_id: candid(id), sender_canister_version: [] }
  return net.managing(method, arg, { sender, effectiveCanisterId: id })
}

describe('on a rented subnet', () => {
  test.each(methods)('an administrator may call %s', (method) => {
    const net = network(rented)
    expectReply(ask(net, method, net.install(wasm), admin))
  })

  test.each(['canister_status', 'canister_metrics'])('%s by query, too', (method) => {
    const net = network(rented)
    const id = net.install(wasm)
    const asking = (sender: Principal) =>
      net.query(managementCanisterId, encodeManagement(method, { canister_id: candid(id) }), method, { sender })
    expectReply(asking(admin))
    expect(expectReject(asking(otherUser))).toMatch(method === 'canister_status' ? /^IC0542 / : /^IC0541 /)
  })

  test.each(methods.filter((method) => method !== 'canister_status'))('%s by a stranger names both groups', (method) => {
    const net = network(rented)
    const id = net.install(wasm)
    const refused = expectReject(ask(net, method, id, otherUser))
    expect(refused).toMatch(/^IC0541 /)
    for (const one of [id, user, admin, otherUser]) expect(refused).toContain(one.toText())
  })

  test.each(['update_settings', 'take_canister_snapshot', 'upload_chunk'])('%s stays with the controllers', (method) => {
    const net = network(rented)
    const id = net.install(wasm)
    const arg = {
      canister_id: candid(id),
      chunk: new Uint8Array(1),
      replace_snapshot: [],
      uninstall_code: [],
      sender_canister_version: [],
      settings: settingsRecord({}),
    }
    expect(expectReject(net.managing(method, arg, { sender: admin, effectiveCanisterId: id }))).toMatch(/^IC0512 /)
  })

  test('an administrator creates canisters by ingress, without cycles; nobody else does', () => {
    const net = network(rented)
    const create = (sender: Principal) =>
      net.managing('create_canister', { settings: [], sender_canister_version: [] }, { sender, effectiveCanisterId: net.create() })
    const { canister_id } = decodeManagement('create_canister', expectReply(create(admin)).bytes) as {
      canister_id: { toUint8Array(): Uint8Array }
    }
    const created = net.canister(Principal.fromBytes(canister_id.toUint8Array()))
    expect(created.settings.controllers).toEqual([admin])
    expect(created.balance).toBe(0n)
    expect(expectReject(create(user))).toMatch(/^IC0410 /)
  })

  test('the list holds what is there, in ranges without gaps', () => {
    const net = network(rented)
    const ids = [1, 2, 3, 4].map(() => net.create())
    expectReply(net.lifecycle('stop_canister', ids[2] as Principal))
    expectReply(net.lifecycle('delete_canister', ids[2] as Principal))
    const shown = decodeManagement('list_canisters', expectReply(list(net, admin)).bytes) as {
      canisters: { start: object; end: object }[]
    }
    const [a, b, , d] = ids.map(candid)
    expect(shown.canisters).toEqual([
      { start: a, end: b },
      { start: d, end: d },
    ])
    expect(expectReject(list(net, user))).toMatch(/^IC0410 /)
    expect(expectReject(list(net, admin, new Uint8Array([1, 2, 3])))).toMatch(/^IC0408 /)
  })

  test('a canister can be an administrator', () => {
    const first = network({ costSchedule: 'free' }).install(wasm)
    const net = network({ costSchedule: 'free', subnetAdmins: [first] })
    const ruling = net.install(wasm)
    expect(ruling).toEqual(first)
    const ruled = net.create()
    const arg = encodeManagement('stop_canister', { canister_id: candid(ruled) })
    expectReply(net.update(ruling, program().call(managementCanisterId, 'stop_canister', arg, { onReply: program().reply() }).op('drop')))
    expect(net.canister(ruled).status.kind).toBe('stopped')
  })
})

describe('elsewhere there are no administrators, whoever is named', () => {
  test.each<[string, ReplicaOptions]>([
    ['at the normal prices', { subnetAdmins: [admin] }],
    ['on a system subnet', { subnetAdmins: [admin], subnetType: 'system', costSchedule: 'free' }],
  ])('%s', (_, options) => {
    const net = network(options)
    const id = net.install(wasm)
    expect(expectReject(ask(net, 'stop_canister', id, admin))).toMatch(/^IC0512 Only controllers of canister/)
    expect(expectReject(list(net, admin))).toBe('IC0406 list_canisters is only available on subnets with subnet admins')
    const created = net.managing(
      'create_canister',
      { settings: [], sender_canister_version: [] },
      { sender: admin, effectiveCanisterId: id },
    )
    expect(expectReject(created)).toBe('IC0406 Only canisters can call ic00 method create_canister')
  })

  test('governance may uninstall any canister', () => {
    const net = network()
    const id = net.install(wasm)
    const governance = Principal.canister(1n)
    const arg = { amount: [10n ** 14n], settings: [], specified_id: [candid(governance)], sender_canister_version: [] }
    net.manage('provisional_create_canister_with_cycles', arg, { effectiveCanisterId: governance })
    expectReply(net.installInto(governance, wasm))
    const order = encodeManagement('uninstall_code', { canister_id: candid(id), sender_canister_version: [] })
    const call = program().call(managementCanisterId, 'uninstall_code', order, { onReply: program().reply() })
    expectReply(net.update(governance, call.op('drop')))
    expect(net.canister(id).execution).toBeUndefined()
  })
})

test('a query method that there is not', () => {
  const net = network()
  const asked = net.query(managementCanisterId, encodeManagement('raw_rand'), 'raw_rand')
  expect(expectReject(asked)).toBe('IC0536 Query method raw_rand not found.')
})
