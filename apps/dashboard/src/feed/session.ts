import type { Identity } from '@dfinity/agent'
import { AuthClient, ERROR_USER_INTERRUPT } from '@dfinity/auth-client'
import type { Network } from './network.ts'

/** Who is using the page. `identity` is absent while nobody has logged in. */
export type Session = { readonly identity?: Identity; readonly principal?: string }

/** Why the session changed. */
export type SessionChange = 'restored' | 'login' | 'logout' | 'idle' | 'expired'

export type SessionPort = {
  /** The session, once it is certain that it has not expired. An expired one is ended. */
  readonly verified: () => Promise<Session>
  /** Opens the identity provider's window, so it must be called from a click. */
  readonly login: () => Promise<void>
  readonly logout: () => Promise<void>
}

export type SessionOptions = {
  readonly network: Network
  readonly onChange: (session: Session, reason: SessionChange) => void
}

const eightHoursNanos = 8n * 3_600n * 1_000_000_000n
const idleTimeoutMs = 30 * 60 * 1_000
const windowFeatures = 'popup,width=525,height=680'

/**
 * Keeps the login of this browser. A session ends by itself after 30 minutes without input; the page stays as it is
 * and goes on showing public figures, it is not reloaded.
 *
 * @throws Error from `login` with what the identity provider said, or that its window was closed.
 */
export const openSession = async ({ network, onChange }: SessionOptions): Promise<SessionPort> => {
  const end = async (reason: 'logout' | 'idle' | 'expired'): Promise<void> => {
    await client.logout()
    // The client does not store its key a second time, so the next login needs a client of its own.
    client = await create()
    onChange({}, reason)
  }
  const create = (): Promise<AuthClient> =>
    AuthClient.create({ idleOptions: { idleTimeout: idleTimeoutMs, onIdle: () => void end('idle') } })
  let client = await create()
  const current = (): Session => {
    const identity = client.getIdentity()
    const principal = identity.getPrincipal()
    return principal.isAnonymous() ? {} : { identity, principal: principal.toText() }
  }
  if (await client.isAuthenticated()) onChange(current(), 'restored')
  return {
    verified: async () => {
      if (current().identity !== undefined && !(await client.isAuthenticated())) await end('expired')
      return current()
    },
    login: () =>
      new Promise<void>((resolve, reject) => {
        void client.login({
          identityProvider: network.identityProvider,
          maxTimeToLive: eightHoursNanos,
          windowOpenerFeatures: windowFeatures,
          onSuccess: () => {
            onChange(current(), 'login')
            resolve()
          },
          onError: (error) =>
            reject(
              new Error(error === ERROR_USER_INTERRUPT || error === undefined ? 'The login window was closed before it was done.' : error),
            ),
        })
      }),
    logout: () => end('logout'),
  }
}
