/**
 * Requests to `/api` and their answers, without the objects of the Fetch API: these cost more than most calls do, so a server that
 * has a whole request at hand need not make them.
 */
import { encodeSelfDescribed } from '@tidemark/certification'
import { commonHeaders, preflightHeaders } from './cors.ts'

export interface ApiRequest {
  readonly method: string
  /** Path of the address, decoded as far as `URL` does it. */
  readonly pathname: string
  readonly contentType: string | undefined
  /** @throws HttpError 413 when it is too long */
  body(): Promise<Uint8Array>
}

export interface ApiAnswer {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer> | string | null
}

const always = { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' } as const

/** 200 with a value as CBOR, self-described. */
export function cborAnswer(value: unknown): ApiAnswer {
  const body = owned(encodeSelfDescribed(value))
  return answer(200, { 'content-type': 'application/cbor', 'content-length': String(body.length) }, body)
}

export function textAnswer(status: number, message: string, headers: Readonly<Record<string, string>> = {}): ApiAnswer {
  return answer(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }, message)
}

/** A status that says all. */
export function emptyAnswer(status: number): ApiAnswer {
  return answer(status, {}, null)
}

/** What a browser asks before it lets a page of another origin send a request. */
export function preflightAnswer(methods: string): ApiAnswer {
  return answer(200, preflightHeaders(methods), null)
}

/** The answer as the Fetch API has it. */
export function responseOf({ status, headers, body }: ApiAnswer): Response {
  return new Response(body, { status, headers })
}

/** The same bytes in a buffer that is no shared memory, as bodies and native crypto want them. */
export function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes)
}

function answer(status: number, headers: Readonly<Record<string, string>>, body: ApiAnswer['body']): ApiAnswer {
  return { status, headers: { ...headers, ...always, ...commonHeaders }, body }
}
