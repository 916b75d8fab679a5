import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chromiumPath, describeInBrowser, launch, openPage } from './chromium.ts'
import type { Used } from './clients.ts'
import { identityId, startNetwork, type RunningNetwork } from './network.ts'
import { answerFrom, bundle, serve, type Served } from './serve.ts'

const root = join(import.meta.dirname, '../..')
const minute = 60_000
/** A principal of 29 bytes. */
const selfAuthenticating = /^(?:[a-z2-7]{5}-){10}[a-z2-7]{3}$/

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
    served = await serve(answerFrom(await bundle(root, 'test/browser/clients.html')))
    ;[network, browser] = await Promise.all([startNetwork(), launch()])
    const query = new URLSearchParams({
      provider: `http://id.ai.localhost:${network.port}/`,
      network: network.url,
      first: await firstCanister(network.url),
    })
    app = `http://127.0.0.1:${served.port}/test/browser/clients.html?${query}`
  }, 4 * minute)
  afterAll(async () => {
    await browser?.close()
    await served?.close()
    await network?.stop()
  })

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
      const used = await usedBy(page, button)
      const principal = used?.principal ?? ''
      expect(used).toEqual({ principal, called: [principal], queried: [principal] })
      expect(principal).toMatch(selfAuthenticating)
      expect(complaints).toEqual([])
      await page.context().close()
    },
    2 * minute,
  )

  test(
    '@dfinity/internet-identity-playwright finds the page, makes an identity, and uses it again',
    async () => {
      const args = [join(import.meta.dirname, 'playwrightSignIn.mjs'), chromiumPath, app, network.url, identityId]
      const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 2 * minute })
      const { identity, first, second } = JSON.parse(stdout) as { identity: number; first: string; second: string }
      expect(identity).toBeGreaterThanOrEqual(10_000)
      expect(first).toMatch(selfAuthenticating)
      expect(second).toBe(first)
    },
    2 * minute,
  )
})
