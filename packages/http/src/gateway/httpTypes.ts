/**
 * Candid of the HTTP interface of canisters.
 *
 * Types that a canister may define for itself (the streaming token) are decoded as they came and encoded with the type that came.
 *
 * @see HTTP gateway protocol specification.
 */
import { IDL } from '@dfinity/candid'
import { limitDecoding } from '@tidemark/bindings'
import { Principal } from '@tidemark/types'

/** Headers in their order; a name may come more than once. */
export type HeaderFields = readonly (readonly [name: string, value: string])[]

export interface CanisterRequest {
  readonly method: string
  readonly url: string
  readonly headers: HeaderFields
  readonly body: Uint8Array
}

/** A value together with the Candid type it came with. */
export interface TypedValue {
  readonly value: unknown
  readonly type: IDL.Type
}

export interface Streaming {
  /** The canister and its query method that gives the next part. */
  readonly canisterId: Principal
  readonly methodName: string
  readonly token: TypedValue
}

export interface CanisterResponse {
  readonly status: number
  readonly headers: HeaderFields
  readonly body: Uint8Array
  readonly upgrade: boolean
  readonly streaming?: Streaming
}

export interface StreamingPart {
  readonly body: Uint8Array
  readonly token?: TypedValue
}

const headers = IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text))
const requestFields = { method: IDL.Text, url: IDL.Text, headers, body: IDL.Vec(IDL.Nat8) }
const updateRequest = IDL.Record(requestFields)
const queryRequest = IDL.Record({ ...requestFields, certificate_version: IDL.Opt(IDL.Nat16) })
const response = IDL.Record({
  status_code: IDL.Nat16,
  headers,
  body: IDL.Vec(IDL.Nat8),
  upgrade: IDL.Opt(IDL.Bool),
  streaming_strategy: IDL.Opt(IDL.Variant({ Callback: IDL.Record({ callback: IDL.Unknown, token: IDL.Unknown }) })),
})
const streamingPart = IDL.Opt(IDL.Record({ body: IDL.Vec(IDL.Nat8), token: IDL.Opt(IDL.Unknown) }))

/** What the library makes of a value of unknown type: the value, boxed if primitive, with its type behind a method. */
interface Unknown {
  type(): IDL.Type
  valueOf(): unknown
}

interface RawResponse {
  status_code: number
  headers: [string, string][]
  body: Uint8Array
  upgrade: [] | [boolean]
  streaming_strategy: [] | [{ Callback: { callback: Unknown; token: Unknown } }]
}

interface RawStreamingPart {
  body: Uint8Array
  token: [] | [Unknown]
}

/** Argument of `http_request`. */
export function encodeQueryRequest(request: CanisterRequest, certificateVersion: number): Uint8Array {
  return IDL.encode([queryRequest], [{ ...request, certificate_version: [certificateVersion] }])
}

/** Argument of `http_request_update`. */
export function encodeUpdateRequest(request: CanisterRequest): Uint8Array {
  return IDL.encode([updateRequest], [request])
}

/** @throws Error when the reply is no HTTP response */
export function decodeResponse(reply: Uint8Array): CanisterResponse {
  limitDecoding(reply)
  const [raw] = IDL.decode([response], reply) as unknown as [RawResponse]
  const [strategy] = raw.streaming_strategy
  return {
    status: raw.status_code,
    headers: raw.headers,
    body: raw.body,
    upgrade: raw.upgrade[0] === true,
    ...(strategy && { streaming: streamingOf(strategy.Callback) }),
  }
}

export function encodeToken(token: TypedValue): Uint8Array {
  return IDL.encode([token.type], [token.value])
}

/** `undefined` when the canister has nothing more. @throws Error when the reply is no part of a stream */
export function decodeStreamingPart(reply: Uint8Array): StreamingPart | undefined {
  limitDecoding(reply)
  const [[raw]] = IDL.decode([streamingPart], reply) as unknown as [[] | [RawStreamingPart]]
  return raw && { body: raw.body, ...(raw.token[0] && { token: typedValue(raw.token[0]) }) }
}

function streamingOf({ callback, token }: { callback: Unknown; token: Unknown }): Streaming {
  const { value, type } = typedValue(callback)
  if (!(type instanceof IDL.FuncClass) || !Array.isArray(value)) throw new Error('the streaming callback is no function')
  const [canister, methodName] = value as [{ toUint8Array(): Uint8Array }, string]
  return { canisterId: Principal.fromBytes(canister.toUint8Array()), methodName, token: typedValue(token) }
}

function typedValue(unknown: Unknown): TypedValue {
  return { value: unknown.valueOf(), type: unknown.type() }
}
