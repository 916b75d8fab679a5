import { Principal } from '@dfinity/principal'
import { fromBase64, toBase64 } from './base64.ts'
import { defaultLifetimeNanos } from './lifetime.ts'
import { propertyOf, type Answer, type PendingSignIn, type SignedChain, type SignInRequest } from './request.ts'

const errors = {
  invalidRequest: { code: -32_600, message: 'Invalid request' },
  unknownMethod: { code: -32_601, message: 'Method not found' },
  invalidParams: { code: -32_602, message: 'Invalid params' },
  aborted: { code: 3_001, message: 'Action aborted' },
} as const

const scopes = [{ scope: { method: 'icrc34_delegation' }, state: 'granted' }] as const

/** Methods that are answered at once, without asking the user. */
const immediate: { readonly [method: string]: unknown } = {
  icrc29_status: 'ready',
  icrc25_supported_standards: {
    supportedStandards: [
      { name: 'ICRC-25', url: 'https://github.com/dfinity/ICRC/blob/main/ICRCs/ICRC-25/ICRC-25.md' },
      { name: 'ICRC-29', url: 'https://github.com/dfinity/ICRC/blob/main/ICRCs/ICRC-29/ICRC-29.md' },
      { name: 'ICRC-34', url: 'https://github.com/dfinity/ICRC/blob/main/ICRCs/ICRC-34/ICRC-34.md' },
      { name: 'ICRC-95', url: 'https://github.com/dfinity/ICRC/blob/main/ICRCs/ICRC-95/ICRC-95.md' },
    ],
  },
  icrc25_permissions: { scopes },
  icrc25_request_permissions: { scopes },
}

const result = (chain: SignedChain): unknown => ({
  publicKey: toBase64(chain.userPublicKey),
  signerDelegation: chain.links.map(({ pubkey, expirationNanos, targets, signature }) => ({
    delegation: {
      pubkey: toBase64(pubkey),
      expiration: expirationNanos.toString(),
      ...(targets === undefined ? {} : { targets }),
    },
    signature: toBase64(signature),
  })),
})

const isPrincipal = (text: unknown): text is string => {
  if (typeof text !== 'string') return false
  try {
    Principal.fromText(text)
    return true
  } catch {
    return false
  }
}

/** The parameters of `icrc34_delegation`; `undefined` when any of them is malformed. */
const readDelegationParams = (params: unknown, origin: string): SignInRequest | undefined => {
  const publicKey = propertyOf(params, 'publicKey')
  const sessionPublicKey = typeof publicKey === 'string' ? fromBase64(publicKey) : undefined
  if (sessionPublicKey === undefined || sessionPublicKey.length === 0) return undefined
  const lifetime = propertyOf(params, 'maxTimeToLive')
  if (lifetime !== undefined && !(typeof lifetime === 'string' && /^\d{1,20}$/.test(lifetime))) return undefined
  const targets = propertyOf(params, 'targets')
  if (targets !== undefined && !(Array.isArray(targets) && targets.every(isPrincipal))) return undefined
  const derivationOrigin = propertyOf(params, 'icrc95DerivationOrigin')
  return {
    origin,
    derivationOrigin: typeof derivationOrigin === 'string' ? derivationOrigin : origin,
    sessionPublicKey,
    lifetimeNanos: lifetime === undefined ? defaultLifetimeNanos : BigInt(lifetime),
    ...(targets === undefined ? {} : { targets }),
  }
}

/**
 * Reads a message of the signer protocol (JSON-RPC over window messages). Heartbeats and questions about what this
 * page can do are answered at once, unknown methods with -32601; only a delegation waits for the user.
 *
 * @see ICRC-25, ICRC-29, ICRC-34, ICRC-95.
 */
export const readSignerMessage = (data: unknown, origin: string, answer: Answer): PendingSignIn | undefined => {
  const id = propertyOf(data, 'id')
  const method = propertyOf(data, 'method')
  // A message without an id is a notification, which nothing may answer.
  if (propertyOf(data, 'jsonrpc') !== '2.0' || (typeof id !== 'string' && typeof id !== 'number')) return undefined
  const reply = (rest: { readonly result: unknown } | { readonly error: { readonly code: number; readonly message: string } }): void =>
    answer({ jsonrpc: '2.0', id, ...rest }, origin)
  if (typeof method !== 'string') {
    reply({ error: errors.invalidRequest })
    return undefined
  }
  if (Object.hasOwn(immediate, method)) {
    reply({ result: immediate[method] })
    return undefined
  }
  if (method !== 'icrc34_delegation') {
    reply({ error: errors.unknownMethod })
    return undefined
  }
  const request = readDelegationParams(propertyOf(data, 'params'), origin)
  if (request === undefined) {
    reply({ error: errors.invalidParams })
    return undefined
  }
  return {
    request,
    approve: (chain) => reply({ result: result(chain) }),
    refuse: (reason) => reply({ error: { ...errors.aborted, message: reason } }),
  }
}
