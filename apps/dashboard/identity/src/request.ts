/** What an application asks of the user, whichever protocol it speaks. */
export type SignInRequest = {
  /** Origin of the window that asks. */
  readonly origin: string
  /** Origin that the principal is derived from; the asking one unless the application names another. */
  readonly derivationOrigin: string
  /** DER. */
  readonly sessionPublicKey: Uint8Array
  readonly lifetimeNanos: bigint
  /** Principals in text form; absent for a session that may call anything. */
  readonly targets?: readonly string[]
}

/** A request and the ways to end it. Each of them answers the asking window. */
export type PendingSignIn = {
  readonly request: SignInRequest
  readonly approve: (chain: SignedChain) => void
  readonly refuse: (reason: string) => void
}

/** A chain of one link, in the forms that both protocols need. */
export type SignedChain = {
  /** DER. */
  readonly userPublicKey: Uint8Array
  readonly links: readonly {
    readonly pubkey: Uint8Array
    readonly expirationNanos: bigint
    readonly targets?: readonly string[]
    readonly signature: Uint8Array
  }[]
}

/** Where an answer goes. */
export type Answer = (message: unknown, origin: string) => void

/** A property of something that came from elsewhere; absent when there is none. */
export const propertyOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined
