/** The network that the `icp` command has started, as other commands of the project see it. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { launch } from '../../src/launcher/launch.ts'
import { createTerminal, run, temporaryFolder } from '../support/terminal.ts'

const project = temporaryFolder()
const networkFolder = join(project.path, '.icp', 'cache', 'networks', 'local')
const stateFolder = join(networkFolder, 'state')
const adminFile = join(stateFolder, 'admin.json')
afterAll(() => project[Symbol.dispose]())

interface Status {
  readonly gateway_port: number
  readonly root_key: string
  readonly default_effective_canister_id: string
}

/** Starts it as icp does, and leaves the file that icp leaves then. */
async function start(statusFolder: string) {
  const terminal = createTerminal(project.path)
  const ended = launch(['--interface-version=1.1.0', '--state-dir', stateFolder, `--status-dir=${statusFolder}`], terminal)
  const file = join(statusFolder, 'status.json')
  const ready = async (): Promise<Status> => {
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Status
    await delay(20)
    return ready()
  }
  const status = await Promise.race([ready(), ended.then(() => expect.fail(terminal.err()))])
  mkdirSync(networkFolder, { recursive: true })
  writeFileSync(join(networkFolder, 'descriptor.json'), JSON.stringify({ v: '1', gateway: { port: status.gateway_port } }))
  return {
    status,
    stop: () => {
      terminal.interrupt()
      return ended
    },
  }
}

test('is administered by the commands of the project, and goes on from its state', async () => {
  const first = await start(join(project.path, 'first'))
  const command = (line: string) => run(project.path, line.split(' '))
  expect(statSync(adminFile).mode & 0o777).toBe(0o600)

  expect((await command('network status')).out).toContain(`http://127.0.0.1:${first.status.gateway_port}`)
  expect((await command('network time advance 60')).code).toBe(0)
  expect((await command('network snapshot take before')).code).toBe(0)

  mkdirSync(join(project.path, '.icp', 'cache', 'mappings'), { recursive: true })
  const mappings = { cycles: 'um5iw-rqaaa-aaaaq-qaaba-cai' }
  writeFileSync(join(project.path, '.icp', 'cache', 'mappings', 'local.ids.json'), JSON.stringify(mappings))
  const { out, err } = await command('canister call cycles icrc1_name --query')
  expect(out, err).toContain('Trillion Cycles')
  writeFileSync(
    join(project.path, 'dfx.json'),
    JSON.stringify({ canisters: { mine: { type: 'custom', wasm: 'mine.wasm', candid: 'mine.did' } } }),
  )
  expect((await command('canister create mine')).code).toBe(0)
  const hooks = await command('canister hooks mine')
  expect(hooks.out, hooks.err).toContain('mine')
  const timeOf = async () =>
    BigInt((JSON.parse((await command('network time get --json')).out) as { blockTimeNanos: string }).blockTimeNanos)
  const before = await timeOf()
  await first.stop()
  expect(existsSync(adminFile)).toBe(false)
  expect((await command('network status')).err).toContain('No local network of this project is running.')

  const second = await start(join(project.path, 'second'))
  expect(second.status.root_key).toBe(first.status.root_key)
  expect(await timeOf()).toBeGreaterThan(before)
  expect((await command('canister call cycles icrc1_name --query')).out).toContain('Trillion Cycles')
  await second.stop()
}, 180_000)
