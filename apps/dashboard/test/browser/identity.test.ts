import { join } from 'node:path'
import { Actor, HttpAgent } from '@dfinity/agent'
import { DelegationChain, isDelegationValid } from '@dfinity/identity'
import { Principal } from '@dfinity/principal'
import { internetIdentity, type InternetIdentityService } from '@tidemark/bindings'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedDevice } from '../../identity/src/devices.ts'
import { auditPage } from './audit.ts'
import { describeInBrowser, launch, openPage } from './chromium.ts'
import { identityId, signInOf, startNetwork, type RunningNetwork } from './network.ts'
import { answerFrom, bundle, serve, type Served } from './serve.ts'

const root = join(import.meta.dirname, '../..')
const minute = 60_000

describeInBrowser('signing in on a local network', () => {
  let browser: Browser
  let served: Served
  let network: RunningNetwork
  let commandAnswers: URLSearchParams[]

  beforeAll(async () => {
    const app = answerFrom(await bundle(root, 'test/browser/login.html'))
    ;[network, browser] = await Promise.all([startNetwork(), launch()])
    const signIn = signInOf(network)
    commandAnswers = []
    served = await serve((request, response) => {
      if ((request.headers.host ?? '').startsWith('id.ai.localhost')) return signIn(request, response)
      if (request.method !== 'POST') return app(request, response)
      request.on('data', (chunk: Buffer) => commandAnswers.push(new URLSearchParams(chunk.toString())))
      request.on('end', () => response.writeHead(303, { location: `http://id.ai.localhost:${served.port}/cli#status=success` }).end())
    })
  }, 2 * minute)
  afterAll(async () => {
    await browser?.close()
    await served?.close()
    await network?.stop()
  })

  const origin = (): string => `http://127.0.0.1:${served.port}`
  /** Who a user of a number of choice is at an application, by the word of the canister. */
  const principalOf = async (userNumber: number, frontend = origin()): Promise<string> => {
    const agent = await HttpAgent.create({
      host: network.url,
      identity: (await sharedDevice(userNumber)).key,
      shouldFetchRootKey: true,
    })
    const identities = Actor.createActor<InternetIdentityService>(internetIdentity.idlFactory, { agent, canisterId: identityId })
    return (await identities.get_principal(BigInt(userNumber), frontend)).toText()
  }
  const openLogin = async (query = '') => {
    const opened = await openPage(browser, `${origin()}/test/browser/login.html${query}`)
    await opened.page.waitForSelector('body[data-ready]')
    return opened
  }
  const popupOf = async (page: Page): Promise<Page> => {
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.locator('#login').click()])
    return popup
  }
  const waitForWho = (page: Page, text: string): Promise<unknown> => page.locator('#who', { hasText: text }).waitFor()

  test('a new user gets a number, is signed in by the published client, and is known the next time', async () => {
    const { page, complaints } = await openLogin()
    const popup = await popupOf(page)
    expect(await popup.title()).toBe('Internet Identity')
    await popup.getByText('This is not Internet Identity').waitFor()
    await popup.locator('#registerButton').click()
    const userNumber = await popup.locator('#userNumber').innerText()
    expect(Number(userNumber)).toBeGreaterThanOrEqual(10_000)
    await Promise.all([popup.waitForEvent('close'), popup.locator('#displayUserContinue').click()])
    await waitForWho(page, 'login: ')
    const login = await page.locator('#who').innerText()
    expect(login).toMatch(/^login: (?:[a-z2-7]{5}-){10}[a-z2-7]{3}$/)

    await page.locator('#logout').click()
    await waitForWho(page, 'logout: nobody')
    const again = await popupOf(page)
    await Promise.all([again.waitForEvent('close'), again.locator(`[data-anchor-id='${userNumber}']`).click()])
    await waitForWho(page, login)
    expect(complaints).toEqual([])

    await page.reload()
    await waitForWho(page, login.replace('login', 'restored'))
    await page.context().close()
  })

  test('a user of a network that is gone is forgotten', async () => {
    const { page } = await openLogin()
    const kept = await page.context().newPage()
    await kept.goto(`http://id.ai.localhost:${served.port}/`)
    await kept.evaluate(() => localStorage.setItem('tidemark-devices', `10999:${'07'.repeat(32)}`))
    await kept.reload()
    await kept.waitForFunction(() => localStorage.getItem('tidemark-devices') === '')
    const popup = await popupOf(page)
    await popup.getByText('No user number has been used in this browser yet.').waitFor()
    await page.context().close()
  })

  test('a user named in the address signs in unattended', async () => {
    const { page } = await openLogin('?user=10005')
    await popupOf(page)
    await waitForWho(page, 'login: ')
    expect(await page.locator('#who').innerText()).toBe(`login: ${await principalOf(10_005)}`)
    expect(await principalOf(10_005, 'http://localhost:1')).not.toBe(await principalOf(10_005))
    await page.context().close()
  })

  test.each([
    { how: 'cancels', leave: (popup: Page) => popup.getByRole('button', { name: 'Cancel' }).click(), text: 'The user cancelled.' },
    { how: 'closes the window', leave: (popup: Page) => popup.close(), text: 'The login window was closed before it was done.' },
  ])('the application learns that the user $how', async ({ leave, text }) => {
    const { page } = await openLogin()
    const popup = await popupOf(page)
    await popup.locator('#registerButton').waitFor()
    await leave(popup)
    await page.locator('#failure', { hasText: text }).waitFor()
    await page.context().close()
  })

  test.each(['light', 'dark'] as const)('the sign-in page can be read and used, %s', async (colorScheme) => {
    const { page } = await openPage(browser, `${origin()}/test/browser/login.html`, { colorScheme })
    await page.waitForSelector('body[data-ready]')
    const popup = await popupOf(page)
    await popup.locator('#registerButton').waitFor()
    expect(await popup.evaluate(auditPage)).toEqual([])
    await page.context().close()
  })

  test('a signer client finds it ready, and gets a delegation that it can use', async () => {
    const { page } = await openLogin()
    const [popup, answer] = await Promise.all([
      page.waitForEvent('popup'),
      page.evaluate(
        (provider) =>
          new Promise<unknown>((resolve) => {
            const signer = window.open(`${provider}authorize?user=10007`, 'signer')
            const request = {
              jsonrpc: '2.0',
              id: 2,
              method: 'icrc34_delegation',
              params: { publicKey: 'MCowBQYDK2VwAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', targets: ['aaaaa-aa'] },
            }
            const heartbeat = setInterval(() => signer?.postMessage({ jsonrpc: '2.0', id: 1, method: 'icrc29_status' }, '*'), 100)
            window.addEventListener('message', ({ data }) => {
              if (data.id === 1 && data.result === 'ready') {
                clearInterval(heartbeat)
                signer?.postMessage(request, new URL(provider).origin)
              }
              if (data.id === 2) resolve(data.result)
            })
          }),
        `http://id.ai.localhost:${served.port}/`,
      ),
    ])
    const { publicKey, signerDelegation } = answer as { publicKey: string; signerDelegation: { delegation: { targets?: string[] } }[] }
    // The canister signs for every target, and a key of the page for those that were asked for.
    expect(signerDelegation.map(({ delegation }) => delegation.targets)).toEqual([undefined, ['aaaaa-aa']])
    expect(Principal.selfAuthenticating(Uint8Array.from(atob(publicKey), (character) => character.charCodeAt(0))).toText()).toBe(
      await principalOf(10_007),
    )
    await popup.close()
    await page.context().close()
  })

  test('a command on this machine is handed a delegation through its own callback', async () => {
    const fragment = new URLSearchParams({
      public_key: 'MCowBQYDK2VwAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      callback: `${origin()}/`,
      nonce: 'once',
      domain: origin(),
    })
    const { page } = await openPage(browser, `http://id.ai.localhost:${served.port}/cli#${fragment}`)
    await page.locator('#registerButton').click()
    await page.locator('#displayUserContinue').click()
    await page.getByText('The identity is linked.').waitFor()
    const answer = commandAnswers.at(-1)
    expect(answer?.get('nonce')).toBe('once')
    const chain = DelegationChain.fromJSON(answer?.get('delegation') ?? '')
    expect(isDelegationValid(chain)).toBe(true)
    expect(chain.delegations).toHaveLength(1)
    await page.context().close()
  })
})
