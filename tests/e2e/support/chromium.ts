/** The real browser: Debian's Chromium, or the one named by `TIDEMARK_CHROMIUM`. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

export const chromiumPath = process.env['TIDEMARK_CHROMIUM'] ?? '/usr/bin/chromium'
export const hasChromium = existsSync(chromiumPath)

if (!hasChromium && process.env['CI'] === 'true') throw new Error(`these tests need Chromium, and there is none at ${chromiumPath}`)
if (!hasChromium)
  process.stdout.write(`SKIPPED: browser tests need Chromium; none at ${chromiumPath}. Install it or set TIDEMARK_CHROMIUM.\n`)

/** Starts the browser without anything that would look for hosts other than this one. */
export function launchChromium(): Promise<Browser> {
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu', ...quiet] })
}
