/** Bodies that a canister gives in parts: by streaming callbacks, or by ranges. */
import type { EndpointContext } from '../context.ts'
import { queryCanister } from './canisterCalls.ts'
import { GatewayError } from './errors.ts'
import { type CanisterResponse, decodeStreamingPart, encodeToken, type StreamingPart, type TypedValue } from './httpTypes.ts'

/** A source of parts; ends by returning. */
export type Parts = Generator<Uint8Array, void>

const callbacksMax = 1_000

/** The parts that a response's streaming callback gives after its own body. */
export function* callbackParts({ streaming }: CanisterResponse, context: EndpointContext): Parts {
  if (streaming === undefined) return
  let token: TypedValue | undefined = streaming.token
  for (let calls = 0; token !== undefined; calls++) {
    if (calls === callbacksMax) throw new GatewayError(503, 'canister_error', `The canister streams more than ${callbacksMax} parts.`)
    const part: StreamingPart | undefined = decoded(queryCanister(streaming.canisterId, streaming.methodName, encodeToken(token), context))
    if (part === undefined) return
    yield part.body
    token = part.token
  }
}

function decoded(reply: Uint8Array): StreamingPart | undefined {
  try {
    return decodeStreamingPart(reply)
  } catch (error) {
    throw new GatewayError(503, 'canister_error', 'The canister gave no part of a stream.', error instanceof Error ? error.message : '')
  }
}

/** First and last byte of a part and the length of the whole. */
export interface ContentRange {
  readonly first: number
  readonly last: number
  readonly total: number
}

/** `undefined` when the header is missing or says no such thing. */
export function contentRangeOf({ headers }: CanisterResponse): ContentRange | undefined {
  const header = headers.find(([name]) => name.toLowerCase() === 'content-range')?.[1] ?? ''
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(header)
  if (match === null) return undefined
  const [first = 0, last = 0, total = 0] = match.slice(1).map(Number)
  return first <= last && last < total ? { first, last, total } : undefined
}

/** The parts after the first of a body that the canister cut into ranges by itself; `ask` gets the range from a byte on. */
export function* rangeParts(first: ContentRange, ask: (from: number) => CanisterResponse): Parts {
  for (let next = first.last + 1; next < first.total;) {
    const response = ask(next)
    const range = response.status === 206 ? contentRangeOf(response) : undefined
    if (
      range === undefined ||
      range.first !== next ||
      range.total !== first.total ||
      response.body.length !== range.last - range.first + 1
    ) {
      throw new GatewayError(503, 'canister_error', 'The canister gave another range than it was asked for.')
    }
    yield response.body
    next = range.last + 1
  }
}

/** A stream of parts, made as the reader asks for them. */
export function streamOf(parts: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = parts[Symbol.iterator]()
  return new ReadableStream({
    pull(controller) {
      const next = iterator.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
    cancel() {
      iterator.return?.()
    },
  })
}
