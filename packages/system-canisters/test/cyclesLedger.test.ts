import { IDL } from '@dfinity/candid'
import type { Principal as CandidPrincipal } from '@dfinity/principal'
import type { CyclesLedgerService } from '@tidemark/bindings'
import { anonymousPrincipal, Principal, toHex } from '@tidemark/types'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { candid, Furnished, person, systemModules } from './support/furnished.ts'
import { digestOf } from './support/icrc3.ts'

const trillion = 1_000_000_000_000n
const fee = 100_000_000n
const alice = person(1)
const bob = person(2)
const carol = person(3)

let modules: ReadonlyMap<string, Uint8Array>
let network: Furnished
const ledger = (who: Principal) => network.as<CyclesLedgerService>(who, 'cycles_ledger')
const account = (owner: Principal, subaccount?: Uint8Array) => ({
  owner: candid(owner),
  subaccount: (subaccount === undefined ? [] : [subaccount]) as [] | [Uint8Array],
})
const balance = (owner: Principal) => ledger(owner).icrc1_balance_of(account(owner))
const transferArg = (to: Principal, amount: bigint) => ({
  to: account(to),
  amount,
  from_subaccount: [] as [],
  fee: [] as [] | [bigint],
  memo: [] as [] | [Uint8Array],
  created_at_time: [] as [] | [bigint],
})
const approveArg = (spender: Principal, amount: bigint) => ({
  spender: account(spender),
  amount,
  from_subaccount: [] as [],
  expected_allowance: [] as [] | [bigint],
  expires_at: [] as [] | [bigint],
  fee: [] as [] | [bigint],
  memo: [] as [] | [Uint8Array],
  created_at_time: [] as [] | [bigint],
})
const creationArg = (amount: bigint) => ({
  amount,
  from_subaccount: [] as [],
  created_at_time: [] as [] | [bigint],
  creation_args: [] as [],
})

beforeAll(async () => {
  modules = await systemModules()
}, 120_000)

beforeEach(() => {
  network = new Furnished(modules)
  ledger(anonymousPrincipal).icrc1_transfer(transferArg(alice, 10n * trillion))
})

test('the anonymous principal starts with all cycles that signed 128-bit arithmetic holds, less what was given away', () => {
  expect(balance(anonymousPrincipal)).toBe(2n ** 127n - 1n - 10n * trillion - fee)
  expect(ledger(alice).icrc1_total_supply()).toBe(2n ** 127n - 1n - fee)
})

describe('ICRC-1', () => {
  test('a transfer costs its sender a fee and leaves a block', () => {
    expect(ledger(alice).icrc1_transfer(transferArg(bob, trillion))).toEqual({ Ok: 2n })
    expect(balance(alice)).toBe(9n * trillion - fee)
    expect(balance(bob)).toBe(trillion)
  })

  test('subaccounts are accounts of their own; the one of zeros is the default one', () => {
    const second = new Uint8Array(32).fill(7)
    ledger(alice).icrc1_transfer({ ...transferArg(alice, trillion), to: account(alice, second) })
    expect(ledger(bob).icrc1_balance_of(account(alice, second))).toBe(trillion)
    expect(ledger(bob).icrc1_balance_of(account(alice, new Uint8Array(32)))).toBe(balance(alice))
    expect(() => ledger(bob).icrc1_balance_of(account(alice, new Uint8Array(31)))).toThrow('32 bytes')
  })

  const now = () => network.replica.timeNanos()
  const hour = 3_600_000_000_000n
  test.each<[string, () => Partial<ReturnType<typeof transferArg>>, unknown]>([
    ['another fee', () => ({ fee: [1n] }), { BadFee: { expected_fee: fee } }],
    ['more than there is', () => ({ amount: 10n * trillion }), { InsufficientFunds: { balance: 10n * trillion } }],
    ['a time of two days ago', () => ({ created_at_time: [now() - 48n * hour] }), { TooOld: null }],
    ['a time in an hour', () => ({ created_at_time: [now() + hour] }), { CreatedInFuture: { ledger_time: expect.any(BigInt) } }],
  ])('refuses %s and changes nothing', (_, change, error) => {
    expect(ledger(alice).icrc1_transfer({ ...transferArg(bob, trillion), ...change() })).toEqual({ Err: error })
    expect(balance(alice)).toBe(10n * trillion)
    expect(balance(bob)).toBe(0n)
  })

  test('a transfer that names its time is done once', () => {
    const arg = { ...transferArg(bob, trillion), created_at_time: [now()] as [bigint] }
    expect(ledger(alice).icrc1_transfer(arg)).toEqual({ Ok: 2n })
    expect(ledger(alice).icrc1_transfer(arg)).toEqual({ Err: { Duplicate: { duplicate_of: 2n } } })
    expect(ledger(alice).icrc1_transfer({ ...arg, memo: [new Uint8Array([1])] })).toEqual({ Ok: 3n })
    expect(balance(bob)).toBe(2n * trillion)
  })

  test('a memo has at most 32 bytes', () => {
    expect(ledger(alice).icrc1_transfer({ ...transferArg(bob, 1n), memo: [new Uint8Array(32)] })).toEqual({ Ok: 2n })
    expect(() => ledger(alice).icrc1_transfer({ ...transferArg(bob, 1n), memo: [new Uint8Array(33)] })).toThrow('32 bytes')
  })
})

describe('ICRC-2', () => {
  const spend = (amount: bigint) => ({ ...transferArg(carol, amount), spender_subaccount: [] as [], from: account(alice) })
  const allowance = () => ledger(bob).icrc2_allowance({ account: account(alice), spender: account(bob) })

  test('a spender moves what was approved, fee included', () => {
    expect(ledger(alice).icrc2_approve(approveArg(bob, 2n * trillion))).toEqual({ Ok: 2n })
    expect(ledger(bob).icrc2_transfer_from(spend(trillion))).toEqual({ Ok: 3n })
    expect(allowance()).toEqual({ allowance: trillion - fee, expires_at: [] })
    expect(ledger(bob).icrc2_transfer_from(spend(trillion))).toEqual({ Err: { InsufficientAllowance: { allowance: trillion - fee } } })
    expect(balance(carol)).toBe(trillion)
    expect(balance(alice)).toBe(9n * trillion - 2n * fee)
  })

  test('owners need no allowance for their own account', () => {
    expect(ledger(alice).icrc2_transfer_from(spend(trillion))).toEqual({ Ok: 2n })
  })

  test('an allowance ends at its time', () => {
    const end = network.replica.timeNanos() + 1_000_000_000n
    ledger(alice).icrc2_approve({ ...approveArg(bob, 2n * trillion), expires_at: [end] })
    expect(allowance()).toEqual({ allowance: 2n * trillion, expires_at: [end] })
    network.replica.advanceTime(1_000_000_000n)
    network.replica.tick()
    expect(ledger(bob).icrc2_transfer_from(spend(trillion))).toEqual({ Err: { InsufficientAllowance: { allowance: 0n } } })
    expect(ledger(alice).icrc2_approve({ ...approveArg(bob, 1n), expires_at: [end] })).toMatchObject({ Err: { Expired: {} } })
  })

  test('an approval can ask for the allowance to be as expected', () => {
    ledger(alice).icrc2_approve(approveArg(bob, 5n))
    expect(ledger(alice).icrc2_approve({ ...approveArg(bob, 7n), expected_allowance: [6n] })).toEqual({
      Err: { AllowanceChanged: { current_allowance: 5n } },
    })
    expect(ledger(alice).icrc2_approve({ ...approveArg(bob, 7n), expected_allowance: [5n] })).toHaveProperty('Ok')
  })

  test('nobody approves themselves', () => {
    expect(() => ledger(alice).icrc2_approve(approveArg(alice, 1n))).toThrow('self approval is not allowed')
  })

  test('allowances are listed to their owner alone', () => {
    ledger(alice).icrc2_approve(approveArg(bob, 5n))
    ledger(alice).icrc2_approve(approveArg(carol, 6n))
    const all = { from_account: [] as [], prev_spender: [] as [], take: [] as [] }
    expect(ledger(alice).icrc103_get_allowances(all)).toMatchObject({ Ok: [{ allowance: 5n }, { allowance: 6n }] })
    expect(ledger(alice).icrc103_get_allowances({ ...all, prev_spender: [account(bob)] })).toMatchObject({ Ok: [{ allowance: 6n }] })
    expect(ledger(bob).icrc103_get_allowances({ ...all, from_account: [account(alice)] })).toHaveProperty('Err.AccessDenied')
  })
})

describe('ICRC-3', () => {
  test('blocks chain by their digests, up to the certified tip', () => {
    ledger(alice).icrc1_transfer({ ...transferArg(bob, 5n), memo: [new Uint8Array([1, 2])], fee: [fee] })
    ledger(alice).icrc2_approve({ ...approveArg(bob, trillion), expected_allowance: [0n] })
    ledger(bob).icrc2_transfer_from({ ...transferArg(carol, 3n), spender_subaccount: [], from: account(alice, new Uint8Array(32)) })
    const { blocks, log_length } = ledger(bob).icrc3_get_blocks([{ start: 0n, length: 100n }])
    expect(log_length).toBe(BigInt(blocks.length))
    const parents = blocks.map(({ block }) => ('Map' in block ? block.Map.find(([name]) => name === 'phash')?.[1] : undefined))
    expect(parents[0]).toBeUndefined()
    for (const [index, { block }] of blocks.slice(0, -1).entries()) expect(parents[index + 1]).toEqual({ Blob: digestOf(block) })
    const [tip] = ledger(bob).icrc3_get_tip_certificate()
    expect(toHex(new Uint8Array(tip?.hash_tree ?? []))).toContain(toHex(digestOf(blocks.at(-1)?.block)))
  })

  test('a hundred blocks at most in one answer', () => {
    const twice = [
      { start: 0n, length: 1_000n },
      { start: 5n, length: 10n },
    ]
    for (let number = 0; number < 110; number++) ledger(alice).icrc1_transfer(transferArg(bob, 1n))
    expect(
      ledger(bob)
        .icrc3_get_blocks(twice)
        .blocks.map(({ id }) => id),
    ).toEqual(Array.from({ length: 100 }, (_, id) => BigInt(id)))
  })
})

describe('creating canisters', () => {
  test('the caller is the controller, and the canister has the cycles less the price of its creation', () => {
    const result = ledger(alice).create_canister(creationArg(2n * trillion))
    if (!('Ok' in result))
      throw new Error(JSON.stringify(result.Err, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)))
    const created = network.replica.canister(Principal.fromBytes(result.Ok.canister_id.toUint8Array()))
    expect(created?.settings.controllers.map((each) => each.toText())).toEqual([alice.toText()])
    expect(created?.balance).toBe(2n * trillion - 500_000_000_000n)
    expect(balance(alice)).toBe(8n * trillion - fee)
  })

  test('settings are taken over', () => {
    const settings = {
      controllers: [[candid(bob)]] as [CandidPrincipal[]],
      freezing_threshold: [1_000n] as [bigint],
      wasm_memory_limit: [6_000_000n] as [bigint],
      environment_variables: [[{ name: 'A', value: 'b' }]] as [{ name: string; value: string }[]],
    }
    const none = {
      compute_allocation: [],
      memory_allocation: [],
      reserved_cycles_limit: [],
      wasm_memory_threshold: [],
      log_memory_limit: [],
    } as const
    const rest = { log_visibility: [], snapshot_visibility: [], status_visibility: [], minimum_incoming_canister_call_cycles: [] } as const
    const creation_args = [{ subnet_selection: [], settings: [{ ...none, ...rest, ...settings }] }]
    const result = ledger(alice).create_canister({ ...creationArg(2n * trillion), creation_args } as unknown as Parameters<
      CyclesLedgerService['create_canister']
    >[0])
    if (!('Ok' in result)) throw new Error('not created')
    const created = network.replica.canister(Principal.fromBytes(result.Ok.canister_id.toUint8Array()))
    expect(created?.settings).toMatchObject({ freezingThreshold: 1_000n, wasmMemoryLimit: 6_000_000n })
    expect(created?.settings.controllers.map((each) => each.toText())).toEqual([bob.toText()])
  })

  test('with too few cycles it fails, and what came back is paid out less the fees', () => {
    const result = ledger(alice).create_canister(creationArg(trillion / 10n))
    expect(result).toMatchObject({ Err: { FailedToCreate: { fee_block: [2n], refund_block: [3n] } } })
    expect(balance(alice)).toBeGreaterThan(10n * trillion - 4n * fee)
  })

  test('more than the balance is refused', () => {
    expect(ledger(bob).create_canister(creationArg(trillion))).toEqual({ Err: { InsufficientFunds: { balance: 0n } } })
  })

  test('sent twice, the second answer names the canister of the first', () => {
    const arg = { ...creationArg(trillion), created_at_time: [network.replica.timeNanos()] as [bigint] }
    const first = ledger(alice).create_canister(arg)
    if (!('Ok' in first)) throw new Error('not created')
    expect(ledger(alice).create_canister(arg)).toEqual({
      Err: { Duplicate: { duplicate_of: first.Ok.block_id, canister_id: [first.Ok.canister_id] } },
    })
  })
})

describe('withdrawing', () => {
  const withdrawal = (to: Principal, amount: bigint) => ({ to: candid(to), amount, from_subaccount: [] as [], created_at_time: [] as [] })
  const ledgerId = Principal.fromText('um5iw-rqaaa-aaaaq-qaaba-cai')

  test('a canister gets the cycles', () => {
    const created = ledger(alice).create_canister(creationArg(trillion))
    if (!('Ok' in created)) throw new Error('not created')
    const id = Principal.fromBytes(created.Ok.canister_id.toUint8Array())
    const before = network.replica.canister(id)?.balance ?? 0n
    expect(ledger(alice).withdraw(withdrawal(id, trillion))).toHaveProperty('Ok')
    expect(network.replica.canister(id)?.balance).toBe(before + trillion)
    expect(balance(alice)).toBe(8n * trillion - 2n * fee)
  })

  test('to nobody, the cycles come back less the fees', () => {
    expect(ledger(alice).withdraw(withdrawal(Principal.canister(77n), trillion))).toMatchObject({
      Err: { FailedToWithdraw: { fee_block: [3n] } },
    })
    expect(balance(alice)).toBe(10n * trillion - 2n * fee)
  })

  test('people cannot hold cycles outside of the ledger', () => {
    expect(ledger(alice).withdraw(withdrawal(bob, trillion))).toEqual({ Err: { InvalidReceiver: { receiver: candid(bob) } } })
  })

  test('a spender withdraws by an allowance', () => {
    ledger(alice).icrc2_approve(approveArg(bob, 2n * trillion))
    const arg = { spender_subaccount: [] as [], from: account(alice), to: candid(ledgerId), amount: trillion, created_at_time: [] as [] }
    expect(ledger(bob).withdraw_from(arg)).toHaveProperty('Ok')
    expect(ledger(bob).withdraw_from(arg)).toEqual({ Err: { InsufficientAllowance: { allowance: trillion - fee } } })
  })
})

test('answers surplus arguments, as clients send them', () => {
  const arg = new Uint8Array(IDL.encode([IDL.Null], [null]))
  const query = { sender: alice, methodName: 'icrc1_fee', arg }
  const id = Principal.fromText('um5iw-rqaaa-aaaaq-qaaba-cai')
  expect(network.replica.query({ ...query, canisterId: id, effectiveCanisterId: id })).toHaveProperty('status', 'replied')
})
