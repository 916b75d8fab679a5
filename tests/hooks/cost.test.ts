/** What the Motoko library costs per message. docs/hooks/library.md quotes the figures, and this test holds it to them. */
import { join } from 'node:path'
import { compileMotokoPrograms, readMotokoSources } from '@tidemark/build'
import { createTraceRecorder } from '@tidemark/trace'
import { test } from 'vitest'
import { expectInPage, network } from '../support/index.ts'

const root = join(import.meta.dirname, '../..')
const page = join(root, 'docs/hooks/library.md')
const main = 'tests/hooks/programs/plain.mo'
const hooks = { name: 'hooks', folder: 'packages/hooks-motoko/src' }
const noArguments = new TextEncoder().encode('DIDL\0\0')

const rows = [
  ['plain', 'a method as it is'],
  ['selfCall', 'the same as a call of the canister to itself'],
  ['guarded', 'guarded'],
  ['paced', 'paced, with room'],
  ['failing', 'guarded, trapping: captured, `canister_on_error` run'],
] as const

test('the table of costs is what is measured; TIDEMARK_WRITE_DOCS=1 writes it anew', { timeout: 300_000 }, async () => {
  expectInPage(page, 'cost', tableOf(measure(await compile())))
})

interface Cost {
  readonly messages: number
  readonly instructions: number
}

/** Everything that a call leads to, once the canister is warm. */
function measure(wasm: Uint8Array): Map<string, Cost> {
  const trace = createTraceRecorder({ capacity: 10_000 })
  const net = network({ trace })
  const id = net.install(wasm, noArguments)
  const run = (method: string) => {
    net.tick(5)
    const from = trace.nextSeq()
    net.call(id, method, noArguments)
    net.tick(5)
    return trace.events(from).filter(({ canisterId }) => canisterId === id.toText())
  }
  return new Map(
    rows.map(([method]) => {
      run(method)
      const events = run(method)
      return [method, { messages: events.length, instructions: events.reduce((sum, each) => sum + Number(each.instructions), 0) }]
    }),
  )
}

/** In thousands, so that a change of a few instructions does not change the page. */
function tableOf(costs: ReadonlyMap<string, Cost>): string {
  const plain = costs.get('plain')?.instructions ?? 0
  const thousands = (value: number) => Math.round(value / 10_000) * 10
  const lines = rows.map(([method, what]) => {
    const { messages, instructions } = costs.get(method) ?? { messages: 0, instructions: 0 }
    return `| ${what} | ${messages} | ${thousands(instructions)} | ${method === 'plain' ? '' : `+${thousands(instructions - plain)}`} |`
  })
  return ['| | messages | thousand instructions | more than as it is |', '| --- | --- | --- | --- |', ...lines].join('\n')
}

async function compile(): Promise<Uint8Array> {
  const sources = [...(await readMotokoSources(root, main, [hooks]))]
  const packages = [[hooks.name, hooks.folder] as const]
  let wasm: Uint8Array | undefined
  await compileMotokoPrograms([{ main, sources, packages, extraFlags: ['--default-persistent-actors'], gcFlags: [] }], (reply) => {
    if (reply.ok) wasm = reply.wasm
  })
  if (wasm === undefined) throw new Error(`${main} does not compile`)
  return wasm
}
