import type { PublicKey } from '@dfinity/agent'
import { DelegationChain, type Ed25519KeyIdentity } from '@dfinity/identity'
import type { Principal } from '@dfinity/principal'

const nanosPerMs = 1_000_000n

/** Nobody is signed in for longer than this, whatever the application asks for. */
export const maxLifetimeNanos = 30n * 86_400n * 1_000_000_000n

/** What an application asks for when it names no lifetime. */
export const defaultLifetimeNanos = 8n * 3_600n * 1_000_000_000n

export type DelegationRequest = {
  /** DER. */
  readonly sessionPublicKey: Uint8Array
  readonly lifetimeNanos: bigint
  readonly nowMs: number
  /** Canisters that the session may call; any when absent. */
  readonly targets?: readonly Principal[]
}

/** A public key of any kind, known by its DER form only. */
const publicKeyOf = (der: Uint8Array): PublicKey => ({ toDer: () => der, derKey: der })

/**
 * Lets a session key speak for a user: one signed link, no longer than `maxLifetimeNanos`.
 *
 * @see Interface spec, "Signatures" (delegations).
 */
export const delegate = (key: Ed25519KeyIdentity, request: DelegationRequest): Promise<DelegationChain> => {
  const { sessionPublicKey, lifetimeNanos, nowMs, targets } = request
  const lifetime = lifetimeNanos < maxLifetimeNanos ? lifetimeNanos : maxLifetimeNanos
  const expiration = new Date(nowMs + Number(lifetime / nanosPerMs))
  return DelegationChain.create(key, publicKeyOf(sessionPublicKey), expiration, targets === undefined ? {} : { targets: [...targets] })
}
