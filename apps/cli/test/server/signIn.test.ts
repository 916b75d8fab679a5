/** The sign-in page of a local network, which is a canister like any other. */
import { generateKeyPairSync } from 'node:crypto'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { Actor, HttpAgent } from '@dfinity/agent'
import { internetIdentity, type InternetIdentityService } from '@tidemark/bindings'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PemIdentity } from '../../src/network/pemIdentity.ts'
import { type LocalNetwork, startLocalNetwork } from '../../src/server/localNetwork.ts'
import { buildSystemModules } from '../../src/server/systemModules.ts'
import { temporaryFolder } from '../support/terminal.ts'

const folder = temporaryFolder()
let early: Awaited<ReturnType<typeof ask>>
let modules: ReadonlyMap<string, Uint8Array>
let network: LocalNetwork

const start = () =>
  startLocalNetwork({
    host: '127.0.0.1',
    port: 0,
    seed: new Uint8Array(32).fill(1),
    profile: '2026',
    experimentalHooks: false,
    stateFolder: folder.path,
    folders: { candid: 'not built' },
    landing: () => [],
    onFailure: (error) => {
      throw error
    },
  })

async function ask(host: string, path: string, headers: Record<string, string> = {}) {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const at = { host: '127.0.0.1', port: network.port, path, headers: { ...headers, host } }
    get(at, resolve).on('error', reject)
  })
  return {
    status: answer.statusCode,
    type: answer.headers['content-type'],
    id: answer.headers['x-ic-canister-id'],
    body: await text(answer),
  }
}

async function identities(key: PemIdentity): Promise<InternetIdentityService> {
  const agent = await HttpAgent.create({ host: `http://127.0.0.1:${network.port}`, identity: key, shouldFetchRootKey: true })
  return Actor.createActor<InternetIdentityService>(internetIdentity.idlFactory, { agent, canisterId: 'rdmx6-jaaaa-aaaaa-aaadq-cai' })
}

beforeAll(async () => {
  modules = await buildSystemModules((_, task) => task(), ['internet_identity'])
  network = await start()
  expect(network.has('internet_identity')).toBe(false)
  early = await ask('id.ai.localhost', '/authorize')
  network.furnish(modules)
}, 120_000)
afterAll(async () => {
  await network?.close()
  folder[Symbol.dispose]()
})

test.each([
  ['id.ai.localhost', '/authorize', 'rdmx6-jaaaa-aaaaa-aaadq-cai'],
  ['rdmx6-jaaaa-aaaaa-aaadq-cai.localhost', '/', 'rdmx6-jaaaa-aaaaa-aaadq-cai'],
  ['uqzsh-gqaaa-aaaaq-qaada-cai.localhost', '/cli', 'uqzsh-gqaaa-aaaaq-qaada-cai'],
  ['127.0.0.1', '/?canisterId=rdmx6-jaaaa-aaaaa-aaadq-cai', 'rdmx6-jaaaa-aaaaa-aaadq-cai'],
  ['id.ai.localhost', '/a/b/c.js', 'rdmx6-jaaaa-aaaaa-aaadq-cai'],
  ['id.ai.localhost', '/%C3%A9/', 'rdmx6-jaaaa-aaaaa-aaadq-cai'],
])('%s%s is the page, and proves it', async (host, path, id) => {
  expect(await ask(host, path)).toEqual({
    status: 200,
    type: 'text/html; charset=utf-8',
    id,
    body: expect.stringContaining('<title>Internet Identity</title>'),
  })
})

test('before it is there, its host asks for patience', () => {
  expect(early).toMatchObject({ status: 503, type: 'text/html; charset=utf-8', body: expect.stringContaining('One moment') })
})

test('its scripts come by host name and by the page that asks for them', async () => {
  const [script = ''] = /\/assets\/[^"]+\.js/.exec((await ask('id.ai.localhost', '/')).body) ?? []
  const expected = { status: 200, type: 'text/javascript; charset=utf-8' }
  expect(await ask('id.ai.localhost', script)).toMatchObject(expected)
  const referer = `http://127.0.0.1:${network.port}/?canisterId=rdmx6-jaaaa-aaaaa-aaadq-cai`
  expect(await ask('127.0.0.1', script, { referer })).toMatchObject(expected)
})

test('the icp command learns where it links identities', async () => {
  const { type, body } = await ask('id.ai.localhost', '/.well-known/cli-auth-config')
  expect([type, JSON.parse(body)]).toEqual(['application/json', { path: '/cli' }])
})

test('a path that cannot be read is refused', async () => {
  expect((await ask('id.ai.localhost', '/%e6')).status).not.toBe(200)
})

test('identities outlive the network', async () => {
  const key = PemIdentity.fromPem(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  const pubkey = new Uint8Array(key.getPublicKey().toDer())
  const before = await identities(key)
  await before.register_number(77n, {
    pubkey,
    alias: '',
    credential_id: [],
    aaguid: [],
    purpose: { authentication: null },
    key_type: { unknown: null },
    protection: { unprotected: null },
    origin: [],
    metadata: [],
  })
  const principal = await before.get_principal(77n, 'https://shop.example')
  await network.close()
  network = await start()
  expect(network.has('internet_identity')).toBe(true)
  const after = await identities(key)
  expect((await after.get_principal(77n, 'https://shop.example')).toText()).toBe(principal.toText())
  expect((await ask('id.ai.localhost', '/')).status).toBe(200)
})
