import { describe, expect, test } from 'vitest'
import { fileAddress } from '../../src/feed/files.ts'
import { agentHostOf, findNetwork, identityProviderOf, readCanisterIds, readEnvironmentCookie } from '../../src/feed/network.ts'

const at = (address: string) => {
  const { protocol, hostname, port } = new URL(address)
  return { protocol, hostname, port }
}

describe('where the network is', () => {
  const cases = [
    { page: 'http://bkyz2-fmaaa-aaaaa-qaaaq-cai.localhost:4943/', host: 'http://localhost:4943', identity: 'http://id.ai.localhost:4943/' },
    {
      page: 'http://127.0.0.1:4943/?canisterId=bkyz2-fmaaa-aaaaa-qaaaq-cai',
      host: 'http://127.0.0.1:4943',
      identity: 'http://id.ai.localhost:4943/',
    },
    { page: 'http://dashboard.local.localhost:8000/', host: 'http://localhost:8000', identity: 'http://id.ai.localhost:8000/' },
    { page: 'https://bkyz2-fmaaa-aaaaa-qaaaq-cai.icp0.io/', host: 'https://icp-api.io', identity: 'https://id.ai/authorize' },
  ]
  test.each(cases)('$page', ({ page, host, identity }) => {
    expect(agentHostOf(at(page))).toBe(host)
    expect(identityProviderOf(at(page))).toBe(identity)
  })
})

describe('the ic_env cookie', () => {
  const value = encodeURIComponent('ic_root_key=0aff&PUBLIC_CANISTER_ID:monitor=mon-id&PUBLIC_OTHER=x')

  test('gives the root key and the canister ids', () => {
    const { rootKey, canisterIds } = readEnvironmentCookie(`a=b; ic_env=${value}; c=d`)
    expect(rootKey).toEqual(Uint8Array.of(0x0a, 0xff))
    expect([...canisterIds]).toEqual([['monitor', 'mon-id']])
  })

  test.each(['', 'ic_env=%E0%A4%A', 'other=ic_env=1', 'ic_env=ic_root_key=xyz'])('"%s" gives nothing', (cookies) => {
    const { rootKey, canisterIds } = readEnvironmentCookie(cookies)
    expect(rootKey).toBeUndefined()
    expect(canisterIds.size).toBe(0)
  })

  test('wins over canister_ids.json', async () => {
    const network = await findNetwork({
      address: at('http://x.localhost:4943/'),
      cookies: `ic_env=${value}`,
      fetchJson: () => Promise.reject(new Error('not asked for')),
    })
    expect(network).toMatchObject({ isLocal: true, rootKey: Uint8Array.of(0x0a, 0xff) })
    expect(network.canisterIds.get('monitor')).toBe('mon-id')
  })
})

describe('canister_ids.json', () => {
  const json = { monitor: { local: 'l', ic: 'i' }, hook: { ic: 'only' }, odd: { local: 7 }, strange: null }

  test.each([
    {
      isLocal: true,
      ids: [
        ['monitor', 'l'],
        ['hook', 'only'],
      ],
    },
    {
      isLocal: false,
      ids: [
        ['monitor', 'i'],
        ['hook', 'only'],
      ],
    },
  ])('local: $isLocal', ({ isLocal, ids }) => {
    expect([...readCanisterIds(json, isLocal)]).toEqual(ids)
  })

  test.each([undefined, null, 'text', 7, []])('%j gives no ids', (value) => {
    expect(readCanisterIds(value, true).size).toBe(0)
  })

  test('is asked for when there is no cookie', async () => {
    const network = await findNetwork({ address: at('http://127.0.0.1:4943/'), cookies: '', fetchJson: () => Promise.resolve(json) })
    expect(network.canisterIds.get('monitor')).toBe('l')
    expect(network.rootKey).toBeUndefined()
  })
})

test.each([
  { page: 'http://a.localhost:1/', file: 'http://a.localhost:1/modules/x.wasm' },
  { page: 'http://127.0.0.1:1/?canisterId=a-b', file: 'http://127.0.0.1:1/modules/x.wasm?canisterId=a-b' },
])('a file beside $page is found at $file', ({ page, file }) => {
  expect(fileAddress(page, 'modules/x.wasm')).toBe(file)
})
