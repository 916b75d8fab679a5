import { Principal } from '@dfinity/principal'
import type { DelegationChain } from '@dfinity/identity'
import { cliAnswer, parseCliRequest, parseCliStatus, type CliRequest } from './cliLink.ts'
import { defaultLifetimeNanos, delegate } from './delegate.ts'
import { deriveKey, parseServerFacts, type ServerFacts } from './derive.ts'
import { IdentityPage, RefuseEvent, SignInEvent, type PageState } from './identityPage.ts'
import { authorizeReady, readLegacyMessage } from './legacyProtocol.ts'
import type { Answer, PendingSignIn, SignedChain, SignInRequest } from './request.ts'
import { readSignerMessage } from './signerProtocol.ts'
import { knownUserNumbers, nextUserNumber, parseUserNumber, rememberUserNumber } from './users.ts'

const page = new IdentityPage()
let pending: PendingSignIn | undefined

const show = (state: PageState): void => {
  const known = knownUserNumbers(localStorage)
  page.known = known
  page.next = nextUserNumber(known)
  page.state = state
}

const fetchFacts = async (): Promise<ServerFacts> => {
  const address = new URL('/seed', location.href)
  const canisterId = new URLSearchParams(location.search).get('canisterId')
  if (canisterId !== null) address.searchParams.set('canisterId', canisterId)
  const response = await fetch(address)
  const isJson = (response.headers.get('content-type') ?? '').includes('json')
  return parseServerFacts(response.ok && isJson ? await response.json() : undefined)
}

const sign = async (userNumber: number, request: Omit<SignInRequest, 'origin'>): Promise<DelegationChain> => {
  const { seed, timeMs = 0 } = await fetchFacts()
  const key = await deriveKey({ serverSeed: seed, userNumber, derivationOrigin: request.derivationOrigin })
  const { sessionPublicKey, lifetimeNanos, targets } = request
  return delegate(key, {
    sessionPublicKey,
    lifetimeNanos,
    // Neither the application nor the network may find it over.
    nowMs: Math.max(Date.now(), timeMs),
    ...(targets === undefined ? {} : { targets: targets.map((target) => Principal.fromText(target)) }),
  })
}

const signedChain = (chain: DelegationChain): SignedChain => ({
  userPublicKey: new Uint8Array(chain.publicKey),
  links: chain.delegations.map(({ delegation, signature }) => ({
    pubkey: new Uint8Array(delegation.pubkey),
    expirationNanos: delegation.expiration,
    signature: new Uint8Array(signature),
    ...(delegation.targets === undefined ? {} : { targets: delegation.targets.map((target) => target.toText()) }),
  })),
})

const failed = (error: unknown): void => show({ kind: 'failed', text: error instanceof Error ? error.message : String(error) })

/**
 * How long a sign-in takes that somebody watches, milliseconds. The application closes this window as soon as it is answered, and
 * tools that click here begin to wait for that only when their click is over.
 */
const visibleMs = 750

const approve = async (userNumber: number, { request, approve: answer }: PendingSignIn, pauseMs = visibleMs): Promise<void> => {
  show({ kind: 'working' })
  try {
    const [chain] = await Promise.all([sign(userNumber, request), new Promise((resolve) => setTimeout(resolve, pauseMs))])
    rememberUserNumber(localStorage, userNumber)
    answer(signedChain(chain))
    pending = undefined
    // The application closes this window; until then heartbeats must go on being answered, so it stays as it is.
    show({ kind: 'finished', text: `Signed in as ${userNumber}. The application closes this window.` })
  } catch (error) {
    failed(error)
  }
}

/** A user named in the address signs in without being asked: for sign-ins that nobody watches. */
const userInAddress = parseUserNumber(new URLSearchParams(location.search).get('user'))

const serveApplication = (opener: Window): void => {
  const answer: Answer = (message, origin) => opener.postMessage(message, origin)
  window.addEventListener('message', (event) => {
    if (event.source !== opener) return
    const asked = readLegacyMessage(event.data, event.origin, answer) ?? readSignerMessage(event.data, event.origin, answer)
    if (asked === undefined) return
    pending = asked
    const { origin, derivationOrigin } = asked.request
    if (userInAddress === undefined) show({ kind: 'asking', origin, derivationOrigin, purpose: 'application' })
    else void approve(userInAddress, asked, 0)
  })
  page.addEventListener(SignInEvent.type, (event) => {
    if (event instanceof SignInEvent && pending !== undefined) void approve(event.userNumber, pending)
  })
  page.addEventListener(RefuseEvent.type, () => {
    pending?.refuse('The user cancelled.')
    pending = undefined
    show({ kind: 'finished', text: 'Cancelled. You can close this window.' })
  })
  // Any origin may learn that this page listens; what it is asked for is answered to the asking origin only.
  opener.postMessage(authorizeReady, '*')
}

/** Sends a form, because the answer has to take this window with it. */
const post = (address: string, fields: { readonly [field: string]: string }): void => {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = address
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input')
    input.type = 'hidden'
    input.name = name
    input.value = value
    form.append(input)
  }
  document.body.append(form)
  form.submit()
}

const serveCommand = (): void => {
  const status = parseCliStatus(location.hash)
  if (status !== undefined) return show({ kind: 'finished', text: status })
  const request = parseCliRequest(location.hash, location.origin)
  if (typeof request === 'string') return show({ kind: 'failed', text: request })
  show({ kind: 'asking', origin: request.derivationOrigin, derivationOrigin: request.derivationOrigin, purpose: 'command' })
  const link = async (userNumber: number, { sessionPublicKey, derivationOrigin, callback }: CliRequest): Promise<void> => {
    try {
      const chain = await sign(userNumber, { sessionPublicKey, derivationOrigin, lifetimeNanos: defaultLifetimeNanos })
      rememberUserNumber(localStorage, userNumber)
      post(callback, cliAnswer(chain, request))
    } catch (error) {
      failed(error)
    }
  }
  page.addEventListener(SignInEvent.type, (event) => {
    if (event instanceof SignInEvent) void link(event.userNumber, request)
  })
  page.addEventListener(RefuseEvent.type, () => show({ kind: 'finished', text: 'Cancelled. You can close this window.' }))
  if (userInAddress !== undefined) void link(userInAddress, request)
}

document.body.prepend(page)
show({ kind: 'waiting' })
const opener: unknown = window.opener
if (location.pathname === '/cli') serveCommand()
else if (opener !== null) serveApplication(window.opener as Window)
