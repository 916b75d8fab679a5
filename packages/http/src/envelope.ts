/**
 * Envelopes: signed requests as they come over the wire.
 *
 * @see Interface specification, "HTTPS interface", "Authentication" and "Request types".
 */
import { CertificationError, decodeCbor, type HashableMap, requestIdOf } from '@tidemark/certification'
import { Principal, PrincipalError } from '@tidemark/types'
import { type Fields, FieldError, fieldsOf, optional, required } from './fields.ts'

interface CommonContent {
  readonly sender: Principal
  /** Nanoseconds since 1970. */
  readonly ingressExpiry: bigint
  readonly nonce?: Uint8Array
}

/** What a canister that signs for the user says of them, and that canister's signature. */
export interface SignedSenderInfo {
  readonly info: Uint8Array
  readonly signer: Principal
  readonly sig: Uint8Array
}

export interface CallContent extends CommonContent {
  readonly requestType: 'call' | 'query'
  readonly canisterId: Principal
  readonly methodName: string
  readonly arg: Uint8Array
  readonly senderInfo?: SignedSenderInfo
}

export interface ReadStateContent extends CommonContent {
  readonly requestType: 'read_state'
  readonly paths: readonly (readonly Uint8Array[])[]
}

export interface SignedDelegation {
  /** DER form of the key that may sign next. */
  readonly pubkey: Uint8Array
  /** Nanoseconds since 1970. */
  readonly expiration: bigint
  readonly targets?: readonly Principal[]
  readonly permissions?: string
  /** What is hashed and signed. */
  readonly hashed: HashableMap
  readonly signature: Uint8Array
}

export interface Envelope<Content> {
  readonly content: Content
  /** Hash of the content, 32 bytes. */
  readonly requestId: Uint8Array
  readonly senderPubkey?: Uint8Array
  readonly senderSig?: Uint8Array
  readonly senderDelegation: readonly SignedDelegation[]
}

/** Why an envelope cannot be read: its form is wrong (`'form'`), or a value in it means nothing (`'value'`). */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError'
  readonly kind: 'form' | 'value'

  constructor(kind: 'form' | 'value', message: string) {
    super(message)
    this.kind = kind
  }
}

/** An envelope around a call or a query. @throws EnvelopeError */
export function parseCallEnvelope(body: Uint8Array, requestType: 'call' | 'query'): Envelope<CallContent> {
  return parse(body, (content) => {
    expectType(content, requestType)
    const senderInfo = optional(content, 'sender_info', 'map')
    const parsed: CallContent = {
      ...commonContent(content),
      requestType,
      canisterId: principal(content, 'canister_id'),
      methodName: required(content, 'method_name', 'text'),
      arg: required(content, 'arg', 'bytes'),
      ...(senderInfo && {
        senderInfo: {
          info: required(senderInfo, 'info', 'bytes'),
          signer: principal(senderInfo, 'signer'),
          sig: required(senderInfo, 'sig', 'bytes'),
        },
      }),
    }
    const hashed = {
      ...hashedCommon(parsed),
      canister_id: parsed.canisterId.bytes,
      method_name: parsed.methodName,
      arg: parsed.arg,
      sender_info: parsed.senderInfo && {
        info: parsed.senderInfo.info,
        signer: parsed.senderInfo.signer.bytes,
        sig: parsed.senderInfo.sig,
      },
    }
    return [parsed, hashed]
  })
}

/** An envelope around a read_state request. @throws EnvelopeError */
export function parseReadStateEnvelope(body: Uint8Array): Envelope<ReadStateContent> {
  return parse(body, (content) => {
    expectType(content, 'read_state')
    const paths = required(content, 'paths', 'list').map((path) => {
      if (!Array.isArray(path)) throw new FieldError('field "paths" must be a list of lists of bytes')
      return path.map((label: unknown) => {
        if (label instanceof Uint8Array) return label
        throw new FieldError('field "paths" must be a list of lists of bytes')
      })
    })
    const parsed: ReadStateContent = { ...commonContent(content), requestType: 'read_state', paths }
    return [parsed, { ...hashedCommon(parsed), paths }]
  })
}

function parse<Content>(body: Uint8Array, parseContent: (content: Fields) => [Content, HashableMap]): Envelope<Content> {
  try {
    const envelope = fieldsOf(decodeCbor(body, 'body'), 'envelope')
    const [content, hashed] = parseContent(required(envelope, 'content', 'map'))
    const senderPubkey = optional(envelope, 'sender_pubkey', 'bytes')
    const senderSig = optional(envelope, 'sender_sig', 'bytes')
    const delegations = optional(envelope, 'sender_delegation', 'list') ?? []
    return {
      content,
      requestId: requestIdOf(hashed),
      senderDelegation: delegations.map(parseDelegation),
      ...(senderPubkey && { senderPubkey }),
      ...(senderSig && { senderSig }),
    }
  } catch (error) {
    if (error instanceof FieldError || error instanceof CertificationError) throw new EnvelopeError('form', error.message)
    if (error instanceof PrincipalError) throw new EnvelopeError('value', error.message)
    throw error
  }
}

function commonContent(content: Fields): CommonContent {
  const nonce = optional(content, 'nonce', 'bytes')
  return { sender: principal(content, 'sender'), ingressExpiry: required(content, 'ingress_expiry', 'nat'), ...(nonce && { nonce }) }
}

function hashedCommon(content: CommonContent & { readonly requestType: string }): HashableMap {
  return { request_type: content.requestType, sender: content.sender.bytes, ingress_expiry: content.ingressExpiry, nonce: content.nonce }
}

function parseDelegation(value: unknown): SignedDelegation {
  const signed = fieldsOf(value, 'sender_delegation')
  const delegation = required(signed, 'delegation', 'map')
  const pubkey = required(delegation, 'pubkey', 'bytes')
  const expiration = required(delegation, 'expiration', 'nat')
  const targets = optional(delegation, 'targets', 'list')?.map((target) => {
    if (target instanceof Uint8Array) return Principal.fromBytes(target)
    throw new FieldError('field "targets" must be a list of bytes')
  })
  const permissions = optional(delegation, 'permissions', 'text')
  return {
    pubkey,
    expiration,
    hashed: { pubkey, expiration, targets: targets?.map((target) => target.bytes), permissions },
    signature: required(signed, 'signature', 'bytes'),
    ...(targets && { targets }),
    ...(permissions !== undefined && { permissions }),
  }
}

function principal(fields: Fields, name: string): Principal {
  return Principal.fromBytes(required(fields, name, 'bytes'))
}

function expectType(content: Fields, expected: string): void {
  const type = required(content, 'request_type', 'text')
  if (type !== expected) throw new FieldError(`expected request_type "${expected}", got "${type.slice(0, 40)}"`)
}
