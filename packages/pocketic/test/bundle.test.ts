/** The one file that later starts run from. */
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { executable, newFolder, startServer } from './support/server.ts'

interface Bundle {
  serverProgram(note?: string): { readonly program: string; readonly isBundle: boolean }
}

const script = join(executable, '..', 'bundle.mjs')
const { serverProgram } = (await import(pathToFileURL(script).href)) as Bundle

test('serves as the sources do', { timeout: 120_000 }, async () => {
  execFileSync(process.execPath, [script])
  const { program, isBundle } = serverProgram()
  expect([isBundle, existsSync(program)]).toEqual([true, true])
  const server = await startServer()
  const body = JSON.stringify({ subnet_config_set: { application: [{ state_config: 'New', instruction_config: 'Production' }] } })
  expect((await fetch(`${server.url}/instances`, { method: 'POST', body })).status).toBe(201)
  expect((await fetch(`${server.url}/instances/0/api/v2/status`)).status).toBe(200)
  server.process.kill('SIGTERM')
  expect(await server.ended()).toBe(0)
})

test.each([
  ['a source has changed', JSON.stringify({ bundle: 'server.mjs', inputs: [['package.json', '1 1']] })],
  ['a source is gone', JSON.stringify({ bundle: 'server.mjs', inputs: [['packages/gone.ts', '1 1']] })],
  ['its note is damaged', '{'],
])('is not used when %s', (_, note) => {
  const file = join(newFolder(), 'bundle.json')
  writeFileSync(file, note)
  expect(serverProgram(file)).toEqual({ program: expect.stringMatching(/main\.ts$/), isBundle: false })
})
