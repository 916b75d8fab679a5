/**
 * HTTP gateway: ordinary HTTP requests become calls of a canister's `http_request`.
 *
 * @see HTTP gateway protocol specification.
 */
import { readBody } from '../body.ts'
import { owned } from '../cbor.ts'
import type { EndpointContext } from '../context.ts'
import { preflightResponse } from '../cors.ts'
import { HttpError } from '../httpError.ts'
import { callbackParts, contentRangeOf, type Parts, rangeParts, streamOf } from './bodyStream.ts'
import { queryCanister, updateCanister } from './canisterCalls.ts'
import { errorResponse, GatewayError } from './errors.ts'
import { type CanisterRequest, type CanisterResponse, decodeResponse, encodeQueryRequest, encodeUpdateRequest } from './httpTypes.ts'
import { canisterRequestOf, responseHeaders } from './headers.ts'
import { type HostOptions, hostOf, resolveCanister, type Target } from './resolveCanister.ts'
import type { ResponseVerifier } from './verification.ts'

export interface GatewayOptions extends HostOptions {
  /** Pages of the host program, asked before canisters; `undefined` leaves the request to them. `host` has no port. */
  readonly pages?: (request: Request, host: string) => Promise<Response | undefined>
  /** Checks what canisters answer to queries; without it answers pass unchecked. */
  readonly verifier?: ResponseVerifier
}

const certificateVersion = 2
const bodyBytesMax = 4 * 1024 * 1024
/** Callbacks whose parts are collected, so that the body can be verified and has a length. */
const collectedParts = 4

export function createGateway(context: EndpointContext, options: GatewayOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url)
    const page = await options.pages?.(request, hostOf(url))
    if (page !== undefined) return page
    if (request.method === 'OPTIONS') return preflightResponse('HEAD, GET, POST, PUT, DELETE, PATCH')
    try {
      const target = resolveCanister(url, request.headers.get('referer'), options)
      const canisterRequest = canisterRequestOf(request, url, await readBody(request, bodyBytesMax))
      const response = await answer(canisterRequest, target, context, options.verifier)
      response.headers.set('x-ic-canister-id', target.canisterId.toText())
      response.headers.set('x-request-id', crypto.randomUUID())
      return response
    } catch (error) {
      return errorResponse(gatewayErrorFrom(error), request.headers.get('user-agent'))
    }
  }
}

async function answer(
  request: CanisterRequest,
  target: Target,
  context: EndpointContext,
  verifier: ResponseVerifier | undefined,
): Promise<Response> {
  const queried = askByQuery(request, target, context)
  if (queried.upgrade) {
    const reply = await updateCanister(target.canisterId, 'http_request_update', encodeUpdateRequest(request), context)
    return assemble(request, decoded(reply), target, context)
  }
  return assemble(request, queried, target, context, verifier)
}

function askByQuery(request: CanisterRequest, { canisterId }: Target, context: EndpointContext): CanisterResponse {
  return decoded(queryCanister(canisterId, 'http_request', encodeQueryRequest(request, certificateVersion), context))
}

/** Puts the parts of an answer together: whole if it is short enough to be verified, as a stream otherwise. */
function assemble(
  request: CanisterRequest,
  response: CanisterResponse,
  target: Target,
  context: EndpointContext,
  verifier?: ResponseVerifier,
): Response {
  const range = contentRangeOf(response)
  const cutByCanister = response.status === 206 && range?.first === 0 && request.method === 'GET' && !hasHeader(request, 'range')
  if (cutByCanister) {
    verify(request, response, target, verifier)
    const rest = rangeParts(range, (from) =>
      askByQuery({ ...request, headers: [...request.headers, ['range', `bytes=${from}-`]] }, target, context),
    )
    const headers = responseHeaders(response.headers.filter(([name]) => name.toLowerCase() !== 'content-range'))
    headers.set('content-length', String(range.total))
    return new Response(streamOf(chain([response.body], rest)), { status: 200, headers })
  }
  const parts = callbackParts(response, context)
  const { body, done } = collect(response.body, parts)
  const headers = responseHeaders(response.headers)
  if (!done) return new Response(streamOf(chain([body], parts)), { status: response.status, headers })
  verify(request, { ...response, body }, target, verifier)
  if (request.method === 'HEAD' || [204, 205, 304].includes(response.status))
    return new Response(null, { status: response.status, headers })
  headers.set('content-length', String(body.length))
  return new Response(owned(body), { status: response.status, headers })
}

function verify(
  request: CanisterRequest,
  response: CanisterResponse,
  { canisterId, raw }: Target,
  verifier: ResponseVerifier | undefined,
): void {
  const failure = raw ? undefined : verifier?.({ request, response, canisterId })
  if (failure !== undefined)
    throw new GatewayError(503, 'response_verification_failed', 'The answer of the canister does not verify.', failure)
}

function collect(first: Uint8Array, parts: Parts): { body: Uint8Array; done: boolean } {
  const collected = [first]
  for (let i = 0; i < collectedParts; i++) {
    const next = parts.next()
    if (next.done === true) return { body: join(collected), done: true }
    collected.push(next.value)
  }
  return { body: join(collected), done: false }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const body = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    body.set(part, at)
    at += part.length
  }
  return body
}

function* chain(first: readonly Uint8Array[], rest: Parts): Parts {
  yield* first
  yield* rest
}

function hasHeader({ headers }: CanisterRequest, wanted: string): boolean {
  return headers.some(([name]) => name === wanted)
}

function decoded(reply: Uint8Array): CanisterResponse {
  const malformed = (details: string): GatewayError =>
    new GatewayError(503, 'canister_error', 'The canister did not answer with an HTTP response.', details)
  let response: CanisterResponse
  try {
    response = decodeResponse(reply)
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : '')
  }
  if (response.status < 200 || response.status > 599) throw malformed(`status ${response.status}`)
  return response
}

function gatewayErrorFrom(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  if (error instanceof HttpError) return new GatewayError(error.status, 'request_too_large', error.message)
  throw error
}
