/** The example of the README is a program that works. */
import { readFileSync } from 'node:fs'
import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { expect, test } from 'vitest'
import type { HookHost } from '../src/index.ts'
import { createShop } from './readme.example.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const self = Principal.fromUint8Array(Uint8Array.of(7, 1))

test('it stands in the README as it is', () => {
  expect(read('../README.md')).toContain(`\`\`\`ts\n${read('readme.example.ts')}\`\`\`\n`)
})

test('the shop sells, is warned, and keeps what failed', async () => {
  const soon: (() => Promise<void>)[] = []
  const host: HookHost = {
    self: () => self,
    timeNanos: () => 0n,
    balanceCycles: () => 1n,
    call: async (_, method, args) => {
      if (method === 'canister_hook_run') await shop.canister_hook_run(self, IDL.decode([IDL.Nat64], args)[0] as unknown as bigint)
      return new Uint8Array(0)
    },
    soon: (run) => void soon.push(run),
  }
  const settle = async () => {
    for (let run = soon.shift(); run !== undefined; run = soon.shift()) await run()
  }
  const shop = createShop(host)
  expect(shop.admits()).toBe(false)
  await settle()
  expect(shop.admits()).toBe(true)
  for (let n = 0; n < 10; n += 1) await shop.sell(Uint8Array.of(n))
  expect(shop.stock()).toBe(0)
  await expect(shop.sell(Uint8Array.of(10))).rejects.toThrow('sold out')
  await settle()
  expect(shop.told).toEqual(['canister_post_init', 'canister_on_error', 'canister_on_low_cycles'])
  expect(shop.errors()).toMatchObject([{ call: { methodName: 'sell', args: Uint8Array.of(10) } }])
  const stranger = Principal.fromUint8Array(Uint8Array.of(9))
  await expect(shop.canister_on_low_cycles(stranger, new Uint8Array(IDL.encode([IDL.Nat], [1n])))).rejects.toThrow('Only the network')
})
