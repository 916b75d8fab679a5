import { hashOfMap } from '@tidemark/certification'
import { Principal } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { alice, bob, candid, gib, Network, type NetworkOptions, printState, trillion, valueOf } from './support/network.ts'
import { settings } from './support/settingsArg.ts'

const none = { settings: [], sender_canister_version: [] } as { settings: []; sender_canister_version: [] }

describe('create_canister', () => {
  const create = (cycles: bigint, options: NetworkOptions = {}) => {
    const network = new Network(options)
    const sender = network.canister()
    const before = printState(network.subnet)
    return { network, sender, before, outcome: network.callFrom(sender, 'create_canister', none, cycles) }
  }

  test.each([
    [13, 500_000_000_000n],
    [34, 1_307_692_307_692n],
  ])('with %i nodes keeps the fee and gives the rest to the new canister', (subnetSize, fee) => {
    const { network, sender, outcome } = create(2n * trillion, { subnetSize })
    const id = Principal.fromBytes(valueOf(outcome).canister_id.toUint8Array())
    const created = network.subnet.canister(id)
    expect(created).toMatchObject({ balance: 2n * trillion - fee, version: 0n, status: { kind: 'running' } })
    expect(created?.settings).toMatchObject({ controllers: [sender.id], wasmMemoryLimit: 3n * gib })
    expect(created?.consumedCycles.canister_creation).toBe(fee)
    expect(sender.balance).toBe(98n * trillion)
    expect(network.ledgerGap()).toBe(0n)
  })
  test('costs nothing under the free schedule', () => {
    const { network, outcome } = create(0n, { costSchedule: 'free' })
    valueOf(outcome)
    expect(network.subnet.burnedCycles).toBe(0n)
  })
  test('too few cycles: refused, and all return', () => {
    const { network, before, outcome } = create(499_999_999_999n)
    expect(outcome).toEqual({
      code: 'IC0403',
      text: "Creating a canister requires a fee of 500_000_000_000 that is deducted from the canister's initial balance but only 499_999_999_999 cycles were received with the create_canister request.",
    })
    expect(printState(network.subnet)).toBe(before)
  })
  test.each([
    [
      'no room for a canister',
      { management: { maxCanisters: 1 } },
      'IC0102',
      /has reached the allowed canister limit of 1 canisters\. Retry creating the canister\.$/,
    ],
    [
      'no id left',
      { management: { canisterRange: { first: 0n, last: 5n } } },
      'IC0101',
      /^Could not create canister\. Subnet has surpassed its canister ID allocation\.$/,
    ],
  ])('%s', (_, options, code, text) => {
    const { network, before, outcome } = create(trillion, options)
    expect(outcome).toMatchObject({ code, text: expect.stringMatching(text) })
    expect(printState(network.subnet)).toBe(before)
  })
  test('users may not call it', () => {
    expect(new Network().call('create_canister', none)).toEqual({
      code: 'IC0504',
      text: 'create_canister cannot be called by a user.',
    })
  })
  test('settings that cannot be afforded leave no canister behind', () => {
    const network = new Network()
    const sender = network.canister()
    const before = printState(network.subnet)
    const arg = { ...none, settings: [settings({ compute_allocation: [50n] })] as [ReturnType<typeof settings>] }
    expect(network.callFrom(sender, 'create_canister', arg, trillion)).toMatchObject({ code: 'IC0530' })
    expect(printState(network.subnet)).toBe(before)
  })
})

describe('provisional_create_canister_with_cycles', () => {
  const create = (
    arg: { amount?: bigint; id?: Principal; options?: NetworkOptions; fields?: Parameters<typeof settings>[0] },
    network = new Network(arg.options),
  ) => {
    const outcome = network.call(
      'provisional_create_canister_with_cycles',
      {
        amount: arg.amount === undefined ? [] : [arg.amount],
        settings: arg.fields === undefined ? [] : [settings(arg.fields)],
        specified_id: arg.id === undefined ? [] : [candid(arg.id)],
        sender_canister_version: [],
      },
      bob,
    )
    return { network, outcome }
  }

  test.each([
    ['nothing said', undefined, 100n * trillion],
    ['an amount', 7n, 7n],
    ['nothing given', 0n, 0n],
    ['more than there can be', 2n ** 130n, 2n ** 128n - 1n],
  ])('%s', (_, amount, balance) => {
    const { network, outcome } = create(amount === undefined ? {} : { amount })
    valueOf(outcome)
    expect(network.subnet.canisters()).toMatchObject([{ balance, settings: { controllers: [bob], wasmMemoryLimit: undefined } }])
    expect(network.ledgerGap()).toBe(0n)
  })
  test('hands out ids in order', () => {
    const network = new Network()
    const ids = [1, 2, 3].map(() => valueOf(create({}, network).outcome).canister_id.toText())
    expect(ids[0]).toBe('lxzze-o7777-77777-aaaaa-cai')
    expect(new Set(ids).size).toBe(3)
  })
  test('takes an id from outside of the range that ids are handed out from', () => {
    const id = Principal.canister(7n)
    expect(valueOf(create({ id }).outcome).canister_id.toText()).toBe(id.toText())
  })
  test.each([
    [
      'inside of it',
      Principal.canister(0xffff_ffff_ffe0_0005n),
      'IC0408',
      /^The `specified_id` \S+ is invalid because it belongs to the canister allocation ranges/,
    ],
    [
      'on no subnet',
      Principal.canister(2_000n),
      'IC0405',
      /^Unsuccessful validation of specified ID: Specified CanisterId \S+ is not hosted by subnet \S+\.$/,
    ],
    ['no canister id', bob, 'IC0405', /^Unsuccessful validation of specified ID: /],
  ])('refuses an id %s', (_, id, code, text) => {
    expect(create({ id }).outcome).toMatchObject({ code, text: expect.stringMatching(text) })
  })
  test('refuses an id that is taken', () => {
    const id = Principal.canister(7n)
    const { network } = create({ id })
    const before = printState(network.subnet)
    expect(create({ id }, network).outcome).toEqual({
      code: 'IC0538',
      text: `Canister ${id.toText()} is already installed.`,
    })
    expect(printState(network.subnet)).toBe(before)
  })
  test('is not there on networks without provisional cycles', () => {
    const outcome = create({ options: { management: { allowProvisional: false } } }).outcome
    expect(outcome).toEqual({ code: 'IC0536', text: 'Sender not authorized to use method.' })
  })
  test('the creation record holds controllers, and a hash of the variables only when they were given', () => {
    const { network } = create({ fields: { controllers: [[candid(alice)]], environment_variables: [[{ name: 'a', value: 'b' }]] } })
    create({}, network)
    expect(network.subnet.canisters().map(({ history }) => history.changes[0])).toMatchObject([
      {
        canisterVersion: 0n,
        origin: { kind: 'from_user', userId: bob },
        details: { kind: 'creation', controllers: [alice], environmentVariablesHash: hashOfMap({ a: 'b' }) },
      },
      { details: { kind: 'creation', controllers: [bob], environmentVariablesHash: undefined } },
    ])
  })
})

describe('provisional_top_up_canister', () => {
  test('adds cycles to any canister, also a frozen one that is stopped', () => {
    const network = new Network()
    const canister = network.canister(0n)
    canister.status = { kind: 'stopped' }
    valueOf(network.call('provisional_top_up_canister', { canister_id: candid(canister.id), amount: 5n }, bob))
    expect(canister.balance).toBe(5n)
    expect(network.ledgerGap()).toBe(0n)
  })
  test('never passes the largest amount', () => {
    const network = new Network()
    const canister = network.canister(10n)
    valueOf(network.call('provisional_top_up_canister', { canister_id: candid(canister.id), amount: 2n ** 200n }, bob))
    expect(canister.balance).toBe(2n ** 128n - 1n)
    expect(network.ledgerGap()).toBe(0n)
  })
  test('missing canister', () => {
    expect(new Network().call('provisional_top_up_canister', { canister_id: candid(bob), amount: 5n })).toMatchObject({ code: 'IC0301' })
  })
})
