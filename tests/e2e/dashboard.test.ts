import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, launchChromium } from './support/chromium.ts'
import { Stack } from './support/stack.ts'

const shots = join(import.meta.dirname, '..', '..', '.tidemark', 'screenshots')
const minute = 60_000

describe.skipIf(!hasChromium)('the dashboard of a running stack', () => {
  let stack: Stack
  let browser: Browser

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true })
    ;[stack, browser] = await Promise.all([Stack.start(), launchChromium()])
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await stack?.stop()
  })

  const address = () => `http://${stack.id('dashboard')}.localhost:${stack.port}/`

  async function open(colorScheme: 'light' | 'dark', at = address()): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme, reducedMotion: 'reduce' })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    await page.goto(at)
    return { page, complaints }
  }

  const hookHeading = (page: Page) => page.getByText(/^\d+ heartbeats, then the hook\.$/)

  test.each(['light', 'dark'] as const)('shows both panels with live data in one screen, %s', async (scheme) => {
    const { page, complaints } = await open(scheme)
    await hookHeading(page).waitFor({ timeout: minute })
    await page.getByText('99.', { exact: false }).first().waitFor({ timeout: minute })
    for (const title of ['Execution order', 'Memory-allocation bill']) {
      const box = await page.getByRole('heading', { name: title }).boundingBox()
      expect(box, title).not.toBeNull()
      expect((box?.y ?? 901) + (box?.height ?? 0)).toBeLessThan(900)
    }
    const size = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight])
    expect(size).toEqual([1440, 900])
    await page.screenshot({ path: join(shots, `dashboard-${scheme}.png`) })
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('works under the address without a canister in its host name', async () => {
    const { page, complaints } = await open('light', `${stack.host}/?canisterId=${stack.id('dashboard')}`)
    await hookHeading(page).waitFor({ timeout: minute })
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('after login and claim, a new threshold moves the moment at which the hook runs', async () => {
    const { page, complaints } = await open('light')
    await hookHeading(page).waitFor({ timeout: minute })
    const before = Number.parseInt((await hookHeading(page).textContent()) ?? '', 10)

    const popup = page.waitForEvent('popup')
    await page.getByRole('button', { name: 'Log in' }).click()
    const identity = await popup
    await identity.locator('#registerButton').click()
    await identity.locator('#displayUserContinue').click()
    await page.getByRole('button', { name: 'Log out' }).waitFor({ timeout: minute })
    await page.getByRole('button', { name: 'Claim this local network' }).click()

    const threshold = page.locator('#threshold')
    await expect.poll(() => threshold.isEnabled(), { timeout: minute }).toBe(true)
    // 2.5 MiB below 8 MiB is half a MiB earlier than 2 MiB below it.
    await threshold.fill('2.5')
    await page.getByRole('button', { name: 'Save settings' }).click()
    await page.getByText(/It is due above 5\.50? MiB/).waitFor({ timeout: minute })
    await page.getByRole('button', { name: 'Redeploy' }).click()
    await hookHeading(page).waitFor({ state: 'detached', timeout: minute })
    await hookHeading(page).waitFor({ timeout: minute })
    const after = Number.parseInt((await hookHeading(page).textContent()) ?? '', 10)
    expect(after).toBeLessThan(before)
    expect(after).toBeGreaterThan(0)

    await page.screenshot({ path: join(shots, 'dashboard-logged-in.png') })
    expect(complaints).toEqual([])
    await page.context().close()
  })
})
