import { Principal } from '@dfinity/principal'
import { defaultLifetimeNanos } from './lifetime.ts'
import { propertyOf, type Answer, type PendingSignIn, type SignedChain } from './request.ts'

/** Said to the opening window as soon as this page listens. */
export const authorizeReady = { kind: 'authorize-ready' } as const

/** Values cross by structured clone: real bigints, real bytes. */
const success = (chain: SignedChain): unknown => ({
  kind: 'authorize-client-success',
  delegations: chain.links.map(({ pubkey, expirationNanos, targets, signature }) => ({
    delegation: {
      pubkey,
      expiration: expirationNanos,
      ...(targets === undefined ? {} : { targets: targets.map((target) => Principal.fromText(target)) }),
    },
    signature,
  })),
  userPublicKey: chain.userPublicKey,
  authnMethod: 'passkey',
})

/**
 * Reads a message of the window protocol of `@dfinity/auth-client`. A request that cannot be read is answered with a
 * failure; a message of another kind gives nothing.
 */
export const readLegacyMessage = (data: unknown, origin: string, answer: Answer): PendingSignIn | undefined => {
  if (propertyOf(data, 'kind') !== 'authorize-client') return undefined
  const refuse = (text: string): void => answer({ kind: 'authorize-client-failure', text }, origin)
  const sessionPublicKey = propertyOf(data, 'sessionPublicKey')
  if (!(sessionPublicKey instanceof Uint8Array) || sessionPublicKey.length === 0) {
    refuse('The request has no session public key.')
    return undefined
  }
  const lifetime = propertyOf(data, 'maxTimeToLive')
  const derivationOrigin = propertyOf(data, 'derivationOrigin')
  return {
    request: {
      origin,
      derivationOrigin: typeof derivationOrigin === 'string' ? derivationOrigin : origin,
      sessionPublicKey,
      lifetimeNanos: typeof lifetime === 'bigint' && lifetime > 0n ? lifetime : defaultLifetimeNanos,
    },
    approve: (chain) => answer(success(chain), origin),
    refuse,
  }
}
