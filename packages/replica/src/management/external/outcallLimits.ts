/** Limits of HTTPS outcalls. @see Interface specification, "IC method `http_request`" */
import type { Replication } from '@tidemark/cycles'
import { type Principal, RejectError } from '@tidemark/types'
import { fromCandidPrincipal, optional, tooManyBytes, tooManyElements } from '../codec.ts'
import type { Outcall } from './outcall.ts'

type HttpRequestArgs = Outcall['arg']

export const maxOutcallsInFlight = 3_000
/** Longest response, and the limit of requests that name none. */
export const maxResponseBytes = 2_000_000
const maxUrlBytes = 8_192
const maxHeaders = 64
const maxHeaderPartBytes = 8_192
const maxHeaderBytes = 49_152
const maxRequestBytes = 2_000_000

const encoder = new TextEncoder()
const sizeOf = (text: string): number => encoder.encode(text).length

/**
 * @throws RejectError InvalidManagementPayload for too many headers, or too long ones in all: they are counted while decoding;
 * CanisterRejectedMessage when the request breaks another limit, the first of them in the network's order
 */
export function checkOutcall({ arg, replication }: Pick<Outcall, 'arg' | 'replication'>, caller: Principal): void {
  if (arg.headers.length > maxHeaders) throw tooManyElements(maxHeaders)
  if (headerBytes(arg.headers) > maxHeaderBytes) throw tooManyBytes(maxHeaderBytes)
  const limit = optional(arg.max_response_bytes)
  if (limit !== undefined && limit > maxResponseBytes) {
    refuse(`max_response_bytes expected to be in the range [0..${maxResponseBytes}], got ${limit}`)
  }
  checkTransform(arg, caller)
  const urlBytes = sizeOf(arg.url)
  if (urlBytes > maxUrlBytes) refuse(`url size ${urlBytes} exceeds ${maxUrlBytes}`)
  checkHeaders(arg.headers)
  const bytes = headerBytes(arg.headers) + bodyBytes(arg)
  if (bytes > maxRequestBytes) {
    refuse(`total number of bytes to represent all http header names and values and http body ${bytes} exceeds ${maxRequestBytes}`)
  }
  const repeatable = 'get' in arg.method || 'head' in arg.method || 'post' in arg.method
  if (!repeatable && !isCertain(replication)) refuse('The requested HTTP method is only allowed for non-replicated requests.')
}

/** Whether it is certain how often a server is asked: once, or by every node of a group. */
function isCertain(replication: Replication): boolean {
  if (replication.kind !== 'flexible') return replication.kind === 'none'
  return replication.minResponses === replication.maxResponses && replication.maxResponses === replication.totalRequests
}

function checkTransform(arg: HttpRequestArgs, caller: Principal): void {
  const transform = optional(arg.transform)
  if (transform === undefined) return
  const owner = fromCandidPrincipal(transform.function[0])
  if (!owner.equals(caller)) refuse(`transform principal id expected to be ${caller.toText()}, got ${owner.toText()}`)
}

function checkHeaders(headers: HttpRequestArgs['headers']): void {
  for (const header of headers) {
    for (const part of ['name', 'value'] as const) {
      const bytes = sizeOf(header[part])
      if (bytes > maxHeaderPartBytes) {
        refuse(`number of bytes to represent some http header ${part} ${bytes} exceeds ${maxHeaderPartBytes}`)
      }
    }
  }
}

function refuse(text: string): never {
  throw new RejectError('CanisterRejectedMessage', text)
}

/** Bytes of names and values. */
export function headerBytes(headers: readonly { readonly name: string; readonly value: string }[]): number {
  return headers.reduce((sum, { name, value }) => sum + sizeOf(name) + sizeOf(value), 0)
}

function bodyBytes(arg: HttpRequestArgs): number {
  return optional(arg.body)?.length ?? 0
}

/** Bytes that are paid for. */
export function outcallBytes(arg: HttpRequestArgs): number {
  const transform = optional(arg.transform)
  const transformBytes = transform === undefined ? 0 : sizeOf(transform.function[1]) + transform.context.length
  return sizeOf(arg.url) + headerBytes(arg.headers) + bodyBytes(arg) + transformBytes
}
