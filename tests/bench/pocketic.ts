/** What the executable that speaks the PocketIC protocol takes: to start, for an instance more, and for fifty that live. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Principal } from '@tidemark/types'
import { compilePrograms } from '../motoko/support/programs.ts'
import { candid, encodeManagement } from '../support/index.ts'
import { type Figure, medianOf, milliseconds } from './figure.ts'

const executable = join(import.meta.dirname, '../../packages/pocketic/bin/tidemark-pocket-ic.mjs')
const bundler = join(import.meta.dirname, '../../packages/pocketic/bin/bundle.mjs')
const liveInstances = 50
const config = { subnet_config_set: { application: [{ state_config: 'New', instruction_config: 'Production' }] } }
/** Rounds of each live instance in real time before memory is looked at. */
const settleMillis = 2_000

export async function pocketic(): Promise<Figure[]> {
  // The first start after a change of the sources runs from them, and has this done for the next one.
  spawnSync(process.execPath, [bundler])
  const starts: number[] = []
  const ratios: number[] = []
  for (let n = 0; n < 5; n++) {
    // A busy machine delays both alike.
    const bare = milliseconds(() => void spawnSync(process.execPath, ['-e', '0']))
    const server = await start()
    await server.create()
    const elapsed = performance.now() - server.spawned
    starts.push(elapsed)
    ratios.push(elapsed / bare)
    await server.stop()
  }
  const server = await start()
  const ids = [await server.create()]
  const creations: number[] = []
  for (let n = 1; n < liveInstances; n++) {
    const started = performance.now()
    ids.push(await server.create())
    creations.push(performance.now() - started)
  }
  const wasm = (await compilePrograms(['counter'])).get('counter') ?? new Uint8Array(0)
  for (const id of ids) await install(server, id, wasm)
  await pause(settleMillis)
  const mib = await server.residentMib()
  await server.stop()
  return [
    {
      name: 'from spawning the PocketIC executable to its first instance, bundled',
      value: medianOf(starts),
      unit: 'ms',
      goal: 'under 400',
    },
    { name: 'the same, against the start of a Node that does nothing', value: medianOf(ratios), unit: '×', goal: '' },
    { name: 'an instance more', value: medianOf(creations), unit: 'ms', goal: 'under 20' },
    { name: `${liveInstances} live instances with a Motoko canister each`, value: mib, unit: 'MiB', goal: 'under 2048' },
  ]
}

interface Server {
  /** When it was spawned, as `performance.now`. */
  readonly spawned: number
  post(path: string, body: unknown): Promise<unknown>
  /** @returns the number of a new instance */
  create(): Promise<number>
  /** Memory of the server's processes. */
  residentMib(): Promise<number>
  stop(): Promise<void>
}

async function start(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-bench-'))
  const portFile = join(folder, 'port')
  const spawned = performance.now()
  const server = spawn(process.execPath, [executable, '--port-file', portFile], { stdio: 'ignore' })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  while (!(existsSync(portFile) && readFileSync(portFile, 'utf8').endsWith('\n'))) await pause(5)
  const url = `http://127.0.0.1:${readFileSync(portFile, 'utf8').trim()}`
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  return {
    spawned,
    post,
    create: async () => ((await post('/instances', config)) as { Created: { instance_id: number } }).Created.instance_id,
    residentMib: async () => residentMib(server.pid ?? 0),
    stop: async () => {
      server.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Gives an instance a canister and lets it live. */
async function install({ post }: Server, instance: number, wasm: Uint8Array): Promise<void> {
  const path = `/instances/${instance}`
  const manage = async (method: string, argument: unknown): Promise<string> => {
    const payload = Buffer.from(encodeManagement(method, argument)).toString('base64')
    const call = { sender: 'BA==', canister_id: '', effective_principal: 'None', method, payload }
    const { Ok: submitted } = (await post(`${path}/update/submit_ingress_message`, call)) as { Ok: unknown }
    const { Ok: reply } = (await post(`${path}/update/await_ingress_message`, submitted)) as { Ok: string }
    return reply
  }
  const creation = { amount: [10n ** 15n], settings: [], specified_id: [], sender_canister_version: [] }
  const created = await manage('provisional_create_canister_with_cycles', creation)
  // Candid of a record with one principal: its bytes are at the end.
  const id = candid(Principal.fromBytes(Uint8Array.from(Buffer.from(created, 'base64').subarray(-10))))
  const arg = Uint8Array.from(Buffer.from('DIDL\0\0'))
  await manage('install_code', { mode: { install: null }, canister_id: id, wasm_module: wasm, arg, sender_canister_version: [] })
  await post(`${path}/auto_progress`, { artificial_delay_ms: null })
}

/** Memory of a process and its children; only where the system tells it in files. */
function residentMib(parent: number): number {
  const children = `/proc/${parent}/task/${parent}/children`
  if (!existsSync(children)) return Number.NaN
  const pids = [parent, ...readFileSync(children, 'utf8').trim().split(' ').map(Number)]
  const kib = pids.map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0))
  return kib.reduce((sum, each) => sum + each, 0) / 1024
}
