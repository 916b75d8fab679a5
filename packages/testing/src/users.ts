import { Principal as CandidPrincipal } from '@dfinity/principal'
import { Principal } from '@tidemark/types'

/** A principal in any of the forms that tests have it in. */
export type AnyPrincipal = string | { toText(): string }

export function toPrincipal(principal: AnyPrincipal): Principal {
  return Principal.fromText(typeof principal === 'string' ? principal : principal.toText())
}

export function toCandid(principal: Principal): CandidPrincipal {
  return CandidPrincipal.fromUint8Array(principal.bytes)
}

/** A user to call as: the same name, the same principal. No key is behind it, and none is asked for. */
export function userPrincipal(name: string): CandidPrincipal {
  const label = new TextEncoder().encode(name)
  const bytes = new Uint8Array(29)
  label.forEach((byte, n) => (bytes[n % 28] = ((bytes[n % 28] as number) * 31 + byte) & 0xff))
  // The form of an id that is derived from a key.
  bytes[28] = 2
  return CandidPrincipal.fromUint8Array(bytes)
}
