/** A local network goes on where it was. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createProject, repeatUntil, type TestProject } from './support/project.ts'

const program = join(import.meta.dirname, '..', 'src', 'main.ts')
const name = 'low_wasm_memory_hook_wasm'

const idOf = async (project: TestProject) => (await project.run(`canister id ${name}`)).out.trim()
const stateFolder = (project: TestProject) => join(project.path, '.tidemark', 'network', 'local', 'state')

test('canisters, their memory, ids and settings are there after Ctrl+C and the next start, and gone with --clean', async () => {
  await using project = createProject()
  const first = await project.start()
  await project.run(`deploy ${name}`)
  await project.run(`canister update-settings ${name} --freezing-threshold 1234567`)
  const id = await idOf(project)
  await repeatUntil(() => project.run(`canister call ${name} get_executed_functions_order --query`), /OnLowWasmMemory/)
  expect((await first.stop()).code).toBe(0)

  const second = await project.start()
  expect(await idOf(project)).toBe(id)
  const { out } = await project.run(`canister call ${name} get_executed_functions_order --query`)
  expect(out.match(/OnLowWasmMemory/g)).toHaveLength(1)
  expect((await project.run(`canister status ${name}`)).out).toContain('Freezing threshold: 1_234_567 Seconds')
  expect((await project.run(`deploy ${name}`)).out).toContain('is already installed.')
  await second.stop()

  const third = await project.start(['start', '--clean'])
  expect((await project.run(`canister id ${name}`)).code).toBe(1)
  await third.stop()
})

test('every call that was answered is there after the process was killed', async () => {
  await using project = createProject()
  const killed = spawn(process.execPath, [...process.execArgv, program, 'start'], {
    cwd: project.path,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(killed, 'exit')
  await new Promise<void>((resolve) => killed.stdout.on('data', (text) => String(text).includes('Replica API running') && resolve()))
  await project.run(`deploy ${name}`)
  await project.run(`canister update-settings ${name} --freezing-threshold 1234567`)
  const id = await idOf(project)
  killed.kill('SIGKILL')
  await ended

  const next = await project.start()
  expect(await idOf(project)).toBe(id)
  expect((await project.run(`canister status ${name}`)).out).toContain('Freezing threshold: 1_234_567 Seconds')
  await next.stop()
})

test('a state that is damaged is told with its file, and is not lost by that', async () => {
  await using project = createProject()
  await (await project.start()).stop()
  const packs = join(stateFolder(project), 'trees')
  const [tree = ''] = readdirSync(packs)
  writeFileSync(join(packs, tree), 'not what was written')
  const { code, err } = await project.run('start')
  expect(code).toBe(1)
  expect(err).toContain('Error: The network cannot go on from where it was.')
  expect(err).toContain(tree)
  expect(err).toContain('--clean')
  expect(existsSync(join(packs, tree))).toBe(true)
  await (await project.start(['start', '--clean'])).stop()
})
