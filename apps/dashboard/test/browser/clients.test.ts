import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeFlags } from '../../../../tools/run/runtime.mjs'
import { deriveKey } from '../../identity/src/derive.ts'
import { chromiumPath, describeInBrowser, launch, openPage } from './chromium.ts'
import type { Used } from './clients.ts'
import { answerFrom, bundle, bundleAsBuilt, serve, type Served } from './serve.ts'

const root = join(import.meta.dirname, '../..')
const main = join(root, '..', 'cli', 'src', 'main.ts')
const serverSeed = new Uint8Array(32).fill(7)
const minute = 60_000
/** Internet Identity's id on the public network, by which helpers look for it. */
const identityId = 'rdmx6-jaaaa-aaaaa-aaadq-cai'

type RunningNetwork = { readonly url: string; readonly folder: string; readonly process: ChildProcess }

const startNetwork = async (): Promise<RunningNetwork> => {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-clients-'))
  const child = spawn(process.execPath, [...nodeFlags, main, 'start', '--host', '127.0.0.1:0'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const port = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      output += chunk.toString()
      const found = /Replica API running on 127\.0\.0\.1:(\d+)/.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('exit', () => reject(new Error(`the network ended:\n${output}`)))
  })
  return { url: `http://127.0.0.1:${port}`, folder, process: child }
}

const firstCanister = async (url: string): Promise<string> => {
  const { Principal } = await import('@dfinity/principal')
  const topology = (await (await fetch(`${url}/_/topology`)).json()) as { default_effective_canister_id: { canister_id: string } }
  return Principal.fromUint8Array(Buffer.from(topology.default_effective_canister_id.canister_id, 'base64')).toText()
}

describeInBrowser('published clients, signed in, on a network that they verify', () => {
  let browser: Browser
  let served: Served
  let network: RunningNetwork
  let app: string

  beforeAll(async () => {
    const page = answerFrom(await bundle(root, 'test/browser/clients.html'))
    const identity = await bundleAsBuilt(root, 'vite.identity.config.ts')
    served = await serve((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost')
      const host = request.headers.host ?? ''
      if (!host.startsWith('id.ai.localhost') && !host.startsWith(identityId)) return page(request, response)
      if (pathname === '/seed') {
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ seed: '07'.repeat(32) }))
      }
      if (!identity.has(pathname)) return void response.writeHead(200, { 'content-type': 'text/html' }).end(identity.get('/index.html'))
      answerFrom(identity)(request, response)
    })
    ;[network, browser] = await Promise.all([startNetwork(), launch()])
    const query = new URLSearchParams({
      provider: `http://id.ai.localhost:${served.port}/`,
      network: network.url,
      first: await firstCanister(network.url),
    })
    app = `http://127.0.0.1:${served.port}/test/browser/clients.html?${query}`
  }, 4 * minute)
  afterAll(async () => {
    await browser?.close()
    await served?.close()
    network?.process.kill('SIGINT')
    if (network !== undefined) rmSync(network.folder, { recursive: true, force: true })
  })

  const principalOf = async (userNumber: number): Promise<string> =>
    (await deriveKey({ serverSeed, userNumber, derivationOrigin: `http://127.0.0.1:${served.port}` })).getPrincipal().toText()

  const usedBy = async (page: Page, button: string): Promise<Used | undefined> => {
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.locator(button).click()])
    await popup.locator('#registerButton').click()
    await popup.locator('#displayUserContinue').click()
    await page.locator('#who:not(:empty), #failure:not(:empty)').waitFor({ timeout: minute })
    expect(await page.locator('#failure').innerText()).toBe('')
    return page.evaluate(() => window.used)
  }

  test.each([
    { client: '@dfinity/auth-client and @dfinity/agent', button: '#legacy' },
    { client: '@icp-sdk/auth and @icp-sdk/core', button: '#signer' },
  ])(
    '$client: calls and queries come from the user of the sign-in page',
    async ({ button }) => {
      const { page, complaints } = await openPage(browser, app)
      await page.waitForSelector('body[data-ready]')
      const principal = await principalOf(10_000)
      expect(await usedBy(page, button)).toEqual({ principal, called: [principal], queried: [principal] })
      expect(complaints).toEqual([])
      await page.context().close()
    },
    2 * minute,
  )

  test(
    '@dfinity/internet-identity-playwright finds the page, makes an identity, and uses it again',
    async () => {
      const args = [join(import.meta.dirname, 'playwrightSignIn.mjs'), chromiumPath, app, `http://127.0.0.1:${served.port}`, identityId]
      const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 2 * minute })
      const principal = await principalOf(10_000)
      expect(JSON.parse(stdout)).toEqual({ identity: 10_000, first: principal, second: principal })
    },
    2 * minute,
  )
})
