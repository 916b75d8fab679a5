/**
 * Running out of cycles: who pays first, what freezes, what is left of a canister that cannot pay.
 *
 * @see Interface specification, "Abstract behavior", "Canister out of cycles".
 */
import { describe, expect, test } from 'vitest'
import { type Principal, managementCanisterId } from '@tidemark/types'
import {
  type TestNetwork,
  candid,
  decodeManagement,
  encodeManagement,
  expectReject,
  expectReply,
  later,
  network,
  otherUser,
  program,
  universalCanister,
  user,
} from '../support/index.ts'
import { createUsingNothing, fund, gib, installHolding, isFrozen, page, startCycles, statusOf } from './support/held.ts'

const wasm = universalCanister()
const day = 86_400
/** Longer than any canister here can pay for. */
const forever = 10_000 * day

function expectBalanced(net: TestNetwork): void {
  const { minted, held, burned } = net.replica.cyclesLedger()
  expect(held + burned).toBe(minted)
}

describe('a canister that cannot pay for its resources', () => {
  function ruined(): { net: TestNetwork; id: Principal; versionBefore: bigint } {
    const net = network()
    const settings = {
      controllers: [user, otherUser],
      memory_allocation: gib,
      compute_allocation: 1n,
      freezing_threshold: 1n,
      reserved_cycles_limit: 77n,
      minimum_incoming_canister_call_cycles: 5n,
      wasm_memory_limit: gib,
      wasm_memory_threshold: page,
      environment_variables: [{ name: 'COLOUR', value: 'blue' }],
    }
    const id = net.install(wasm, '', { cycles: 10n * startCycles, settings })
    const body = program()
      .sys('stable64_grow', 10)
      .op('drop')
      .sys('certified_data_set', 'certified')
      .sys('debug_print', 'said')
      .sys('global_timer_set', 2n ** 63n)
      .op('drop')
      .reply()
    expectReply(net.update(id, body))
    net.manage('upload_chunk', { canister_id: candid(id), chunk: new Uint8Array(100) }, { effectiveCanisterId: id })
    net.manage(
      'take_canister_snapshot',
      { canister_id: candid(id), replace_snapshot: [], uninstall_code: [], sender_canister_version: [] },
      { effectiveCanisterId: id },
    )
    const versionBefore = net.canister(id).version
    net.advance(forever)
    return { net, id, versionBefore }
  }

  test('loses code, memory, chunks, snapshots, log, timer and certified data', () => {
    const { net, id } = ruined()
    const canister = net.canister(id)
    expect(canister.execution).toBeUndefined()
    expect(canister.stableMemory.sizeBytes).toBe(0)
    expect(canister.chunkStore.size).toBe(0)
    expect(canister.snapshots).toEqual([])
    expect(canister.log.records).toEqual([])
    expect(canister.globalTimerNanos).toBe(0n)
    expect(canister.certifiedData).toHaveLength(0)
    expect([canister.balance, canister.reservedBalance]).toEqual([0n, 0n])
    expectBalanced(net)
  })

  test('keeps its id and all settings but the allocations', () => {
    const { net, id, versionBefore } = ruined()
    const { settings, version } = net.canister(id)
    expect(settings).toMatchObject({
      computeAllocation: 0n,
      memoryAllocation: 0n,
      freezingThreshold: 1n,
      reservedCyclesLimit: 77n,
      minimumIncomingCanisterCallCycles: 5n,
      wasmMemoryLimit: gib,
      wasmMemoryThreshold: page,
      environmentVariables: [{ name: 'COLOUR', value: 'blue' }],
    })
    expect(settings.controllers.map((one) => one.toText()).sort()).toEqual([user.toText(), otherUser.toText()].sort())
    expect(version).toBe(versionBefore + 1n)
  })

  test('its history is emptied, but the number of changes is not', () => {
    const { net, id } = ruined()
    const asking = net.install(wasm)
    const arg = encodeManagement('canister_info', { canister_id: candid(id), num_requested_changes: [20n] })
    const answer = net.update(
      asking,
      program()
        .call(managementCanisterId, 'canister_info', arg, { onReply: program().read('msg_arg_data').replyTop() })
        .op('drop'),
    )
    expect(decodeManagement('canister_info', expectReply(answer).bytes)).toMatchObject({
      total_num_changes: 2n,
      recent_changes: [],
      module_hash: [],
    })
    expect(net.canister(id).history).toEqual({ changes: [], total: 2n })
  })

  test('exists on for nothing', () => {
    const { net, id } = ruined()
    const cycles = 1_000_000_000n
    net.topUp(id, cycles)
    net.advance(forever)
    expect(net.balance(id)).toBe(cycles)
    expect(statusOf(net, id)).toMatchObject({ memory_size: 0n, idle_cycles_burned_per_day: 0n })
  })

  test('takes no message, and takes code again once it has cycles', () => {
    const { net, id } = ruined()
    expect(expectReject(net.update(id, program().reply()))).toMatch(/^IC0207 /)
    expect(expectReject(net.installInto(id, wasm))).toMatch(/^IC0207 /)
    net.topUp(id, 10n * startCycles)
    expect(expectReject(net.update(id, program().reply()))).toMatch(/^IC0537 /)
    expectReply(net.installInto(id, wasm))
    expectReply(net.update(id, program().reply()))
    expect(net.canister(id).history.total).toBe(3n)
  })

  test('no hook stays due, for there is no heap', () => {
    const net = network()
    const id = net.install(wasm, '', { cycles: startCycles, settings: { wasm_memory_limit: 4n * page, wasm_memory_threshold: 3n * page } })
    net.tick()
    expect(net.canister(id).hookStatus).toBe('executed')
    net.advance(forever)
    expect(net.canister(id).execution).toBeUndefined()
    expect(net.canister(id).hookStatus).toBe('condition_not_satisfied')
  })

  test('its callers get a reject with their cycles, its own calls come to nothing', () => {
    const net = network()
    const id = net.install(wasm, '', { cycles: startCycles, settings: { freezing_threshold: 0n } })
    const caller = net.install(wasm, '', { cycles: 10n ** 20n })
    const onReject = program().read('msg_reject_msg').amount('msg_cycles_refunded128').op('concat').replyTop()
    const call = program().callUpdate(id, later(3, program().reply()), { cycles: 1_000_000n, onReject })
    const answer = net.send(caller, call)
    net.tick()
    expect(net.canister(id).callContexts.size).toBe(1)
    net.advance(forever)
    const { bytes } = expectReply(net.await(answer))
    expect(new TextDecoder().decode(bytes.subarray(0, -16))).toMatch(/uninstalled/)
    expect(bytes.at(-16)).toBe(0x40)
    net.tick(3)
    expect(net.canister(id).callContexts.size).toBe(0)
    expectBalanced(net)
  })

  test('a stopped canister is uninstalled all the same', () => {
    const net = network()
    const id = net.install(wasm, '', { cycles: startCycles })
    expectReply(net.lifecycle('stop_canister', id))
    net.advance(forever)
    expect(net.canister(id).execution).toBeUndefined()
    expect(net.canister(id).status.kind).toBe('stopped')
  })
})

describe('what pays', () => {
  test('the reserved balance first, then the main one', () => {
    const net = network({ subnetThresholdBytes: 0n, subnetCapacityBytes: 100n * gib })
    const id = net.create({ cycles: startCycles * 10n, settings: { reserved_cycles_limit: 10n ** 30n } })
    installHolding(net, id, gib)
    const { balance, reservedBalance } = net.canister(id)
    expect(reservedBalance).toBeGreaterThan(400_000_000_000n)
    net.advance(day)
    expect(net.balance(id)).toBe(balance)
    expect(net.canister(id).reservedBalance).toBe(reservedBalance - 28_296_000_000n)
    const lastDays = Number(net.canister(id).reservedBalance / 28_296_000_000n) + 1
    net.advance(lastDays * day)
    expect(net.canister(id).reservedBalance).toBe(0n)
    expect(net.balance(id)).toBe(balance + reservedBalance - 28_296_000_000n * BigInt(lastDays + 1))
  })

  test('reserved cycles cannot be spent: not burned, not sent, not used for messages', () => {
    const net = network({ subnetThresholdBytes: 0n, subnetCapacityBytes: 100n * gib })
    const id = net.create({ cycles: startCycles * 10n, settings: { reserved_cycles_limit: 10n ** 30n } })
    installHolding(net, id, gib)
    const { reservedBalance } = net.canister(id)
    expectReply(net.update(id, program().amount('cycles_burn128', 1n, 0n).op('drop').op('drop').reply()))
    expect(net.canister(id).reservedBalance).toBe(reservedBalance)
    net.update(id, program().callUpdate(id, program().reply(), { cycles: net.balance(id) }))
    expect(net.canister(id).reservedBalance).toBe(reservedBalance)
  })

  test('an allocation that is given up gives nothing back', () => {
    const net = network({ subnetThresholdBytes: 0n, subnetCapacityBytes: 100n * gib })
    const id = net.create({ cycles: 10n ** 16n, settings: { reserved_cycles_limit: 10n ** 30n } })
    expectReply(net.updateSettings(id, { memory_allocation: gib }))
    const { reservedBalance } = net.canister(id)
    expect(reservedBalance).toBeGreaterThan(0n)
    expectReply(net.updateSettings(id, { memory_allocation: 0n }))
    expect(net.canister(id).reservedBalance).toBe(reservedBalance)
  })
})

describe('freezing and thawing', () => {
  const threshold = 848_880_000_000n

  function holdingAGibibyte(): { net: TestNetwork; id: Principal } {
    const net = network()
    const id = net.create({ cycles: 2n * startCycles })
    installHolding(net, id, gib)
    return { net, id }
  }

  test('time freezes it; cycles thaw it, to the cycle', () => {
    const { net, id } = holdingAGibibyte()
    const days = Number((net.balance(id) - threshold) / 28_296_000_000n)
    net.advance(days * day)
    expect(isFrozen(net, id)).toBe(false)
    net.advance(day)
    expect(isFrozen(net, id)).toBe(true)
    net.topUp(id, threshold - net.balance(id) - 1n)
    expect(isFrozen(net, id)).toBe(true)
    net.topUp(id, 1n)
    expect(isFrozen(net, id)).toBe(false)
  })

  test('a frozen canister takes no messages and no calls, but can be stopped, started, topped up and looked at', () => {
    const { net, id } = holdingAGibibyte()
    const caller = net.install(wasm)
    net.advance(45 * day)
    expect(isFrozen(net, id)).toBe(true)
    expect(expectReject(net.update(id, program().reply()))).toMatch(/^IC0207 /)
    const onReject = program().read('msg_reject_msg').replyTop()
    const refused = net.update(caller, program().callUpdate(id, program().reply(), { onReject, onReply: program().reply('taken') }))
    // Only a controller learns how many cycles are missing.
    expect(expectReply(refused).text).toBe(`IC0207: Canister ${id.toText()} is out of cycles`)
    fund(net, id, threshold - 1n)
    expect(isFrozen(net, id)).toBe(true)
  })

  test('lowering the threshold thaws it without cycles', () => {
    const { net, id } = holdingAGibibyte()
    net.advance(45 * day)
    expect(isFrozen(net, id)).toBe(true)
    expectReply(net.updateSettings(id, { freezing_threshold: 0n }))
    expect(isFrozen(net, id)).toBe(false)
  })

  test('a frozen canister goes on paying, down to nothing', () => {
    const { net, id } = holdingAGibibyte()
    net.advance(45 * day)
    const before = net.balance(id)
    net.advance(day)
    expect(before - net.balance(id)).toBe(28_296_000_000n)
    net.advance(forever)
    expect(net.balance(id)).toBe(0n)
  })

  test('a canister that was emptied holds nothing, so nothing freezes it', () => {
    const net = network()
    const id = createUsingNothing(net)
    const fee = 1_800_000n
    fund(net, id, fee - 1n)
    expect(expectReject(net.update(id, '', { sizeBytes: 300 }))).toMatch(/^IC0207 .* 1 additional cycles$/)
    fund(net, id, fee)
    // It could pay for the message; now it has no code.
    expect(expectReject(net.update(id, '', { sizeBytes: 300 }))).toMatch(/^IC0537 /)
  })
})
