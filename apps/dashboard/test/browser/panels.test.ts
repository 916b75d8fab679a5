import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditPage } from './audit.ts'
import { describeInBrowser, launch, openPage, type Watched } from './chromium.ts'
import type { SceneName } from './scenes.ts'
import { answerFrom, bundle, serve, type Served } from './serve.ts'

const root = join(import.meta.dirname, '../..')
const controller = 'xpv6q-3bgjx-nhpmf-gntlq-fiom7-bk7t7-yvp4i-tdmhd-ifg4e-nvmxj-4qe'

describeInBrowser('the page', () => {
  let browser: Browser
  let served: Served

  beforeAll(async () => {
    served = await serve(answerFrom(await bundle(root, 'test/browser/stage.html')))
    browser = await launch()
  })
  afterAll(async () => {
    await browser.close()
    await served.close()
  })

  /** Most tests look at the same page, loaded anew; one that needs another screen or theme has its own. */
  let usual: Watched | undefined
  const address = (): string => `http://127.0.0.1:${served.port}/test/browser/stage.html`
  const open = async (scene: SceneName, options?: Parameters<typeof openPage>[2]): Promise<Watched> => {
    if (options === undefined && usual !== undefined) await usual.page.goto(address())
    const opened = options === undefined ? (usual ??= await openPage(browser, address())) : await openPage(browser, address(), options)
    await show(opened.page, scene)
    return opened
  }
  const close = async (page: Page): Promise<void> => {
    if (page !== usual?.page) await page.context().close()
  }
  const show = (page: Page, scene: SceneName, change: { principal?: string; busy?: string } = {}): Promise<void> =>
    page.evaluate(([name, rest]) => window.stage.show(name, rest), [scene, change] as const)
  const asked = (page: Page): Promise<readonly string[]> => page.evaluate(() => window.stage.asked)

  const scenes = ['connecting', 'fresh', 'climbing', 'done', 'again', 'twin'] as const

  test.each(['light', 'dark'] as const)(
    '%s: all text can be read, every control has a name, and the console stays quiet',
    async (colorScheme) => {
      const { page, complaints } = await open('connecting', { colorScheme })
      const findings: string[] = []
      for (const scene of scenes) {
        await show(page, scene, { principal: controller })
        findings.push(...(await page.evaluate(auditPage)).map((finding) => `${scene}: ${finding}`))
      }
      expect(findings).toEqual([])
      expect(complaints).toEqual([])
      await close(page)
    },
  )

  test('the audit itself finds faint text, a control without a name, and an id used twice', async () => {
    const { page } = await open('connecting')
    await page.evaluate(() => {
      document.body.insertAdjacentHTML(
        'beforeend',
        '<p style="color: #aaa; background: #fff">faint</p><button id="a"></button><i id="a"></i>',
      )
    })
    expect(await page.evaluate(auditPage)).toEqual(['contrast 2.32: p "faint"', 'no name: button', 'id used twice: a'])
    await close(page)
  })

  test('both panels stand side by side, whole, on a 1440 by 900 screen', async () => {
    const { page } = await open('done')
    const [left, right] = await Promise.all(['execution-order', 'allocation-bill'].map((tag) => page.locator(tag).boundingBox()))
    expect(left?.y).toBe(right?.y)
    expect((left?.x ?? 0) + (left?.width ?? 0)).toBeLessThan(right?.x ?? 0)
    for (const box of [left, right]) expect((box?.y ?? 0) + (box?.height ?? Infinity)).toBeLessThanOrEqual(900)
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(900)
    await close(page)
  })

  test('on a telephone they stand one above the other, and nothing sticks out', async () => {
    const { page } = await open('twin', { viewport: { width: 390, height: 844 } })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    const [left, right] = await Promise.all(['execution-order', 'allocation-bill'].map((tag) => page.locator(tag).boundingBox()))
    expect(right?.y).toBeGreaterThan((left?.y ?? 0) + (left?.height ?? 0))
    await close(page)
  })

  test('the order is a list that ends in the hook', async () => {
    const { page } = await open('done')
    const entries = await page.getByRole('list', { name: 'Executed functions, first to last' }).getByRole('listitem').allInnerTexts()
    expect(entries).toHaveLength(14)
    expect(entries.at(-1)).toMatch(/^14\s+on_low_wasm_memory$/)
    await close(page)
  })

  test('the chart says the same to those who cannot see it', async () => {
    const { page } = await open('twin')
    const rows = page.locator('memory-chart').getByRole('row')
    expect(await rows.last().innerText()).toMatch(/^19\s+1\.93 MiB$/)
    expect(await page.locator('memory-chart caption').innerText()).toContain('2_000_000 bytes')
    await close(page)
  })

  test('without a login the settings can be read and nothing can be changed', async () => {
    const { page } = await open('climbing')
    expect(await page.getByLabel('Wasm memory limit', { exact: true }).inputValue()).toBe('8')
    for (const name of ['Save settings', 'Redeploy']) expect(await page.getByRole('button', { name }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Log in' }).click()
    expect(await asked(page)).toContain('login')
    await close(page)
  })

  test('a controller changes the threshold, sees where the hook would be due, and saves with Enter', async () => {
    const { page } = await open('climbing')
    await show(page, 'climbing', { principal: controller })
    const threshold = page.getByLabel('Wasm memory threshold', { exact: true })
    await threshold.fill('2.5')
    expect(await page.locator('hook-settings .note').innerText()).toContain('With these settings the hook is due above 5.50 MiB.')
    await threshold.press('Enter')
    expect(await asked(page)).toContain('save {"wasmMemoryLimitBytes":"8388608","wasmMemoryThresholdBytes":"2621440"}')
    await close(page)
  })

  test('a size that is none is refused beside its field', async () => {
    const { page } = await open('climbing')
    await show(page, 'climbing', { principal: controller })
    const limit = page.getByLabel('Wasm memory limit', { exact: true })
    await limit.fill('much')
    await limit.press('Enter')
    expect(await limit.getAttribute('aria-invalid')).toBe('true')
    expect(await page.locator('#limit-message').innerText()).toContain('"much" is not a size')
    expect((await asked(page)).filter((wish) => wish.startsWith('save'))).toEqual([])
    await close(page)
  })

  test('what someone is typing outlives the next sample', async () => {
    const { page } = await open('climbing')
    await show(page, 'climbing', { principal: controller })
    const limit = page.getByLabel('Wasm memory limit', { exact: true })
    await limit.fill('9')
    await show(page, 'done', { principal: controller })
    expect(await limit.inputValue()).toBe('9')
    await close(page)
  })

  test('a stranger may claim an unclaimed local network, and redeploys once it is theirs', async () => {
    const { page } = await open('climbing')
    await show(page, 'climbing', { principal: 'rrkah-fqaaa-aaaaa-aaaaq-cai' })
    await page.getByRole('button', { name: 'Claim this local network' }).click()
    await show(page, 'climbing', { principal: controller })
    expect(await page.getByRole('button', { name: 'Claim this local network' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Redeploy' }).click()
    expect(await asked(page)).toEqual(expect.arrayContaining(['claim', 'redeploy']))
    await close(page)
  })

  test('while a change is under way no other can be asked for', async () => {
    const { page } = await open('climbing')
    await show(page, 'climbing', { principal: controller, busy: 'Installing the code afresh…' })
    expect(await page.getByRole('button', { name: 'Redeploy' }).isDisabled()).toBe(true)
    expect(await page.locator('hook-settings .note').innerText()).toContain('Installing the code afresh…')
    await close(page)
  })

  test('the example is a story of four steps that set the sliders', async () => {
    const { page } = await open('done')
    const usage = page.getByRole('slider', { name: 'Memory usage' })
    await page.getByRole('button', { name: /^98 GiB/ }).click()
    expect(await usage.getAttribute('aria-valuetext')).toBe('96 GiB')
    expect(await page.locator('growth-checks').getByRole('list').innerText()).toContain('Nothing new is taken from the subnet')
    await page.getByRole('button', { name: /^104 GiB/ }).click()
    expect(await usage.getAttribute('aria-valuetext')).toBe('98 GiB')
    expect(await page.locator('.rule', { hasText: 'Before the 2025 change' }).innerText()).toContain('Growth fails')
    expect(await page.locator('.rule', { hasText: 'Since the change' }).innerText()).toContain('Growth succeeds')
    await close(page)
  })

  test('the reasons of the old rule are one click away', async () => {
    const { page } = await open('done')
    await page.locator('.rule', { hasText: 'Before the 2025 change' }).click()
    const failed = page.locator('growth-checks li.failed')
    expect(await failed.innerText()).toContain('an allocation was also a cap')
    await close(page)
  })

  test.each([
    { circumstance: 'Full subnet', reason: 'Subnet memory' },
    { circumstance: 'Low balance', reason: 'Freezing threshold' },
    { circumstance: 'Low reserve limit', reason: 'Reserved cycles limit' },
  ])('$circumstance: the last growth fails at "$reason"', async ({ circumstance, reason }) => {
    const { page } = await open('done')
    await page.getByRole('button', { name: circumstance }).click()
    expect(await page.locator('growth-checks li.failed').innerText()).toContain(reason)
    await close(page)
  })

  test('a slider moves by keyboard, and what it shows is no longer a step of the example', async () => {
    const { page } = await open('done')
    const allocation = page.getByRole('slider', { name: 'Memory allocation' })
    await allocation.focus()
    await page.keyboard.press('ArrowRight')
    expect(await allocation.getAttribute('aria-valuetext')).toBe('101 GiB')
    expect(await page.locator('allocation-story .step[aria-pressed="true"]').count()).toBe(0)
    expect(await page.locator('allocation-gauge .formula').innerText()).toBe('charged = max(allocation 101 GiB, usage 104 GiB) = 104 GiB')
    await close(page)
  })

  test('live figures follow the selected canister until a slider is moved', async () => {
    const { page } = await open('fresh')
    const usage = page.getByRole('slider', { name: 'Memory usage' })
    await page.getByRole('switch', { name: /Live figures/ }).check({ force: true })
    const before = await usage.getAttribute('aria-valuetext')
    await show(page, 'done')
    const after = await usage.getAttribute('aria-valuetext')
    expect([before, after]).toEqual(['5.55 MiB', '6.49 MiB'])
    await usage.focus()
    await page.keyboard.press('ArrowLeft')
    expect(await page.getByRole('switch').isChecked()).toBe(false)
    await close(page)
  })

  test('prices of 2025 and of 34 nodes are one click away', async () => {
    const { page } = await open('done')
    await page.getByRole('button', { name: '2025', exact: false }).first().click()
    expect(await page.locator('allocation-bill .costs').innerText()).toContain('1.141 T cycles')
    await page.getByRole('button', { name: '34 nodes' }).click()
    expect(await page.locator('allocation-bill .costs').innerText()).toContain('34/13 nodes')
    await close(page)
  })

  test('a keyboard reaches every control, and each shows that it is reached', async () => {
    const { page } = await open('climbing')
    await show(page, 'climbing', { principal: controller })
    const reached: string[] = []
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press('Tab')
      const at = await page.evaluate(() => {
        let element = document.activeElement
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
        if (element === null || element === document.body) return undefined
        const ring = (of: Element | null | undefined): boolean => of != null && getComputedStyle(of).outlineStyle !== 'none'
        const shown = ring(element) || ring(element.nextElementSibling) || ring(element.parentElement)
        return `${shown ? '' : 'INVISIBLE '}${element.tagName}#${element.id}${element.textContent?.trim().slice(0, 20) ?? ''}`
      })
      if (at === undefined) break
      reached.push(at)
    }
    expect(reached.filter((at) => at.startsWith('INVISIBLE'))).toEqual([])
    const controls = await page.locator('button:enabled, input:enabled, select:enabled').count()
    expect(reached).toHaveLength(controls)
    await close(page)
  })

  test('a chosen theme outlives a reload', async () => {
    const { page } = await open('done', { colorScheme: 'light' })
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await paper()
    await page.getByRole('button', { name: 'Dark' }).click()
    const dark = await paper()
    expect(dark).not.toBe(light)
    await page.reload()
    expect(await paper()).toBe(dark)
    await close(page)
  })
})
