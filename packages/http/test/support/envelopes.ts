/** Signed requests as bytes, and sending them without an agent in between. */
import { IDL } from '@dfinity/candid'
import { concatBytes } from '@noble/hashes/utils.js'
import { decodeCbor, encodeSelfDescribed, type HashableMap, hashOfMap, requestIdOf, separator } from '@tidemark/certification'
import { anonymousPrincipal, type Principal } from '@tidemark/types'
import { greeterId, type TestNetwork } from './network.ts'
import type { Signer } from './signers.ts'

export interface Delegation {
  readonly from: Signer
  readonly to: Signer
  readonly targets?: readonly Principal[]
  readonly permissions?: string
  /** Nanoseconds since 1970; a minute from now when left out. */
  readonly expiration?: bigint
}

export interface RequestParts {
  readonly type?: 'call' | 'query' | 'read_state'
  /** Anonymous when left out. */
  readonly signer?: Signer
  /** The first one's `from` is the sender; the last one's `to` signs. */
  readonly delegations?: readonly Delegation[]
  /** Fields of the content, put in before it is signed. */
  readonly content?: HashableMap
  /** Fields of the envelope, put in after it was signed. */
  readonly envelope?: Record<string, unknown>
}

const minute = 60_000_000_000n

/** The content that a request of these parts has. */
export function contentOf({ replica }: TestNetwork, { type = 'call', signer, delegations = [], content }: RequestParts): HashableMap {
  const sender = delegations[0]?.from ?? signer
  const common = {
    request_type: type,
    sender: sender?.principal.bytes ?? anonymousPrincipal.bytes,
    ingress_expiry: replica.timeNanos() + 4n * minute,
  }
  const call = {
    canister_id: greeterId.bytes,
    method_name: type === 'call' ? 'record' : 'greet',
    arg: IDL.encode([IDL.Text], ['this']),
  }
  return { ...common, ...(type === 'read_state' ? { paths: [] } : call), ...content }
}

/** Bytes of a signed request. */
export async function envelopeOf(network: TestNetwork, parts: RequestParts): Promise<Uint8Array> {
  const content = contentOf(network, parts)
  const { delegations = [] } = parts
  const signer = delegations.at(-1)?.to ?? parts.signer
  const sender = delegations[0]?.from ?? parts.signer
  return encodeSelfDescribed({
    content,
    ...(signer &&
      sender && {
        sender_pubkey: sender.publicKeyDer,
        sender_sig: await signer.sign(concatBytes(separator('ic-request'), requestIdOf(content))),
      }),
    ...(delegations.length > 0 && {
      sender_delegation: await Promise.all(delegations.map((delegation) => signDelegation(network, delegation))),
    }),
    ...parts.envelope,
  })
}

/** Sends a body to an endpoint of the greeter's canister, or to a whole path. */
export function post({ fetch }: TestNetwork, path: string, body: Uint8Array, contentType = 'application/cbor'): Promise<Response> {
  const whole = path.startsWith('/') ? path : `/api/${path.split(' ')[0]}/canister/${greeterId.toText()}/${path.split(' ')[1]}`
  return fetch(`http://127.0.0.1:4943${whole}`, { method: 'POST', body: Uint8Array.from(body), headers: { 'content-type': contentType } })
}

const endpoints = { call: 'v4 call', query: 'v3 query', read_state: 'v3 read_state' } as const

/** Signs and sends a request. */
export async function send(network: TestNetwork, parts: RequestParts, path: string = endpoints[parts.type ?? 'call']): Promise<Response> {
  return post(network, path, await envelopeOf(network, parts))
}

/** Fields of a CBOR answer. */
export async function fieldsOfAnswer(response: Response): Promise<Record<string, unknown>> {
  const fields = decodeCbor(new Uint8Array(await response.arrayBuffer()), 'answer')
  return fields instanceof Map ? Object.fromEntries(fields) : {}
}

async function signDelegation(
  { replica }: TestNetwork,
  { from, to, targets, permissions, expiration = replica.timeNanos() + minute }: Delegation,
): Promise<unknown> {
  const delegation = {
    pubkey: to.publicKeyDer,
    expiration,
    ...(targets && { targets: targets.map((target) => target.bytes) }),
    ...(permissions !== undefined && { permissions }),
  }
  const payload = concatBytes(separator('ic-request-auth-delegation'), hashOfMap(delegation))
  return { delegation, signature: await from.sign(payload) }
}
