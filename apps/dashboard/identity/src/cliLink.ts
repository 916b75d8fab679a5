import type { DelegationChain } from '@dfinity/identity'
import { fromBase64 } from './base64.ts'

/** What the `icp` command asks for when it opens this page under `/cli`. */
export type CliRequest = {
  /** DER. */
  readonly sessionPublicKey: Uint8Array
  /** Address on this machine that the command listens on. */
  readonly callback: string
  readonly nonce: string
  /** Origin that the principal is derived from. */
  readonly derivationOrigin: string
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** An application is named by its domain; its origin has a scheme. */
const originOf = (domain: string, own: string): string => {
  if (domain === '') return own
  return /^[a-z]+:\/\//.test(domain) ? domain : `https://${domain}`
}

/**
 * Reads the address's fragment. A delegation is a credential, so it is only ever sent to this machine.
 *
 * @param own - This page's origin, for a command that names no application.
 * @returns A sentence that says what is wrong, when the request cannot be read.
 */
export const parseCliRequest = (fragment: string, own: string): CliRequest | string => {
  const params = new URLSearchParams(fragment.replace(/^#/, ''))
  const sessionPublicKey = fromBase64(params.get('public_key') ?? '')
  if (sessionPublicKey === undefined || sessionPublicKey.length === 0) return 'The command sent no public key.'
  const callback = params.get('callback') ?? ''
  if (!URL.canParse(callback)) return 'The command sent no address to answer to.'
  if (!loopback.has(new URL(callback).hostname)) return 'The command asks for an answer to another machine, which is never given.'
  return { sessionPublicKey, callback, nonce: params.get('nonce') ?? '', derivationOrigin: originOf(params.get('domain') ?? '', own) }
}

/** How a finished link ended; the command sends the browser back here with it. Absent while there is none. */
export const parseCliStatus = (fragment: string): string | undefined => {
  switch (new URLSearchParams(fragment.replace(/^#/, '')).get('status')) {
    case 'success':
      return 'The identity is linked. You can close this window.'
    case 'error':
      return 'The command could not use the delegation. Its own output says why.'
    case 'identity-mismatch':
      return 'The command expected another identity. Choose the user number that it was linked with.'
    default:
      return undefined
  }
}

/** Fields of the form that answers the command. */
export const cliAnswer = (chain: DelegationChain, { nonce }: CliRequest): { readonly [field: string]: string } => ({
  delegation: JSON.stringify(chain.toJSON()),
  nonce,
})
