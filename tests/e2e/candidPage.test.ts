import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, launchChromium } from './support/chromium.ts'
import { Stack } from './support/stack.ts'

const root = join(import.meta.dirname, '..', '..')
const shots = join(root, '.tidemark', 'screenshots')
const candidId = 'a4gq6-oaaaa-aaaab-qaa4q-cai'

describe.skipIf(!hasChromium)('the Candid page of a running stack', () => {
  let stack: Stack
  let browser: Browser
  let page: Page
  let ids: ReadonlyMap<string, string>
  const complaints: string[] = []

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true })
    ;[stack, browser] = await Promise.all([Stack.start(), launchChromium()])
    ids = await deployProject(stack)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await stack?.stop()
  })

  const idOf = (name: string): string => ids.get(name) ?? name
  const address = (id: string): string => `${stack.host}/?canisterId=${candidId}&id=${id}`

  async function open(at: string, colorScheme: 'light' | 'dark' = 'light', width = 1_280): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' })
    page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    await page.goto(at)
    return page
  }

  const card = (name: string): Locator => page.locator('method-card').filter({ has: page.getByRole('heading', { name, exact: true }) })
  async function send(name: string): Promise<string> {
    await card(name)
      .getByRole('button', { name: /^(?:Call|Query)$/ })
      .click()
    return (await card(name).locator('.answer pre').textContent()) ?? ''
  }
  const fill = (name: string, label: string | RegExp, text: string, at = 0): Promise<void> =>
    card(name).getByLabel(label).nth(at).fill(text)

  test('offers every method, with a form for each type', async () => {
    await open(address(idOf('every_type')))
    await card('numbers').waitFor()
    expect(await page.locator('method-card').count()).toBe(15)
    const given = ['12_000_000_000_000_000_000_000', '-5', '255', '18446744073709551615', '-2147483648', '0.1']
    for (const [at, text] of given.entries()) await fill('numbers', /^argument/, text, at)
    const answer = await send('numbers')
    expect(answer).toContain('12_000_000_000_000_000_000_000 : nat')
    expect(answer).toContain('18_446_744_073_709_551_615 : nat64')
    expect(answer).toContain('0.1 : float64')
  })

  test('says where a form is wrong, and sends nothing', async () => {
    await fill('numbers', /^argument/, '256', 2)
    await card('numbers').getByRole('button', { name: 'Query' }).click()
    await card('numbers').getByRole('alert').waitFor()
    expect(await card('numbers').getByRole('alert').textContent()).toBe('256 is outside of what nat8 holds.')
  })

  test('text, bytes, null and functions', async () => {
    await fill('text', /^argument/, 'a "b"\n😀')
    expect(await send('text')).toBe('("a \\"b\\"\\n😀")')
    await fill('bytes', 'content', 'de ad 00')
    expect(await send('bytes')).toBe('(blob "\\de\\ad\\00")')
    expect(await send('nothing')).toContain('null')
    await fill('callback', 'canister', 'aaaaa-aa')
    await fill('callback', 'method', 'raw_rand')
    expect(await send('callback')).toBe('(func "aaaaa-aa".raw_rand)')
  })

  test('records within records, lists, options and tuples', async () => {
    await fill('nested', /^name/, 'n')
    await card('nested').getByRole('button', { name: 'Add to tags' }).click()
    await card('nested').getByRole('button', { name: 'Add to tags' }).click()
    const tags = card('nested').getByRole('group', { name: 'tags vec' })
    await tags.getByLabel(/^0 text/).fill('first')
    await tags.getByLabel(/^1 text/).fill('second')
    await card('nested').getByLabel(/flag/).check()
    await card('nested').getByLabel(/maybe/).check()
    await fill('nested', /^value/, '7')
    const pair = card('nested').getByRole('group', { name: 'pair tuple' })
    await pair.getByLabel(/^0 nat/).fill('1')
    await pair.getByLabel(/^1 text/).fill('two')
    const answer = await send('nested')
    for (const part of ['name = "n"', '"first"', '"second"', 'flag = true', 'maybe = opt (7 : nat8)']) expect(answer).toContain(part)
    expect(answer).toMatch(/record \{\s*1 : nat;\s*"two"/)
  })

  test('types that contain themselves', async () => {
    const choose = (at: number, label: string): Promise<unknown> => card('tree').getByRole('combobox').nth(at).selectOption(label)
    await choose(0, 'node')
    await choose(1, 'leaf')
    await choose(2, 'leaf')
    await fill('tree', /^value/, '-3')
    expect(await send('tree')).toMatch(/variant \{\s*node = record/)

    await card('chain').getByRole('checkbox').first().check()
    await fill('chain', /^0 nat/, '1')
    await card('chain').getByRole('checkbox').nth(1).check()
    await fill('chain', /^0 nat/, '2', 1)
    expect((await send('chain')).replaceAll(/\s+/g, ' ')).toContain('record { 1 : nat; opt record { 2 : nat; null } }')
  })

  test('updates, composite queries, calls without an answer, and refusals', async () => {
    expect(await send('count')).toBe('(1 : nat)')
    expect(await send('both')).toBe('("composite")')
    expect(await send('tell')).toBe('()')
    await expect.poll(() => send('count')).toBe('(102 : nat)')
    expect(await send('fail')).toContain('IC0503')
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([])
  })

  test('whoever signs in is the caller, and what was filled in stays', async () => {
    await fill('text', /^argument/, 'kept')
    expect(await send('who')).toBe('(principal "2vxsx-fae")')
    const popup = page.waitForEvent('popup')
    await page.getByRole('button', { name: 'Sign in' }).click()
    const identity = await popup
    await identity.locator('#registerButton').click()
    await identity.locator('#displayUserContinue').click()
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    const principal = (await page.locator('.who .figures').textContent()) ?? ''
    expect(principal).toMatch(/-[a-z0-9]{3}$/)
    expect(await send('who')).toBe(`(principal "${principal}")`)
    expect(await send('text')).toBe('("kept")')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('Calls are anonymous.').waitFor()
  })

  test.each([
    ['light', 1_280],
    ['dark', 1_280],
    ['light', 390],
  ] as const)('fits its window: %s, %d wide', async (scheme, width) => {
    await open(address('ryjl3-tyaaa-aaaaa-aaaba-cai'), scheme, width)
    await card('icrc1_transfer').waitFor()
    await page.screenshot({ path: join(shots, `candid-${scheme}-${width}.png`) })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  })

  test('loads from an asset canister through the gateway', async () => {
    await open(`http://${idOf('candid_page')}.localhost:${stack.port}/?id=${idOf('every_type')}`)
    await card('text').waitFor()
    await fill('text', /^argument/, 'through the gateway')
    expect(await send('text')).toBe('("through the gateway")')
  })

  test('a link without a canister, or with a wrong one, says so', async () => {
    await open(`http://${candidId}.localhost:${stack.port}/`)
    expect(await page.getByRole('alert').textContent()).toContain('?id=')
    await open(address('not-a-canister'))
    expect(await page.getByRole('alert').textContent()).toContain('is no canister id')
    await open(address('aaaaa-aa'))
    await page.getByRole('alert').waitFor()
  })
})

/** Deploys a canister with every type, and the page itself as the assets of another. @returns ids by name */
async function deployProject(stack: Stack): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-candid-'))
  try {
    cpSync(join(import.meta.dirname, 'projects', 'every_type'), folder, { recursive: true })
    cpSync(join(root, 'apps', 'dashboard', 'dist', 'candid'), join(folder, 'page'), { recursive: true })
    const canisters = { every_type: { type: 'motoko', main: 'main.mo' }, candid_page: { type: 'assets', source: ['page'] } }
    writeFileSync(join(folder, 'dfx.json'), JSON.stringify({ canisters }))
    cpSync(join(root, 'mops.toml'), join(folder, 'mops.toml'))
    const { code, stdout, stderr } = await stack.tidemarkIn(folder, 'deploy', '--network', stack.host)
    if (code !== 0) throw new Error(`the project could not be deployed: ${stdout}${stderr}`)
    return new Map(
      [...stdout.matchAll(/(\w+):\s+(?:- )?http\S*?(?:[?&]id=|:\/\/)([a-z0-9-]+)(?:\.localhost|$)/gm)].map(([, name = '', id = '']) => [
        name,
        id,
      ]),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
