/** Canisters that change much memory, or install much code, where rates are limited as on the public network. */
import { type Principal, managementCanisterId } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import {
  candid,
  encodeManagement,
  expectReject,
  expectReply,
  network,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'
import { withoutAdvice } from './support/network.ts'
import { settings } from './support/settingsArg.ts'

const wasm = universalCanister()
const mebibyte = 1_048_576
const limit = 75 * mebibyte

/** A canister that has changed 400 MiB of its memory in the last round, of which 325 are left to work off. */
function setUp(rateLimits = true) {
  const net = network({ rateLimits })
  const id = net.install(wasm)
  const change = program()
    .int(400 * mebibyte)
    .op('alloc')
    .int(1)
    .op('fill')
  expectReply(net.update(id, change.reply()))
  const manage = (method: string, arg: object) =>
    net.managing(method, { canister_id: candid(id), sender_canister_version: [], ...arg }, { effectiveCanisterId: id })
  return { net, id, manage, debit: net.canister(id).heapDeltaDebit }
}

const snapshot = { replace_snapshot: [], uninstall_code: [] }
const chunk = { chunk: Uint8Array.of(1) }

describe('a canister that has changed too much memory', () => {
  test('gets no snapshot and no chunks until it has worked that off', () => {
    const { net, id, manage, debit } = setUp()
    expect(debit).toBeGreaterThanOrEqual(325 * mebibyte)
    expect(withoutAdvice(expectReject(manage('take_canister_snapshot', snapshot)))).toBe(
      `IC0210 Canister ${id.toText()} is heap delta rate limited: current delta debit is ${debit}, but limit is ${limit}.`,
    )
    expect(withoutAdvice(expectReject(manage('upload_chunk', chunk)))).toBe(
      `IC0210 Canister ${id.toText()} is heap delta rate limited: current delta debit is ${debit - limit}, but limit is ${limit}.`,
    )
    net.tick(3)
    expectReply(manage('take_canister_snapshot', snapshot))
  })

  test('may upload again what it has stored', () => {
    const { net, id, manage } = setUp()
    net.tick(5)
    expectReply(manage('upload_chunk', chunk))
    expectReply(
      net.update(
        id,
        program()
          .int(400 * mebibyte)
          .op('alloc')
          .int(1)
          .op('fill')
          .reply(),
      ),
    )
    expectReply(manage('upload_chunk', chunk))
    expect(expectReject(manage('upload_chunk', { chunk: Uint8Array.of(2) }))).toContain('IC0210 ')
  })

  test('cannot have its log rewritten', () => {
    const { net, manage } = setUp()
    const resize = () => manage('update_settings', { settings: settings({ log_memory_limit: [8_192n] }) })
    expect(expectReject(resize())).toContain('IC0210 ')
    net.tick(6)
    expectReply(resize())
  })

  test('a snapshot counts as change, taken and loaded', () => {
    const { net, id, manage } = setUp()
    net.tick(5)
    expectReply(manage('take_canister_snapshot', snapshot))
    expect(net.canister(id).heapDeltaDebit).toBeGreaterThan(325 * mebibyte)
    const load = { snapshot_id: net.canister(id).snapshots[0]?.id }
    expect(expectReject(manage('load_canister_snapshot', load))).toContain('IC0210 ')
    net.tick(5)
    expectReply(manage('load_canister_snapshot', load))
    expect(net.canister(id).heapDeltaDebit).toBeGreaterThan(325 * mebibyte)
  })

  test('goes on where rates are not limited', () => {
    const { manage } = setUp(false)
    expectReply(manage('take_canister_snapshot', snapshot))
    expectReply(manage('upload_chunk', chunk))
  })
})

describe('a canister that has installed code', () => {
  const again = (net: ReturnType<typeof network>, id: Principal) =>
    net.submit(
      managementCanisterId,
      'install_code',
      encodeManagement('install_code', {
        mode: { reinstall: null },
        canister_id: candid(id),
        wasm_module: wasm,
        arg: new Uint8Array(0),
        sender_canister_version: [],
      }),
      { effectiveCanisterId: id },
    )

  test.each([true, false])('may do so again in the same round: not when rates are limited (%s)', (rateLimits) => {
    const net = network({ rateLimits })
    const id = net.install(wasm)
    const sent = [again(net, id), again(net, id)].map((request) => net.await(request as Uint8Array))
    expect(sent[0]?.kind).toBe('reply')
    if (rateLimits) expect(expectReject(sent[1] as never)).toMatch(/^IC0209 Canister \S+ is rate limited because it executed too many/)
    else expect(sent[1]?.kind).toBe('reply')
    expect(net.canister(id).installCodeDebit).toBe(0n)
    expectReply(net.await(again(net, id) as Uint8Array))
  })

  test.each([true, false])('or loaded a snapshot, whose module is compiled, too (%s)', (rateLimits) => {
    const net = network({ rateLimits })
    const id = net.install(wasm)
    const { id: taken } = net.manage(
      'take_canister_snapshot',
      {
        canister_id: candid(id),
        replace_snapshot: [],
        uninstall_code: [],
        sender_canister_version: [],
      },
      { effectiveCanisterId: id },
    ) as { id: Uint8Array }
    net.advance(1)
    const arg = encodeManagement('load_canister_snapshot', { canister_id: candid(id), snapshot_id: taken, sender_canister_version: [] })
    const loading = net.submit(managementCanisterId, 'load_canister_snapshot', arg, { effectiveCanisterId: id })
    const installing = again(net, id)
    expectReply(net.await(loading as Uint8Array))
    const installed = net.await(installing as Uint8Array)
    if (rateLimits) expect(expectReject(installed)).toMatch(/^IC0209 /)
    else expectReply(installed)
  })
})
