/** An answer of a canister as an HTTP response: asked for, checked, put together from its parts. */
import { owned } from '../apiMessages.ts'
import { callbackParts, chain, contentRangeOf, type ContentRange, type Parts, rangeParts, streamOf } from './bodyStream.ts'
import { queryCanister, updateCanister } from './canisterCalls.ts'
import { GatewayError } from './errors.ts'
import type { Gateway } from './gateway.ts'
import { headerIn, responseHeaders } from './headers.ts'
import { type CanisterRequest, type CanisterResponse, decodeResponse, encodeQueryRequest, encodeUpdateRequest } from './httpTypes.ts'
import { provenHeaders } from './provenHeaders.ts'
import type { Target } from './resolveCanister.ts'

const certificateVersion = 2
/** Callbacks whose parts are collected, so that the body can be verified and has a length. */
const collectedParts = 4

/** @throws GatewayError when the canister gives no answer, or one that cannot be trusted */
export async function answerByCanister(request: CanisterRequest, target: Target, gateway: Gateway): Promise<Response> {
  const response = askByQuery(request, target, gateway)
  if (response.upgrade) {
    const reply = await updateCanister(target.canisterId, 'http_request_update', encodeUpdateRequest(request), gateway)
    return wholeOrStream(request, decoded(reply), target, { ...gateway, check: undefined })
  }
  const wantsRange = ['range', 'if-range'].some((name) => headerIn(request.headers, name) !== undefined)
  if (response.status === 206 && !wantsRange) return joinedRanges(request, response, target, gateway)
  return wholeOrStream(request, response, target, gateway)
}

function askByQuery(request: CanisterRequest, { canisterId }: Target, gateway: Gateway): CanisterResponse {
  return decoded(queryCanister(canisterId, 'http_request', encodeQueryRequest(request, certificateVersion), gateway))
}

/** Whole if it is short enough to be verified, as a stream otherwise. */
async function wholeOrStream(request: CanisterRequest, response: CanisterResponse, target: Target, gateway: Gateway): Promise<Response> {
  const parts = callbackParts(response, gateway)
  const { body, done } = await collect(response.body, parts)
  const { status } = response
  if (!done) return new Response(streamOf(chain(body, parts)), { status, headers: responseHeaders(response.headers) })
  const headers = responseHeaders(await provenHeaders(request, { ...response, body }, target, gateway))
  if ([204, 205, 304].includes(status)) return new Response(null, { status, headers })
  // A canister may answer HEAD as it answers GET: then the length is that of what it would send.
  if (request.method !== 'HEAD' || body.length > 0) headers.set('content-length', String(body.length))
  if (request.method === 'HEAD') return new Response(null, { status, headers })
  return new Response(owned(body), { status, headers })
}

/** The whole of a body that the canister began to give in ranges though nobody asked for one. */
async function joinedRanges(request: CanisterRequest, response: CanisterResponse, target: Target, gateway: Gateway): Promise<Response> {
  const range: ContentRange | undefined = contentRangeOf(response)
  if (range === undefined || range.first !== 0)
    throw new GatewayError('backend_http_gateway', 'The canister gave a range without its place.')
  const proven = await provenHeaders(request, response, target, gateway)
  const headers = responseHeaders(proven.filter(([name]) => name.toLowerCase() !== 'content-range'))
  headers.set('content-length', String(range.total))
  if (request.method === 'HEAD') return new Response(null, { status: 200, headers })
  const rest = rangeParts(range, async (from) => {
    const asked: CanisterRequest = { ...request, headers: [...request.headers, ['Range', `bytes=${from}-`]] }
    const part = askByQuery(asked, target, gateway)
    await provenHeaders(asked, part, target, gateway)
    return part
  })
  return new Response(streamOf(chain(response.body, rest)), { status: 200, headers })
}

async function collect(first: Uint8Array, parts: Parts): Promise<{ body: Uint8Array; done: boolean }> {
  const collected = [first]
  for (let i = 0; i < collectedParts; i++) {
    const next = await parts.next()
    if (next.done === true) return { body: join(collected), done: true }
    collected.push(next.value)
  }
  return { body: join(collected), done: false }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const body = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    body.set(part, at)
    at += part.length
  }
  return body
}

function decoded(reply: Uint8Array): CanisterResponse {
  const malformed = (details: string): GatewayError =>
    new GatewayError('backend_http_gateway', 'The canister did not answer with an HTTP response.', details)
  let response: CanisterResponse
  try {
    response = decodeResponse(reply)
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : String(error))
  }
  if (response.status < 200 || response.status > 599) throw malformed(`status ${response.status}`)
  return response
}
