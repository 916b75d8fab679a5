import type { CyclesLedgerService, CyclesMintingService, IcpLedgerService, RegistryService } from '@tidemark/bindings'
import { anonymousPrincipal, Principal } from '@tidemark/types'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accountIdentifier } from '../src/accountIdentifier.ts'
import { candid, Furnished, person, systemModules } from './support/furnished.ts'

const icp = 100_000_000n
const fee = 10_000n
const alice = person(1)
const bob = person(2)
const mintingId = Principal.fromText('rkp4c-7iaaa-aaaaa-aaaca-cai')
const ledgerId = Principal.fromText('um5iw-rqaaa-aaaaq-qaaba-cai')
const memos = { topUp: 0x5055_5054n, create: 0x4145_5243n, mint: 0x544e_494dn }

let modules: ReadonlyMap<string, Uint8Array>
let network: Furnished
const minting = (who: Principal) => network.as<CyclesMintingService>(who, 'cycles_minting')
const ledger = (who: Principal) => network.as<IcpLedgerService>(who, 'icp_ledger')
const balance = (owner: Principal) => ledger(owner).icrc1_balance_of({ owner: candid(owner), subaccount: [] })

/** Sends ICP to the account that stands for a principal at the cycles minting canister. @returns the block's index */
function pay(from: Principal, purpose: Principal, memo: bigint, e8s: bigint, asBlob = false): bigint {
  const subaccount = new Uint8Array(32)
  subaccount[0] = purpose.bytes.length
  subaccount.set(purpose.bytes, 1)
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, memo, true)
  const owner = { owner: candid(mintingId), subaccount: [subaccount] as [Uint8Array] }
  if (asBlob) {
    const sent = ledger(from).icrc1_transfer({ to: owner, amount: e8s, memo: [bytes], fee: [], from_subaccount: [], created_at_time: [] })
    if ('Ok' in sent) return sent.Ok
  }
  const to = ledger(from).account_identifier(owner)
  const sent = ledger(from).transfer({ to, memo, amount: { e8s }, fee: { e8s: fee }, from_subaccount: [], created_at_time: [] })
  if ('Ok' in sent) return sent.Ok
  throw new Error('the payment was refused')
}

const creation = (block_index: bigint, controller: Principal) => ({
  block_index,
  controller: candid(controller),
  settings: [] as [],
  subnet_selection: [] as [],
  subnet_type: [] as [] | [string],
})

beforeAll(async () => {
  modules = await systemModules()
}, 120_000)

beforeEach(() => {
  network = new Furnished(modules)
  const to = new Uint8Array(Buffer.from(accountIdentifier(alice), 'hex'))
  ledger(anonymousPrincipal).transfer({
    to,
    memo: 0n,
    amount: { e8s: 100n * icp },
    fee: { e8s: fee },
    from_subaccount: [],
    created_at_time: [],
  })
})

test('tells the price of ICP with its proof', () => {
  const { data, certificate } = minting(alice).get_icp_xdr_conversion_rate()
  expect(data.xdr_permyriad_per_icp).toBe(35_200n)
  expect(certificate.length).toBeGreaterThan(0)
})

test('tells the subnets, and the registry whose canisters they hold', () => {
  const { subnetId } = network.replica
  expect(minting(alice).get_default_subnets()).toEqual([candid(subnetId)])
  expect(minting(alice).get_subnet_types_to_subnets()).toEqual({ data: [['application', [candid(subnetId)]]] })
  const registry = network.as<RegistryService>(alice, 'registry')
  expect(registry.get_subnet_for_canister({ principal: [candid(ledgerId)] })).toEqual({ Ok: { subnet_id: [candid(subnetId)] } })
  expect(registry.get_subnet_for_canister({ principal: [candid(alice)] })).toEqual({ Err: 'Canister ID did not belong to any subnet' })
})

describe('where canisters are created', () => {
  const governance = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai')
  const other = candid(person(9))
  const list = (who: [] | [ReturnType<typeof candid>], subnets: ReturnType<typeof candid>[]) =>
    minting(governance).set_authorized_subnetwork_list({ who, subnets })

  test('governance says, for everybody and for some', () => {
    list([], [other])
    list([candid(alice)], [candid(bob)])
    expect(minting(alice).get_default_subnets()).toEqual([other])
    expect(minting(alice).get_principals_authorized_to_create_canisters_to_subnets()).toEqual({ data: [[candid(alice), [candid(bob)]]] })
    list([candid(alice)], [])
    expect(minting(alice).get_principals_authorized_to_create_canisters_to_subnets()).toEqual({ data: [] })
  })

  test('types come, get subnets, lose them and go', () => {
    const types = () =>
      minting(alice)
        .get_subnet_types_to_subnets()
        .data.filter(([name]) => name !== 'application')
    minting(governance).update_subnet_type({ Add: 'storage' })
    minting(governance).change_subnet_type_assignment({ Add: { subnet_type: 'storage', subnets: [other] } })
    expect(types()).toEqual([['storage', [other]]])
    expect(() => list([], [other])).toThrow('already assigned to a type')
    expect(() => minting(governance).update_subnet_type({ Remove: 'storage' })).toThrow('still has subnets')
    minting(governance).change_subnet_type_assignment({ Remove: { subnet_type: 'storage', subnets: [other] } })
    minting(governance).update_subnet_type({ Remove: 'storage' })
    expect(types()).toEqual([])
  })

  test('nobody else says', () => {
    const refused = 'Only the governance canister'
    expect(() => minting(alice).set_authorized_subnetwork_list({ who: [], subnets: [] })).toThrow(refused)
    expect(() => minting(alice).update_subnet_type({ Add: 'storage' })).toThrow(refused)
    expect(() => minting(alice).change_subnet_type_assignment({ Add: { subnet_type: 'application', subnets: [] } })).toThrow(refused)
  })

  test('a subnet that nobody may use is refused by its id', () => {
    const choice = {
      settings: [] as [],
      subnet_type: [] as [],
      subnet_selection: [{ Subnet: { subnet: other } }] as [{ Subnet: { subnet: typeof other } }],
    }
    const block_index = pay(alice, alice, memos.create, icp)
    expect(minting(alice).notify_create_canister({ ...choice, block_index, controller: candid(alice) })).toMatchObject({
      Err: {
        Refunded: { reason: `Subnet ${other.toText()} does not exist or ${alice.toText()} is not authorized to deploy to that subnet.` },
      },
    })
  })
})

describe('topping up', () => {
  test.each([false, true])('a canister gets 3.52 trillion cycles for an ICP, once (memo as bytes: %s)', (asBlob) => {
    const before = network.replica.canister(ledgerId)?.balance ?? 0n
    const block_index = pay(alice, ledgerId, memos.topUp, icp, asBlob)
    const arg = { block_index, canister_id: candid(ledgerId) }
    expect(minting(bob).notify_top_up(arg)).toEqual({ Ok: 3_520_000_000_000n })
    expect(minting(bob).notify_top_up(arg)).toEqual({ Ok: 3_520_000_000_000n })
    const gained = (network.replica.canister(ledgerId)?.balance ?? 0n) - before
    expect(gained).toBeGreaterThan(3_519_000_000_000n)
    expect(gained).toBeLessThanOrEqual(3_520_000_000_000n)
    expect(balance(alice)).toBe(99n * icp - fee)
    // The ICP is gone.
    expect(ledger(alice).icrc1_total_supply()).toBe(1_000_000_000n * icp - icp - 2n * fee)
    expect(minting(alice).total_cycles_minted()).toBe(3_520_000_000_000n)
  })

  test('a payment for no canister goes back, less fees', () => {
    const nobody = Principal.canister(77n)
    const block_index = pay(alice, nobody, memos.topUp, icp)
    expect(minting(bob).notify_top_up({ block_index, canister_id: candid(nobody) })).toMatchObject({
      Err: { Refunded: { reason: expect.stringContaining('Depositing cycles failed') } },
    })
    expect(balance(alice)).toBe(100n * icp - fee - 3n * fee)
  })

  test.each<[string, () => { block_index: bigint; canister_id: ReturnType<typeof candid> }, string]>([
    [
      'another canister',
      () => ({ block_index: pay(alice, mintingId, memos.topUp, icp), canister_id: candid(ledgerId) }),
      'Destination account',
    ],
    ['another purpose', () => ({ block_index: pay(alice, ledgerId, memos.create, icp), canister_id: candid(ledgerId) }), 'memo'],
    ['no payment', () => ({ block_index: 999n, canister_id: candid(ledgerId) }), 'Block 999 not found'],
    ['a mint', () => ({ block_index: 0n, canister_id: candid(ledgerId) }), 'must be of type transfer'],
  ])('refuses a block for %s', (_, arg, text) => {
    expect(minting(bob).notify_top_up(arg())).toMatchObject({ Err: { InvalidTransaction: expect.stringContaining(text) } })
  })
})

describe('creating', () => {
  test('a canister for its controller to be, once', () => {
    const block_index = pay(alice, alice, memos.create, icp)
    const created = minting(alice).notify_create_canister(creation(block_index, alice))
    if (!('Ok' in created)) throw new Error('not created')
    expect(minting(alice).notify_create_canister(creation(block_index, alice))).toEqual(created)
    const canister = network.replica.canister(Principal.fromBytes(created.Ok.toUint8Array()))
    expect(canister?.settings.controllers.map((each) => each.toText())).toEqual([alice.toText()])
    expect(canister?.balance).toBe(3_520_000_000_000n - 500_000_000_000n)
  })

  test('nobody asks for another', () => {
    const block_index = pay(alice, alice, memos.create, icp)
    expect(minting(bob).notify_create_canister(creation(block_index, alice))).toMatchObject({
      Err: { Other: { error_message: expect.stringContaining('not authorized') } },
    })
  })

  test('on a type of subnet that is not there, the payment goes back less fees', () => {
    const block_index = pay(alice, alice, memos.create, icp)
    const arg = { ...creation(block_index, alice), subnet_type: ['storage'] as [string] }
    expect(minting(alice).notify_create_canister(arg)).toMatchObject({
      Err: { Refunded: { reason: expect.stringContaining('No subnets') } },
    })
    expect(balance(alice)).toBe(100n * icp - fee - 5n * fee)
  })
})

test('a balance of the cycles ledger is minted for the caller, once', () => {
  const block_index = pay(alice, alice, memos.mint, 2n * icp)
  const minted = minting(alice).notify_mint_cycles({ block_index, to_subaccount: [], deposit_memo: [] })
  // The ledger keeps its fee of what comes in.
  expect(minted).toMatchObject({ Ok: { minted: 7_040_000_000_000n, balance: 7_039_900_000_000n } })
  expect(minting(alice).notify_mint_cycles({ block_index, to_subaccount: [], deposit_memo: [] })).toEqual(minted)
  const cycles = network.as<CyclesLedgerService>(alice, 'cycles_ledger')
  expect(cycles.icrc1_balance_of({ owner: candid(alice), subaccount: [] })).toBe(7_039_900_000_000n)
})

test('a payment that is settled for one purpose is not settled for another', () => {
  const block_index = pay(alice, ledgerId, memos.topUp, icp)
  expect(minting(bob).notify_top_up({ block_index, canister_id: candid(ledgerId) })).toHaveProperty('Ok')
  expect(minting(alice).notify_mint_cycles({ block_index, to_subaccount: [], deposit_memo: [] })).toMatchObject({
    Err: { InvalidTransaction: expect.stringContaining('another purpose') },
  })
})

test('controllers set the price', () => {
  const arg = { data_source: 'me', timestamp_seconds: 0n, xdr_permyriad_per_icp: 10_000n }
  expect(minting(alice).set_icp_xdr_conversion_rate(arg)).toHaveProperty('Err')
  expect(minting(anonymousPrincipal).set_icp_xdr_conversion_rate(arg)).toEqual({ Ok: null })
  const block_index = pay(alice, ledgerId, memos.topUp, icp)
  expect(minting(bob).notify_top_up({ block_index, canister_id: candid(ledgerId) })).toEqual({ Ok: 1_000_000_000_000n })
})
