import type { IcpLedgerService } from '@tidemark/bindings'
import { anonymousPrincipal, Principal } from '@tidemark/types'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accountIdentifier } from '../src/accountIdentifier.ts'
import { candid, Furnished, person, systemModules } from './support/furnished.ts'

const icp = 100_000_000n
const fee = 10_000n
const alice = person(1)
const bob = person(2)
const governance = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai')

let modules: ReadonlyMap<string, Uint8Array>
let network: Furnished
const ledger = (who: Principal) => network.as<IcpLedgerService>(who, 'icp_ledger')
const identifier = (owner: Principal) => new Uint8Array(Buffer.from(accountIdentifier(owner), 'hex'))
const balance = (owner: Principal) => ledger(owner).account_balance({ account: identifier(owner) }).e8s
const transferArg = (to: Principal, e8s: bigint) => ({
  to: identifier(to),
  amount: { e8s },
  fee: { e8s: fee },
  memo: 0n,
  from_subaccount: [] as [],
  created_at_time: [] as [] | [{ timestamp_nanos: bigint }],
})

beforeAll(async () => {
  modules = await systemModules()
}, 120_000)

beforeEach(() => {
  network = new Furnished(modules)
  ledger(anonymousPrincipal).transfer(transferArg(alice, 10n * icp))
})

test('the anonymous principal starts with a billion ICP on its well-known account', () => {
  // The account of the anonymous principal, as every ledger and explorer shows it.
  const account = '1c7a48ba6a562aa9eaa2481a9049cdf0433b9738c992d698c31d8abf89cadc79'
  expect(accountIdentifier(anonymousPrincipal)).toBe(account)
  expect(ledger(alice).account_balance_dfx({ account }).e8s).toBe(1_000_000_000n * icp - 10n * icp - fee)
})

describe('the first interface', () => {
  test('transfers, with a fee', () => {
    expect(ledger(alice).transfer(transferArg(bob, icp))).toEqual({ Ok: 2n })
    expect(balance(alice)).toBe(9n * icp - fee)
    expect(balance(bob)).toBe(icp)
    expect(ledger(bob).icrc1_balance_of({ owner: candid(bob), subaccount: [] })).toBe(icp)
  })

  const now = () => network.replica.timeNanos()
  test.each<[string, () => Partial<ReturnType<typeof transferArg>>, unknown]>([
    ['another fee', () => ({ fee: { e8s: 1n } }), { BadFee: { expected_fee: { e8s: fee } } }],
    ['more than there is', () => ({ amount: { e8s: 10n * icp } }), { InsufficientFunds: { balance: { e8s: 10n * icp } } }],
    [
      'a time of long ago',
      () => ({ created_at_time: [{ timestamp_nanos: 0n }] }),
      { TxTooOld: { allowed_window_nanos: 86_400_000_000_000n } },
    ],
    ['a time to come', () => ({ created_at_time: [{ timestamp_nanos: now() * 2n }] }), { TxCreatedInFuture: null }],
  ])('refuses %s', (_, change, error) => {
    expect(ledger(alice).transfer({ ...transferArg(bob, icp), ...change() })).toEqual({ Err: error })
    expect(balance(alice)).toBe(10n * icp)
  })

  test('does the same transaction once', () => {
    const arg = { ...transferArg(bob, icp), created_at_time: [{ timestamp_nanos: now() }] as [{ timestamp_nanos: bigint }] }
    expect(ledger(alice).transfer(arg)).toEqual({ Ok: 2n })
    expect(ledger(alice).transfer(arg)).toEqual({ Err: { TxDuplicate: { duplicate_of: 2n } } })
  })

  test('refuses a receiver with a wrong checksum', () => {
    const to = identifier(bob)
    to[0] = (to[0] ?? 0) ^ 1
    expect(() => ledger(alice).transfer({ ...transferArg(bob, icp), to })).toThrow('checksum')
  })

  test('what the minting account gets is burned, without a fee, and not less than one', () => {
    expect(ledger(alice).transfer({ ...transferArg(governance, icp), fee: { e8s: 0n } })).toEqual({ Ok: 2n })
    expect(balance(governance)).toBe(0n)
    expect(ledger(alice).icrc1_total_supply()).toBe(1_000_000_000n * icp - icp - fee)
    expect(() => ledger(alice).transfer({ ...transferArg(governance, 1n), fee: { e8s: 0n } })).toThrow('burns of less than 10000 e8s')
  })

  test('shows blocks', () => {
    ledger(alice).icrc2_approve({
      spender: { owner: candid(bob), subaccount: [] },
      amount: 2n ** 70n,
      from_subaccount: [],
      expected_allowance: [],
      expires_at: [],
      fee: [],
      memo: [new Uint8Array([9])],
      created_at_time: [],
    })
    const { blocks, chain_length, first_block_index } = ledger(bob).query_blocks({ start: 1n, length: 10n })
    expect([chain_length, first_block_index, blocks.length]).toEqual([3n, 1n, 2])
    expect(blocks[0]?.transaction.operation[0]).toEqual({
      Transfer: { from: identifier(anonymousPrincipal), to: identifier(alice), amount: { e8s: 10n * icp }, fee: { e8s: fee }, spender: [] },
    })
    expect(blocks[1]?.transaction.operation[0]).toMatchObject({ Approve: { allowance_e8s: 2n ** 70n, allowance: { e8s: 2n ** 64n - 1n } } })
    expect(blocks[1]?.transaction.icrc1_memo).toEqual([new Uint8Array([9])])
  })
})

test('tells its name, symbol, decimals and standards', () => {
  expect([ledger(bob).name(), ledger(bob).symbol(), ledger(bob).decimals()]).toEqual([
    { name: 'Internet Computer' },
    { symbol: 'ICP' },
    { decimals: 8 },
  ])
  expect(
    ledger(bob)
      .icrc1_supported_standards()
      .map(({ name }) => name),
  ).toEqual(['ICRC-1', 'ICRC-2'])
  expect(ledger(bob).icrc1_metadata()).toContainEqual(['icrc1:fee', { Nat: fee }])
})
