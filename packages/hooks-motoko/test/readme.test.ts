/** The example of the README is a canister that works. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IDL } from '@dfinity/candid'
import { lifecycleHooksExampleTypes as example } from '@tidemark/bindings'
import { compileMotokoPrograms, readMotokoSources } from '@tidemark/build'
import { expectReject, expectReply, network } from '@tidemark/tests'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')
const main = 'packages/hooks-motoko/test/readme.example.mo'
const hooks = ['hooks', 'packages/hooks-motoko/src'] as const

test('it stands in the README as it is', () => {
  const source = readFileSync(join(root, main), 'utf8')
  expect(readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8')).toContain(`\`\`\`motoko\n${source}\`\`\`\n`)
})

test('the shop restocks when it starts, and keeps the sale that failed', { timeout: 120_000 }, async () => {
  const stage = network()
  const id = stage.install(await compile(), new TextEncoder().encode('DIDL\0\0'))
  stage.tick(4)
  const sell = (amount: bigint) => stage.call(id, 'sell', new Uint8Array(IDL.encode([IDL.Nat], [amount])), { rounds: 40 })
  expectReply(sell(7n))
  expect(expectReject(sell(7n))).toContain('Natural subtraction underflow')
  stage.tick(4)
  const { bytes } = expectReply(stage.query(id, new TextEncoder().encode('DIDL\0\0'), 'canister_hook_runs'))
  const [runs] = IDL.decode([IDL.Vec(example.Run)], bytes) as unknown as [example.Run[]]
  expect(runs.map(({ hook, outcome }) => [hook, outcome])).toEqual([
    ['canister_post_init', { ran: null }],
    ['canister_on_error', { ran: null }],
  ])
})

async function compile(): Promise<Uint8Array> {
  const [name, folder] = hooks
  const sources = [...(await readMotokoSources(root, main, [{ name, folder }]))]
  let wasm: Uint8Array | undefined
  await compileMotokoPrograms([{ main, sources, packages: [hooks], extraFlags: ['--default-persistent-actors'], gcFlags: [] }], (reply) => {
    if (reply.ok) wasm = reply.wasm
  })
  if (wasm === undefined) throw new Error(`${main} does not compile`)
  return wasm
}
