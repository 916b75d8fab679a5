// Signs in with the published helper for tests, unmodified, in a process of its own: its test runner and ours do not go together.
import { InternetIdentityPage } from '@dfinity/internet-identity-playwright'
import { chromium } from '@playwright/test'

const [executablePath, app, provider, canisterId] = process.argv.slice(2)
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] })
try {
  const context = await browser.newContext()
  const page = await context.newPage()
  const identityPage = new InternetIdentityPage({ page, context, browser })
  await identityPage.waitReady({ url: provider, canisterId, timeout: 20_000 })
  const who = async () => {
    await page.waitForFunction(() => window.used !== undefined)
    return page.evaluate(() => window.used.principal)
  }
  const open = async () => {
    await page.goto(app)
    await page.waitForSelector('body[data-ready]')
  }
  await open()
  const identity = await identityPage.signInWithNewIdentity({ selector: '#legacy' })
  const first = await who()
  await open()
  await identityPage.signInWithIdentity({ selector: '#legacy', identity })
  process.stdout.write(JSON.stringify({ identity, first, second: await who() }))
} finally {
  await browser.close()
}
