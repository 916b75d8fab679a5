import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { describe } from 'vitest'

export const chromiumPath = process.env['TIDEMARK_CHROMIUM'] ?? '/usr/bin/chromium'
const present = existsSync(chromiumPath)

if (!present && process.env['CI'] === 'true') throw new Error(`These tests need Chromium, and there is none at ${chromiumPath}`)
if (!present) console.log(`SKIPPED: browser tests need Chromium; none at ${chromiumPath}. Install it or set TIDEMARK_CHROMIUM.`)

/** A group of tests that need a browser; left out, with a line that says so, where there is none. */
export const describeInBrowser = describe.skipIf(!present)

/** Starts the browser without anything that would look for hosts other than this one. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/** A page that fails the test through `complaints` when it throws or writes an error to its console. */
export type Watched = { readonly page: Page; readonly complaints: readonly string[] }

export const openPage = async (browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Watched> => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  await page.goto(address)
  return { page, complaints }
}
