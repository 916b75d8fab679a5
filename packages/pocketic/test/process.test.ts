/** The contract between the executable and whoever starts it. */
import { execFile, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { IDL } from '@icp-sdk/core/candid'
import { expect, test } from 'vitest'
import { program, universalCanister } from '../../../tests/support/index.ts'
import { printJson } from '../src/wire/json.ts'
import { base64 } from './support/client.ts'
import { eventually, executable, newFolder, startServer } from './support/server.ts'

const run = promisify(execFile)

async function post(url: string, body: Parameters<typeof printJson>[0]): Promise<{ Ok: string }> {
  return (await (await fetch(url, { method: 'POST', body: printJson(body) })).json()) as { Ok: string }
}

async function refuses(url: string): Promise<true | undefined> {
  return fetch(`${url}/status`).then(
    () => undefined,
    () => true as const,
  )
}

test('tells its version and its flags', async () => {
  expect((await run(process.execPath, [executable, '--version'])).stdout).toMatch(/^pocket-ic-server \d+\.\d+\.\d+\n$/)
  expect((await run(process.execPath, [executable, '--help'])).stdout).toContain('--hard-ttl')
})

test('a wrong flag is named', async () => {
  await expect(run(process.execPath, [executable, '--ttl', 'soon'])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--ttl must be'),
  })
})

test('the port file is there while the server listens', async () => {
  const server = await startServer()
  expect(readFileSync(server.portFile, 'utf8')).toMatch(/^\d+\n$/)
  expect((await fetch(`${server.url}/status`)).status).toBe(200)
  server.process.kill('SIGTERM')
  expect(await server.ended()).toBe(0)
  expect(existsSync(server.portFile)).toBe(false)
})

test('a port file that is there belongs to another server: nothing is started, nothing is said', async () => {
  const portFile = join(newFolder(), 'taken.port')
  writeFileSync(portFile, '1\n')
  expect(await run(process.execPath, [executable, '--port-file', portFile])).toMatchObject({ stdout: '', stderr: '' })
  expect(readFileSync(portFile, 'utf8')).toBe('1\n')
})

test.each([
  ['a while after the last request', ['--ttl', '1']],
  ['at a given time, used or not', ['--hard-ttl', '1']],
])('ends %s', async (_title, flags) => {
  const server = await startServer(...flags)
  expect(await server.ended()).toBe(0)
  expect(existsSync(server.portFile)).toBe(false)
})

test('ends when its launcher is killed, and takes its port file along', async () => {
  const server = await startServer()
  server.process.kill('SIGKILL')
  await eventually(() => refuses(server.url))
  await eventually(() => (existsSync(server.portFile) ? undefined : true))
})

test('ends when the client that started it is gone', async () => {
  const portFile = join(newFolder(), 'server.port')
  const client = spawn(process.execPath, [
    '-e',
    `require('node:child_process').spawn(${JSON.stringify(process.execPath)}, [${JSON.stringify(executable)}, '--port-file', ${JSON.stringify(portFile)}], { stdio: 'ignore' })`,
  ])
  const port = await eventually(() => (existsSync(portFile) && readFileSync(portFile, 'utf8').trim()) || undefined)
  client.kill('SIGKILL')
  await eventually(() => (existsSync(portFile) ? undefined : true))
  await eventually(() => refuses(`http://127.0.0.1:${port}`))
})

test('lines that canisters print are on standard error before the call is answered', async () => {
  const server = await startServer()
  const instance = `${server.url}/instances/0`
  await post(`${server.url}/instances`, { subnet_config_set: { application: [{ state_config: 'New', instruction_config: 'Production' }] } })
  const manage = async (method: string, payload: Uint8Array): Promise<Uint8Array> => {
    const call = { sender: 'BA==', canister_id: '', effective_principal: 'None', method, payload: base64(payload) }
    const submitted = await post(`${instance}/update/submit_ingress_message`, call)
    return Uint8Array.from(Buffer.from((await post(`${instance}/update/await_ingress_message`, submitted.Ok)).Ok, 'base64'))
  }
  const created = await manage(
    'provisional_create_canister_with_cycles',
    IDL.encode([IDL.Record({ amount: IDL.Opt(IDL.Nat) })], [{ amount: [] }]),
  )
  const [{ canister_id: id }] = IDL.decode([IDL.Record({ canister_id: IDL.Principal })], created) as unknown as [
    { canister_id: { toUint8Array(): Uint8Array } },
  ]
  const install = IDL.Record({
    mode: IDL.Variant({ install: IDL.Null }),
    canister_id: IDL.Principal,
    wasm_module: IDL.Vec(IDL.Nat8),
    arg: IDL.Vec(IDL.Nat8),
  })
  const wasm = universalCanister()
  await manage(
    'install_code',
    IDL.encode([install], [{ mode: { install: null }, canister_id: id, wasm_module: wasm, arg: new Uint8Array(0) }]),
  )
  const arg = program().sys('debug_print', 'a line').reply().bytes()
  const query = {
    sender: 'BA==',
    canister_id: base64(id.toUint8Array()),
    effective_principal: 'None',
    method: 'query',
    payload: base64(arg),
  }
  await post(`${instance}/read/query`, query)
  await eventually(() => (server.errors() === '' ? undefined : true))
  expect(server.errors()).toMatch(/^2021-05-06 19:17:10\.000000002 UTC: \[Canister lxzze-o7777-77777-aaaaa-cai\] a line\n$/)
  server.process.kill('SIGTERM')
  await server.ended()
})
