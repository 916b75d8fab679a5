import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser, launch } from './chromium.ts'
import { startNetwork, type RunningNetwork } from './network.ts'
import { answerFrom, bundle, serve, type Served } from './serve.ts'
import type { Kind } from './tampering.ts'

const minute = 60_000
/** The first field tells whether there is an answer at all: a change of it only makes the client ask again. */
const firstByte = 24
/** A prime number, so that every kind of byte is met. */
const step = 5

describeInBrowser('a page behind somebody who changes a byte of what the network answers', () => {
  let browser: Browser
  let served: Served
  let network: RunningNetwork
  let page: Page

  beforeAll(async () => {
    const files = await bundle(join(import.meta.dirname, '../..'), 'test/browser/tampering.html')
    served = await serve(answerFrom(files))
    ;[network, browser] = await Promise.all([startNetwork(), launch()])
    page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${served.port}/test/browser/tampering.html?network=${encodeURIComponent(network.url)}`)
    await page.waitForSelector('body[data-ready]')
  }, 2 * minute)
  afterAll(async () => {
    await browser?.close()
    await served?.close()
    await network?.stop()
  })

  const clients = ['@dfinity/agent', '@icp-sdk/core'] as const
  const kinds: readonly Kind[] = ['call', 'query', 'read_state']

  test.each(clients.flatMap((client) => kinds.map((kind) => ({ client, kind }))))(
    '$client refuses the answer to a $kind',
    async ({ client, kind }) => {
      const { length, tried, unnoticed } = await page.evaluate(([name, asked, first, by]) => window.tamper(name, asked, first, by), [
        client,
        kind,
        firstByte,
        step,
      ] as const)
      expect(length).toBeGreaterThan(100)
      expect(tried).toBeGreaterThan(((length - firstByte) / step) * 0.6)
      expect(unnoticed).toEqual([])
    },
    4 * minute,
  )
})
