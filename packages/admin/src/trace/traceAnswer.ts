/** `GET /trace`: the form by what the client accepts, the rest by its query. */
import { AdminError } from '../adminError.ts'
import { countOf, plainHeaders } from '../body.ts'
import type { TraceFeed } from './traceFeed.ts'
import { parseTraceFilter } from './traceFilter.ts'
import { createTraceStream, type TraceStreamOptions } from './traceStream.ts'

export function traceAnswer(request: Request, shared: { feed: TraceFeed; schedule: TraceStreamOptions['schedule'] }): Response {
  const query = new URL(request.url).searchParams
  const form = request.headers.get('accept')?.includes('text/event-stream') === true ? 'events' : 'lines'
  const since = firstSeq(request, query)
  const limit = query.get('limit')
  const stream = createTraceStream({
    ...shared,
    form,
    filter: parseTraceFilter(query),
    follow: query.get('follow') !== 'false',
    ...(since === undefined ? {} : { since }),
    ...(limit === null ? {} : { limit: countOf(Number(limit), 'limit', Number.MAX_SAFE_INTEGER) }),
  })
  return new Response(stream, { headers: plainHeaders(form === 'events' ? 'text/event-stream' : 'application/x-ndjson') })
}

/** Clients of server-sent events that were cut off say which one was their last. */
function firstSeq(request: Request, query: URLSearchParams): number | undefined {
  const last = request.headers.get('last-event-id')
  if (last !== null && /^\d{1,15}$/.test(last)) return Number(last) + 1
  const since = query.get('since')
  if (since === null) return undefined
  if (!/^\d{1,15}$/.test(since)) throw new AdminError('invalid_request', 'since must be the number of an event.')
  return Number(since)
}
