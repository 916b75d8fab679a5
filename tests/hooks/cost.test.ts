/** What the libraries cost. docs/hooks/library.md quotes the figures, and this test holds it to them. */
import { join } from 'node:path'
import { compileMotokoPrograms, readMotokoSources } from '@tidemark/build'
import { createTraceRecorder } from '@tidemark/trace'
import { test } from 'vitest'
import { candid, expectInPage, expectReply, network, user } from '../support/index.ts'
import { exampleInit, exampleInterface } from './support/candid.ts'
import { moduleOf } from './support/modules.ts'
import type { Language } from './support/target.ts'

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

test('the table of what a run costs', { timeout: 300_000 }, async () => {
  const measured = await Promise.all(
    (['motoko', 'typescript'] as const).flatMap((language) => [true, false].map((isNative) => measureRun(language, isNative))),
  )
  const lines = measured.map(({ language, isNative, messages, instructions }) => {
    const how = isNative ? 'by the network' : 'by a monitor'
    return `| ${language === 'motoko' ? 'Motoko' : 'TypeScript'}, called ${how} | ${messages} | ${Math.round(instructions / 100_000) / 10} |`
  })
  expectInPage(page, 'run', ['| | messages | million instructions |', '| --- | --- | --- |', ...lines].join('\n'))
})

/** A run of the example's `canister_on_unfreeze`, whose handler only notes that it ran; the second one, when all is warm. */
async function measureRun(language: Language, isNative: boolean): Promise<Cost & { language: Language; isNative: boolean }> {
  const trace = createTraceRecorder({ capacity: 10_000 })
  const net = network({ trace, experimentalHooks: isNative })
  const id = net.install(await moduleOf(language), exampleInit([candid(user)]))
  const run = (number: bigint) => {
    net.tick(10)
    const from = trace.nextSeq()
    if (isNative) for (const seconds of [10n ** 15n, 0n]) expectReply(net.updateSettings(id, { freezing_threshold: seconds }))
    else expectReply(net.call(id, 'canister_on_unfreeze', exampleInterface.encode('canister_on_unfreeze', [[{ number }]])))
    net.tick(10)
    const events = trace.events(from).filter(({ canisterId, kind }) => canisterId === id.toText() && kind !== 'management')
    return { messages: events.length, instructions: events.reduce((sum, each) => sum + Number(each.instructions), 0) }
  }
  run(1n)
  return { language, isNative, ...run(2n) }
}

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
