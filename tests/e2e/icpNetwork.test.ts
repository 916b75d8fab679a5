/** A network that the real `icp` command starts, uses and stops as its own, through the launcher of this repository. */
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { buildCanister } from '@tidemark/build'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeFlags } from '../../tools/run/runtime.mjs'
import { fetchIcp, hasIcp, icp, icpBinary } from './support/icp.ts'

const root = join(import.meta.dirname, '..', '..')
const launcher = join(root, 'node_modules', '.bin', 'tidemark-icp-launcher')
const project = `
canisters:
  - name: backend
    build:
      steps:
        - type: pre-built
          path: backend.wasm
    settings:
      wasm_memory_limit: 8mib
      wasm_memory_threshold: 2mib
  - name: watcher
    build:
      steps:
        - type: pre-built
          path: watcher.wasm
    init_args: '(opt record { visibility = opt variant { public } })'
  - name: frontend
    build:
      steps:
        - type: pre-built
          path: frontend.wasm
    init_args: '(null)'
    sync:
      steps:
        - type: script
          command: node "$TIDEMARK" sync-assets pages
networks:
  - name: local
    mode: managed
    gateway: { bind: 127.0.0.1, port: 0 }
`

const environment = {
  ICP_CLI_NETWORK_LAUNCHER_PATH: launcher,
  ICP_CLI_PATH: icpBinary,
  TIDEMARK: join(root, 'apps', 'cli', 'bin', 'tidemark.mjs'),
}

describe.skipIf(!hasIcp)('a network managed by the real icp command', () => {
  let folder: string
  const run = async (...args: string[]) => {
    const done = await icp(folder, join(folder, '.home'), environment, ...args)
    expect(done.code, `icp ${args.join(' ')}\n${done.stdout}${done.stderr}`).toBe(0)
    return done.stdout
  }
  /** Host names of the network are no names of the machine. */
  const fetchAs = async (host: string, path: string): Promise<IncomingMessage> => {
    const { api_url: url } = JSON.parse(await run('network', 'status', '--json')) as { api_url: string }
    const { port } = new URL(url)
    return new Promise((resolve, reject) =>
      get({ host: '127.0.0.1', port, path, headers: { host: `${host}:${port}` } }, resolve).on('error', reject),
    )
  }
  const principalOf = async (name: string) => (await run('identity', 'principal', '--identity', name)).trim()

  beforeAll(async () => {
    fetchIcp()
    folder = mkdtempSync(join(tmpdir(), 'tidemark-icp-'))
    const sources = { backend: 'low_wasm_memory_hook', watcher: 'monitor', frontend: 'assets' }
    for (const [name, source] of Object.entries(sources)) {
      const { wasmPath } = await buildCanister({ root, name: source })
      copyFileSync(wasmPath, join(folder, `${name}.wasm`))
    }
    mkdirSync(join(folder, 'pages', 'more'), { recursive: true })
    writeFileSync(join(folder, 'pages', 'index.html'), '<h1>Hello</h1>')
    writeFileSync(join(folder, 'pages', 'more', 'large.txt'), 'x'.repeat(3_000_000))
    writeFileSync(join(folder, 'icp.yaml'), project)
    await run('identity', 'new', 'alice', '--storage', 'plaintext')
    await run('network', 'start', '-d')
  }, 300_000)

  afterAll(async () => {
    await icp(folder, join(folder, '.home'), {}, 'network', 'stop')
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  test('says where it is, and refuses to start twice', async () => {
    const status = JSON.parse(await run('network', 'status', '--json')) as Record<string, unknown>
    expect(status).toMatchObject({ managed: true, api_url: expect.stringMatching(/^http:\/\/localhost:\d+\/$/) })
    expect(await run('network', 'ping')).toContain('healthy')
    const again = await icp(folder, join(folder, '.home'), { ICP_CLI_NETWORK_LAUNCHER_PATH: launcher }, 'network', 'start', '-d')
    expect(again.code).not.toBe(0)
  }, 60_000)

  test('deploys, and upgrades what is there', async () => {
    expect(await run('deploy')).toContain('Created canister backend with ID')
    expect(await run('deploy', '--yes')).not.toContain('Created canister')
    expect(await run('canister', 'call', 'backend', 'get_executed_functions_order', '()')).toContain('variant')
  }, 120_000)

  test('has deployed a canister in TypeScript, and a frontend with its files', async () => {
    expect(await run('canister', 'call', 'watcher', 'alerts', '()')).toContain('vec {}')
    const page = await fetchAs('frontend.local.localhost', '/')
    expect([page.statusCode, await text(page)]).toEqual([200, '<h1>Hello</h1>'])
    expect((await text(await fetchAs('frontend.local.localhost', '/more/large.txt'))).length).toBe(3_000_000)
    writeFileSync(join(folder, 'pages', 'index.html'), '<h1>Hello again</h1>')
    await run('sync', 'frontend')
    expect(await text(await fetchAs('frontend.local.localhost', '/'))).toBe('<h1>Hello again</h1>')
  }, 120_000)

  test('shows and changes settings', async () => {
    expect(await run('canister', 'status', 'backend')).toContain('Wasm memory limit: 8_388_608')
    await run('canister', 'settings', 'update', 'backend', '--log-visibility', 'public', '--freezing-threshold', '31d')
    const status = await run('canister', 'status', 'backend')
    expect(status).toContain('Log visibility: Public')
    expect(status).toContain('Freezing threshold: 2_678_400')
    await run('canister', 'logs', 'backend', '--identity', 'alice')
  }, 60_000)

  test('takes a snapshot of a stopped canister and loads it again', async () => {
    await run('canister', 'stop', 'backend')
    const id = /Created snapshot ([0-9a-f]+)/.exec(await run('canister', 'snapshot', 'create', 'backend'))?.[1] ?? ''
    expect(await run('canister', 'snapshot', 'list', 'backend')).toContain(id)
    const saved = join(folder, 'saved')
    mkdirSync(saved)
    await run('canister', 'snapshot', 'download', 'backend', id, '--output', saved)
    await run('canister', 'snapshot', 'restore', 'backend', id)
    await run('canister', 'snapshot', 'delete', 'backend', id)
    await run('canister', 'snapshot', 'upload', 'backend', '--input', saved)
    await run('canister', 'start', 'backend')
  }, 120_000)

  test('moves ICP and cycles between identities', async () => {
    // Starting the network has given each identity a million ICP and 10^15 cycles.
    expect(await run('token', 'balance', '--identity', 'alice')).toContain('1000000.00000000 ICP')
    expect(await run('cycles', 'balance', '--identity', 'alice')).toContain('1_000_000_000_000_000 cycles')
    await run('token', 'transfer', '5', await principalOf('alice'))
    expect(await run('token', 'balance', '--identity', 'alice')).toContain('1000005.00000000 ICP')
    expect(await run('cycles', 'mint', '--icp', '2', '--identity', 'alice')).toContain('Minted 7_039_900_000_000 cycles')
    await run('canister', 'top-up', 'backend', '--amount', '1t', '--identity', 'alice')
    expect(await run('cycles', 'balance', '--identity', 'alice')).toContain('1_006_039_800_000_000 cycles')
  }, 60_000)

  test('creates a canister with ICP', async () => {
    expect(await run('canister', 'create', '--detached', '--with-icp', '2', '--identity', 'alice')).toContain('Created canister with ID')
  }, 60_000)

  test('calls through the proxy, signs here and sends there, and reads what a module publishes', async () => {
    const descriptor = JSON.parse(readFileSync(join(folder, '.icp/cache/networks/local/descriptor.json'), 'utf8')) as {
      'proxy-canister-id': string
    }
    const proxy = ['--proxy', descriptor['proxy-canister-id']]
    expect(await run('canister', 'call', 'backend', 'get_executed_functions_order', '()', ...proxy)).toContain('variant')
    await run('canister', 'create', '--detached', ...proxy)
    const did = await run('canister', 'metadata', 'backend', 'candid:service')
    expect(did).toContain('get_executed_functions_order')
    writeFileSync(join(folder, 'backend.did'), did)
    const call = ['backend', 'get_executed_functions_order', '()']
    await run('canister', 'call', ...call, '--candid', 'backend.did', '--sign-only', 'message.json')
    expect(await run('message', 'send', 'message.json', '--yes')).toContain('variant')
    expect(await run('canister', 'call', ...call, '--query', '--output', 'hex')).toMatch(/^4449444c/)
    await run('canister', 'settings', 'sync', 'backend')
  }, 60_000)

  test('lets a key speak for another for a while', async () => {
    writeFileSync(join(folder, 'session.pem'), await run('identity', 'delegation', 'request', 'session', '--storage', 'plaintext'))
    const chain = await run('identity', 'delegation', 'sign', '--key-pem', 'session.pem', '--duration', '1d', '--identity', 'alice')
    writeFileSync(join(folder, 'chain.json'), chain)
    await run('identity', 'delegation', 'use', 'session', '--from-json', 'chain.json')
    expect(await principalOf('session')).toBe(await principalOf('alice'))
    await run('token', 'approve', '1', await principalOf('alice'), '--expires-in', '24h')
    expect(await run('cycles', 'balance', '--identity', 'session')).toBe(await run('cycles', 'balance', '--identity', 'alice'))
  }, 60_000)

  test('is administered by tidemark in the same folder', async () => {
    const tidemark = async (...args: string[]) => {
      const main = join(root, 'apps', 'cli', 'src', 'main.ts')
      const { stdout } = await promisify(execFile)(process.execPath, [...nodeFlags, main, ...args], { cwd: folder })
      return stdout
    }
    expect(await tidemark('network', 'status')).toContain('http://127.0.0.1:')
    expect(await tidemark('canister', 'call', 'backend', 'get_executed_functions_order', '--query')).toContain('variant')
    expect(await tidemark('network', 'snapshot', 'take', 'before')).toContain('Took before')
  }, 60_000)

  test('keeps others from what they do not control', async () => {
    const refused = await icp(folder, join(folder, '.home'), {}, 'canister', 'stop', 'backend', '--identity', 'alice')
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toContain('IC0512')
  }, 60_000)

  test('answers under the host names that icp gives to canisters', async () => {
    const answer = await fetchAs('backend.local.localhost', '/')
    // The canister has no HTTP interface: that it is asked at all shows that the name is known.
    expect(await text(answer)).toContain('http_request')
  }, 60_000)

  test('deletes a canister and recovers its cycles', async () => {
    const balance = async () => BigInt(/([\d_]+) cycles/.exec(await run('cycles', 'balance'))?.[1]?.replaceAll('_', '') ?? '0')
    const before = await balance()
    await run('canister', 'delete', 'backend')
    expect((await balance()) - before).toBeGreaterThan(2_000_000_000_000n)
  }, 60_000)

  test('stops, and leaves no process behind', async () => {
    const descriptor = JSON.parse(readFileSync(join(folder, '.icp/cache/networks/local/descriptor.json'), 'utf8')) as {
      'child-locator': { pid: number }
    }
    await run('network', 'stop')
    expect(() => process.kill(descriptor['child-locator'].pid, 0)).toThrow('ESRCH')
  }, 60_000)
})
