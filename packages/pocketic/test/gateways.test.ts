/** HTTP gateways with what clients ask for beside a port. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { get, request as plainRequest } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JsonValue } from '../src/wire/json.ts'
import { selfSignedCertificate } from './support/certificate.ts'
import { type Client, createClient, createFixture, createInstance, type Fixture } from './support/client.ts'

const { cert, key } = selfSignedCertificate('localhost')
const folder = mkdtempSync(join(tmpdir(), 'pocketic-gateway-'))
const files = { cert_path: join(folder, 'cert.pem'), key_path: join(folder, 'key.pem') }

let client: Client
let fixture: Fixture

beforeAll(async () => {
  writeFileSync(files.cert_path, cert)
  writeFileSync(files.key_path, key)
  client = createClient()
  fixture = await createFixture(client)
})

afterAll(() => client.close())

async function createGateway(config: { readonly [name: string]: JsonValue }): Promise<number> {
  const answered = await client.post('/http_gateway', { forward_to: { PocketIcInstance: 0 }, ip_addr: null, port: null, ...config })
  expect(answered.status).toBe(201)
  return (answered.body as { Created: { port: number } }).Created.port
}

async function statusOf(sent: ReturnType<typeof get>): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  sent.on('response', (response) => {
    response.resume()
    resolve(response.statusCode)
  })
  sent.on('error', reject)
  sent.end()
  return promise
}

test('a gateway with a certificate speaks HTTPS, under that certificate', async () => {
  const port = await createGateway({ domains: ['localhost'], https_config: files })
  expect(await statusOf(request({ host: '127.0.0.1', port, servername: 'localhost', path: '/api/v2/status', ca: cert }))).toBe(200)
  await expect(statusOf(request({ host: '127.0.0.1', port, path: '/api/v2/status' }))).rejects.toMatchObject({
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  })
  await expect(statusOf(get({ host: '127.0.0.1', port, path: '/api/v2/status' }))).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect((await client.get('/http_gateway')).body).toContainEqual(
    expect.objectContaining({ port, domains: ['localhost'], https_config: files }),
  )
})

test('an instance is created with a gateway that speaks HTTPS', async () => {
  const { body } = await client.post('/instances', {
    subnet_config_set: { application: [{ state_config: 'New', instruction_config: 'Production' }] },
    http_gateway_config: { ip_addr: null, port: null, domains: null, https_config: files },
  })
  const { port } = (body as { Created: { http_gateway_info: { port: number } } }).Created.http_gateway_info
  expect(await statusOf(request({ host: '127.0.0.1', port, servername: 'localhost', path: '/api/v2/status', ca: cert }))).toBe(200)
})

test.each([
  ['no certificate', { cert_path: join(folder, 'none.pem'), key_path: files.key_path }],
  ['a key in place of the certificate', { cert_path: files.key_path, key_path: files.key_path }],
  ['a file that is no key', { cert_path: files.cert_path, key_path: import.meta.filename }],
])('%s: 502 with the reason, and no gateway', async (_title, https) => {
  const before = (await client.get('/http_gateway')).body
  expect(await client.post('/http_gateway', { forward_to: { PocketIcInstance: 0 }, https_config: https })).toEqual({
    status: 502,
    body: { Error: { message: expect.stringMatching(/^TLS config could not be created: /) } },
  })
  expect((await client.get('/http_gateway')).body).toEqual(before)
})

test('an instance whose gateway has no certificate is not left behind', async () => {
  await createInstance(client)
  const config = { subnet_config_set: { application: [{}] }, http_gateway_config: { https_config: { cert_path: 'a', key_path: 'b' } } }
  expect(await client.post('/instances', config)).toMatchObject({ status: 502 })
  expect((await client.get('/instances')).body).toMatchObject(expect.arrayContaining(['Deleted']))
})

test('canisters have the host names that a file gives them, as it changes', async () => {
  const file = join(folder, 'domains.txt')
  const port = await createGateway({ domain_custom_provider_local_file: file })
  const ask = () => statusOf(plainRequest({ host: '127.0.0.1', port, headers: { host: `My-App.example.com:${port}` } }))
  expect(await ask()).toBe(400)
  writeFileSync(file, `other.example.com:aaaaa-aa\nmy-app.example.com:${fixture.canisterId.toText()}\n`)
  // The canister has no `http_request`: it was found.
  expect(await ask()).toBe(503)
})
