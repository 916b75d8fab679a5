/** Making cycles: for one canister only, and never more than an amount can be. */
import { Principal } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { assemble, network, numberOf, user } from '../../../../tests/support/index.ts'
import { executeMessage, undoExecution } from '../../src/index.ts'
import { Bench } from './bench.ts'

const most = (1n << 128n) - 1n
const { env } = new Bench('wasm32')

/** What a canister with this id and balance is told that it minted. */
function mint(id: string, balance: bigint, cycles: bigint) {
  const amount = `(i64.const ${BigInt.asIntN(64, cycles >> 64n)}) (i64.const ${BigInt.asIntN(64, cycles)})`
  const wat = `(module
    (import "ic0" "mint_cycles128" (func $mint (param i64 i64 i32)))
    (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
    (import "ic0" "msg_reply" (func $reply))
    (memory 1)
    (func (export "canister_update mint")
      (call $mint ${amount} (i32.const 0)) (call $append (i32.const 0) (i32.const 16)) (call $reply)))`
  const net = network({ subnetType: 'system' })
  const canister = { ...net.canister(net.install(assemble(wat))), id: Principal.fromText(id), balance }
  const input = { kind: 'update', caller: user, arg: new Uint8Array(0), canRespond: true, instructionLimit: 10 ** 9, version: 1n } as const
  const { answer, error, mintedCycles } = executeMessage(canister, env, input, { kind: 'export', name: 'canister_update mint' })
  undoExecution(canister)
  return { told: answer?.kind === 'reply' ? numberOf(answer.data) : undefined, minted: mintedCycles, error }
}

describe('the cycles minting canister', () => {
  test.each([
    ['some cycles', 0n, 50n, 50n],
    ['more than 64 bits hold', 5n * 10n ** 12n, (1n << 64n) + 2n, (1n << 64n) + 2n],
    ['as many as there can be', 0n, most, most],
    ['what is missing to as many as there can be', 1_000n, most, most - 1_000n],
  ])('mints %s', (_, balance, cycles, minted) => {
    expect(mint('rkp4c-7iaaa-aaaaa-aaaca-cai', balance, cycles)).toEqual({ told: minted, minted, error: undefined })
  })
})

test('no other canister mints', () => {
  const { minted, error } = mint('ryjl3-tyaaa-aaaaa-aaaba-cai', 0n, 50n)
  expect(minted).toBe(0n)
  expect(error).toMatchObject({
    errorCode: 'CanisterContractViolation',
    message:
      'Canister violated contract: ic0.mint_cycles128 cannot be executed on non Cycles Minting Canister: ryjl3-tyaaa-aaaaa-aaaba-cai != rkp4c-7iaaa-aaaaa-aaaca-cai',
  })
})
