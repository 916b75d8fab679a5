/** Runs the tests written in Motoko: each public method of a `*.test.mo` that takes nothing and returns nothing is one. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { compileMotokoPrograms, readMotokoSources } from '@tidemark/build'
import { expectReply, network } from '@tidemark/tests'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')
const folder = 'packages/hooks-motoko'
const hooks = { name: 'hooks', folder: `${folder}/src` }
const noArguments = new TextEncoder().encode('DIDL\0\0')

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.mo'))
const compiled = await compile(files)

describe.each(compiled)('$file', ({ wasm, methods }) => {
  test.each(methods)('%s', (method) => {
    const stage = network()
    const canister = stage.install(wasm, noArguments)
    const { bytes } = expectReply(stage.call(canister, method, noArguments, { rounds: 100 }))
    expect(bytes).toEqual(noArguments)
  })
})

interface Compiled {
  readonly file: string
  readonly wasm: Uint8Array
  readonly methods: readonly string[]
}

async function compile(names: readonly string[]): Promise<Compiled[]> {
  const requests = await Promise.all(
    names.map(async (name) => {
      const main = `${folder}/test/${name}`
      const sources = [...(await readMotokoSources(root, main, [hooks]))]
      return { main, sources, packages: [[hooks.name, hooks.folder] as const], extraFlags: ['--default-persistent-actors'], gcFlags: [] }
    }),
  )
  const results: Compiled[] = []
  const problems: string[] = []
  await compileMotokoPrograms(requests, (reply, index) => {
    const file = names[index] ?? ''
    if (!reply.ok) return void problems.push(`${file}: ${reply.message} ${JSON.stringify(reply.diagnostics)}`)
    const methods = [...reply.candid.matchAll(/^ *(\w+): \(\) -> \(\);/gm)].flatMap(([, name]) => name ?? [])
    results.push({ file, wasm: reply.wasm, methods })
  })
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return results
}
