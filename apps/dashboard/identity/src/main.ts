import type { DelegationChain } from '@dfinity/identity'
import { cliAnswer, parseCliRequest, parseCliStatus, type CliRequest } from './cliLink.ts'
import { forgetDevices, keepDevice, keptDevices, parseUserNumber, type Device } from './devices.ts'
import { registerDevice, signIn, unattendedDevice, unknownDevices } from './identities.ts'
import { IdentityPage, RefuseEvent, RegisterEvent, SignInEvent, type PageState } from './identityPage.ts'
import { authorizeReady, readLegacyMessage } from './legacyProtocol.ts'
import { defaultLifetimeNanos } from './lifetime.ts'
import type { Answer, PendingSignIn, SignedChain } from './request.ts'
import { readSignerMessage } from './signerProtocol.ts'

const page = new IdentityPage()
let pending: PendingSignIn | undefined

const showKnown = (): void => {
  page.known = keptDevices(localStorage).map(({ userNumber }) => userNumber)
}

const show = (state: PageState): void => {
  showKnown()
  page.state = state
}

/** Whose key signs. */
type FindDevice = () => Device | Promise<Device>

const deviceOf = (userNumber: number): Device => {
  const device = keptDevices(localStorage).find((kept) => kept.userNumber === userNumber)
  if (device === undefined) throw new Error(`This browser has no key for user number ${userNumber}.`)
  return device
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

const approve = async (find: FindDevice, { request, approve: answer }: PendingSignIn, pauseMs = visibleMs): Promise<void> => {
  show({ kind: 'working' })
  try {
    const pause = new Promise((resolve) => setTimeout(resolve, pauseMs))
    const device = await find()
    const [chain] = await Promise.all([signIn(device, request), pause])
    keepDevice(localStorage, device)
    answer(signedChain(chain))
    pending = undefined
    // The application closes this window; until then heartbeats must go on being answered, so it stays as it is.
    show({ kind: 'finished', text: `Signed in as ${device.userNumber}. The application closes this window.` })
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
    else void approve(() => unattendedDevice(userInAddress, keptDevices(localStorage)), asked, 0)
  })
  page.addEventListener(SignInEvent.type, (event) => {
    if (event instanceof SignInEvent && pending !== undefined) void approve(() => deviceOf(event.userNumber), pending)
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
  const link = async (find: FindDevice, { sessionPublicKey, derivationOrigin, callback }: CliRequest): Promise<void> => {
    try {
      const device = await find()
      const chain = await signIn(device, { sessionPublicKey, derivationOrigin, lifetimeNanos: defaultLifetimeNanos })
      keepDevice(localStorage, device)
      post(callback, cliAnswer(chain, request))
    } catch (error) {
      failed(error)
    }
  }
  page.addEventListener(SignInEvent.type, (event) => {
    if (event instanceof SignInEvent) void link(() => deviceOf(event.userNumber), request)
  })
  page.addEventListener(RefuseEvent.type, () => show({ kind: 'finished', text: 'Cancelled. You can close this window.' }))
  if (userInAddress !== undefined) void link(() => unattendedDevice(userInAddress, keptDevices(localStorage)), request)
}

page.addEventListener(RegisterEvent.type, () => {
  registerDevice().then((device) => {
    keepDevice(localStorage, device)
    page.created = device.userNumber
  }, failed)
})

document.body.prepend(page)
show({ kind: 'waiting' })
const opener: unknown = window.opener
if (location.pathname === '/cli') serveCommand()
else if (opener !== null) serveApplication(window.opener as Window)
// A network that was started afresh knows nobody of before. One that cannot be asked says so when somebody signs in.
unknownDevices(keptDevices(localStorage)).then(
  (unknown) => {
    if (unknown.length === 0) return
    forgetDevices(
      localStorage,
      unknown.map(({ userNumber }) => userNumber),
    )
    showKnown()
  },
  () => undefined,
)
