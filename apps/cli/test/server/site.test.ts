import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Principal } from '@tidemark/types'
import { expect, test } from 'vitest'
import { createSite } from '../../src/server/site.ts'
import { temporaryFolder } from '../support/terminal.ts'

function siteWith(folder = 'not built') {
  return createSite({
    folders: { candid: join(folder, 'candid') },
    landing: () => [{ name: 'a<b', id: 'aaaaa-aa', url: 'http://x/' }],
    defaultEffectiveCanisterId: Principal.canister(0n),
    isAwaited: (host) => host === 'soon.localhost',
  })
}

const get = async (url: string, headers: Record<string, string> = {}, folder?: string) => siteWith(folder)(new Request(url, { headers }))

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
  'http://a4gq6-oaaaa-aaaab-qaa4q-cai.localhost/api/v2/status',
  'http://id.ai.localhost/authorize',
  'http://127.0.0.1/?canisterId=rdmx6-jaaaa-aaaaa-aaadq-cai',
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

test('a host whose canister is still to come asks for patience, and looks again by itself', async () => {
  const answer = await get('http://soon.localhost/#authorize')
  expect([answer?.status, answer?.headers.get('content-security-policy')]).toEqual([
    503,
    expect.stringMatching(/script-src 'sha256-[A-Za-z0-9+/]+=*'/),
  ])
  expect(await answer?.text()).toContain('location.reload()')
})

test('files outside of a page stay there', async () => {
  using folder = temporaryFolder()
  mkdirSync(join(folder.path, 'candid'))
  writeFileSync(join(folder.path, 'candid', 'index.html'), 'candid')
  writeFileSync(join(folder.path, 'secret'), 'secret')
  for (const path of ['/..%2fsecret', '/%2e%2e/secret', '/assets/..%2f..%2fsecret', '/%00']) {
    expect(await (await get(`http://a4gq6-oaaaa-aaaab-qaa4q-cai.localhost${path}`, {}, folder.path))?.text(), path).toBe('candid')
  }
})

test('a page that was not built says how to build it', async () => {
  const answer = await get('http://a4gq6-oaaaa-aaaab-qaa4q-cai.localhost/')
  expect([answer?.status, await answer?.text()]).toEqual([503, expect.stringContaining('npm start')])
})
