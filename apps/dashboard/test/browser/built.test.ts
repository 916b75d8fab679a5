import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeInBrowser, launch, openPage } from './chromium.ts'
import { answerFrom, bundleAsBuilt, serve, type Files, type Served } from './serve.ts'

const root = join(import.meta.dirname, '../..')
const canisterId = 'bkyz2-fmaaa-aaaaa-qaaaq-cai'

describe('what is built', () => {
  test.each([
    { name: 'the dashboard', config: 'vite.config.ts', addresses: /^\.\// },
    { name: 'the sign-in page', config: 'vite.identity.config.ts', addresses: /^\// },
  ])('$name is one script and one style sheet, and asks no other host for anything', async ({ config, addresses }) => {
    const files = await bundleAsBuilt(root, config)
    const page = String(files.get('/index.html'))
    const asked = Array.from(page.matchAll(/(?:src|href)="([^"]+)"/g), ([, address]) => address ?? '')
    expect(asked).toHaveLength(3)
    for (const address of asked) expect(address).toMatch(addresses)
    expect([...files.keys()].filter((path) => path.endsWith('.js'))).toHaveLength(1)
    for (const [path, content] of files) {
      if (path.endsWith('.css')) expect(String(content)).not.toMatch(/@import|url\(|https?:/)
    }
  })
})

describeInBrowser('the built page behind a gateway', () => {
  let browser: Browser
  let served: Served
  let files: Files
  let answersApi = false

  beforeAll(async () => {
    files = await bundleAsBuilt(root, 'vite.config.ts')
    served = await serve((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
      if (pathname.startsWith('/api/')) {
        answersApi = true
        return void response.writeHead(503, { 'access-control-allow-origin': '*' }).end('starting')
      }
      // As a gateway does: the canister is named by host, by query, or by the page that the request comes from.
      const byHost = (request.headers.host ?? '').startsWith(canisterId)
      const byReferer = new URL(request.headers.referer ?? 'http://localhost').searchParams.get('canisterId')
      if (!byHost && (searchParams.get('canisterId') ?? byReferer) !== canisterId)
        return void response.writeHead(400).end('canister id not resolved')
      if (pathname === '/canister_ids.json') {
        const ids = { monitor: { local: canisterId }, low_wasm_memory_hook: { local: canisterId } }
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ids))
      }
      answerFrom(files)(request, response)
    })
    browser = await launch()
  })
  afterAll(async () => {
    await browser.close()
    await served.close()
  })

  test.each([
    { how: 'under its own host name', address: (port: number) => `http://${canisterId}.localhost:${port}/` },
    { how: 'by its id in the query', address: (port: number) => `http://127.0.0.1:${port}/?canisterId=${canisterId}` },
  ])('loads $how, and says that the network does not answer', async ({ address }) => {
    const { page, complaints } = await openPage(browser, address(served.port))
    await page.locator('session-bar .network[data-kind="trouble"]').waitFor()
    expect(answersApi).toBe(true)
    expect(await page.getByRole('heading', { name: 'Memory-allocation bill' }).count()).toBe(1)
    expect(complaints.filter((complaint) => !/Failed to load resource/.test(complaint))).toEqual([])
    await page.context().close()
  })
})
