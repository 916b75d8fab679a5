import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Principal } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { createSite } from '../../src/server/site.ts'
import { temporaryFolder } from '../support/terminal.ts'

function siteWith(folder = 'not built') {
  return createSite({
    host: '0.0.0.0',
    timeNanos: () => 1_700_000_000_000_000_000n,
    folders: { identity: folder, candid: join(folder, 'candid') },
    identitySeed: new Uint8Array(32).fill(0xab),
    landing: () => [{ name: 'a<b', id: 'aaaaa-aa', url: 'http://x/' }],
    defaultEffectiveCanisterId: Principal.canister(0n),
  })
}

const get = async (url: string, headers: Record<string, string> = {}, folder?: string, address = '127.0.0.1') =>
  siteWith(folder)(new Request(url, { headers }), '', { address })

test('the root of the network lists what runs there', async () => {
  const answer = await get('http://127.0.0.1:4943/')
  expect(await answer?.text()).toContain('<a href="http://x/">a&lt;b</a>')
})

test('the topology names an id that a canister can be created under', async () => {
  const answer = await get('http://localhost:4943/_/topology')
  expect(await answer?.json()).toEqual({ default_effective_canister_id: { canister_id: 'AAAAAAAAAAABAQ==' } })
})

test.each([
  'http://abc.localhost/',
  'http://127.0.0.1/?canisterId=aaaaa-aa',
  'http://id.ai.localhost/api/v2/status',
  'http://127.0.0.1/other',
])('%s is left to the canisters', async (url) => expect(await get(url)).toBeUndefined())

test.each(['http://a4gq6-oaaaa-aaaab-qaa4q-cai.localhost/?id=x', 'http://127.0.0.1/?canisterId=a4gq6-oaaaa-aaaab-qaa4q-cai&id=x'])(
  '%s is the page on which methods are called',
  async (url) => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'candid', 'assets'), { recursive: true })
    writeFileSync(join(folder.path, 'candid', 'index.html'), 'candid')
    writeFileSync(join(folder.path, 'candid', 'assets', 'a.js'), 'script')
    expect(await (await get(url, {}, folder.path))?.text()).toBe('candid')
    const script = await get(new URL('./assets/a.js', url).href, { referer: url }, folder.path)
    expect(await script?.text()).toBe('script')
  },
)

describe('the sign-in page', () => {
  test.each(['192.168.0.9', '::ffff:10.0.0.1', 'fe80::1', '', '128.0.0.1'])(
    'is not there for %s, whatever host it asks for',
    async (address) => {
      for (const url of [
        'http://id.ai.localhost/authorize',
        'http://rdmx6-jaaaa-aaaaa-aaadq-cai.localhost/seed',
        'http://192.168.0.1:4943/seed?canisterId=rdmx6-jaaaa-aaaaa-aaadq-cai',
      ]) {
        expect((await get(url, {}, undefined, address))?.status).toBe(403)
      }
    },
  )

  test.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])('is there for %s', async (address) => {
    expect((await get('http://id.ai.localhost/seed', {}, undefined, address))?.status).toBe(200)
  })

  test('gets its secret with the time of the network, which what it signs must outlive', async () => {
    const answer = await get('http://id.ai.localhost/seed')
    expect(await answer?.json()).toEqual({ seed: 'ab'.repeat(32), timeNanos: '1700000000000000000' })
  })

  test.each([
    ['http://id.ai.localhost:4943/authorize', {}],
    ['http://rdmx6-jaaaa-aaaaa-aaadq-cai.localhost/', {}],
    ['http://uqzsh-gqaaa-aaaaq-qaada-cai.localhost/cli', {}],
    ['http://127.0.0.1:4943/?canisterId=rdmx6-jaaaa-aaaaa-aaadq-cai', {}],
  ])('%s', async (url, headers) => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'index.html'), 'sign in')
    const answer = await get(url, headers, folder.path)
    expect([await answer?.text(), answer?.headers.get('content-type')]).toEqual(['sign in', 'text/html; charset=utf-8'])
  })

  test('its scripts come by host name and by the page that asks for them', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'assets'))
    writeFileSync(join(folder.path, 'assets', 'a.js'), 'script')
    const referer = 'http://127.0.0.1:4943/?canisterId=rdmx6-jaaaa-aaaaa-aaadq-cai'
    expect(await (await get('http://id.ai.localhost/assets/a.js', {}, folder.path))?.text()).toBe('script')
    expect(await (await get('http://127.0.0.1:4943/assets/a.js', { referer }, folder.path))?.text()).toBe('script')
  })

  test('files outside of it stay there', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'page'))
    writeFileSync(join(folder.path, 'page', 'index.html'), 'sign in')
    writeFileSync(join(folder.path, 'secret'), 'secret')
    for (const path of ['/..%2fsecret', '/%2e%2e/secret', '/assets/..%2f..%2fsecret', '/%00']) {
      expect(await (await get(`http://id.ai.localhost${path}`, {}, join(folder.path, 'page')))?.text(), path).toBe('sign in')
    }
  })

  test('gives its seed on its own hosts only', async () => {
    expect(await (await get('http://id.ai.localhost/seed'))?.json()).toMatchObject({ seed: 'ab'.repeat(32) })
    expect(await get('http://127.0.0.1/seed')).toBeUndefined()
  })

  test('gives its seed to no page of another origin', async () => {
    const refused = await get('http://id.ai.localhost/seed', { 'sec-fetch-site': 'cross-site' })
    expect([refused?.status, await refused?.text()]).toEqual([403, ''])
    const own = await get('http://id.ai.localhost/seed', { 'sec-fetch-site': 'same-origin' })
    expect(own?.headers.get('access-control-allow-origin')).toBe('http://id.ai.localhost')
  })

  test('says when it was not built', async () => {
    expect((await get('http://id.ai.localhost/'))?.status).toBe(503)
    expect(await (await get('http://a4gq6-oaaaa-aaaab-qaa4q-cai.localhost/'))?.text()).toContain('npm start')
  })
})
