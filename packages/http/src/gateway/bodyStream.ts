/** Bodies that a canister gives in parts: by streaming callbacks, or by ranges. */
import type { EndpointContext } from '../context.ts'
import { queryCanister } from './canisterCalls.ts'
import { GatewayError } from './errors.ts'
import { headerIn } from './headers.ts'
import { type CanisterResponse, decodeStreamingPart, encodeToken, type StreamingPart, type TypedValue } from './httpTypes.ts'

/** A source of parts; ends by returning. */
export type Parts = AsyncGenerator<Uint8Array, void>

const partsMax = 1_000

/** The parts that a response's streaming callback gives after its own body. */
export async function* callbackParts({ streaming }: CanisterResponse, context: EndpointContext): Parts {
  if (streaming === undefined) return
  let token: TypedValue | undefined = streaming.token
  for (let calls = 0; token !== undefined; calls++) {
    if (calls === partsMax) throw new GatewayError('backend_http_gateway', `The canister streams more than ${partsMax} parts.`)
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
    const details = error instanceof Error ? error.message : String(error)
    throw new GatewayError('backend_http_gateway', 'The canister gave no part of a stream.', details)
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
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(headerIn(headers, 'content-range')?.trim() ?? '')
  if (match === null) return undefined
  const [first = 0, last = 0, total = 0] = match.slice(1).map(Number)
  return first <= last && last < total ? { first, last, total } : undefined
}

/** The parts after the first of a body that the canister cut into ranges by itself; `ask` gets the range from a byte on. */
export async function* rangeParts(first: ContentRange, ask: (from: number) => Promise<CanisterResponse>): Parts {
  let next = first.last + 1
  for (let asked = 1; next < first.total; asked++) {
    if (asked === partsMax) throw new GatewayError('backend_http_gateway', `The canister gives more than ${partsMax} ranges.`)
    const response = await ask(next)
    const range = response.status === 206 ? contentRangeOf(response) : undefined
    // A range may begin before what was asked for, but it must bring something new.
    const fits = range !== undefined && range.first <= next && range.last >= next && range.total === first.total
    if (!fits || response.body.length !== range.last - range.first + 1) {
      throw new GatewayError('backend_http_gateway', 'The canister gave another range than it was asked for.')
    }
    yield response.body.subarray(next - range.first)
    next = range.last + 1
  }
}

/** A stream of parts, made as the reader asks for them. */
export function streamOf(parts: Parts): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const next = await parts.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
    async cancel() {
      await parts.return()
    },
  })
}

/** One part, then all of the others. */
export async function* chain(first: Uint8Array, rest: Parts): Parts {
  yield first
  yield* rest
}
