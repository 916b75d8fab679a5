/** The administration's client: one method per route, and its errors by code. */
import { decodeTraceEvent, type TraceEvent } from '@tidemark/trace'
import { AdminError, type AdminErrorCode, adminErrorCodes } from '../adminError.ts'
import type { HookFacts, NetworkStatus, NetworkTime, SnapshotFacts } from '../answers.ts'
import { type TraceFilter, traceQuery } from '../trace/traceFilter.ts'

/** Where the administration of a network is, and the secret that opens it. */
export interface AdminAccess {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly token: string
}

export interface AdminClient {
  status(): Promise<NetworkStatus>
  time(): Promise<NetworkTime>
  setTime(nanos: bigint): Promise<NetworkTime>
  advanceTime(nanos: bigint): Promise<NetworkTime>
  pause(): Promise<NetworkTime>
  resume(): Promise<NetworkTime>
  /** @param stepNanos - how far time moves before each round */
  runRounds(rounds: number, stepNanos?: bigint): Promise<NetworkTime>
  snapshots(): Promise<readonly SnapshotFacts[]>
  takeSnapshot(options?: { readonly name?: string; readonly replace?: boolean }): Promise<SnapshotFacts>
  loadSnapshot(name: string): Promise<SnapshotFacts>
  deleteSnapshot(name: string): Promise<SnapshotFacts>
  reset(): Promise<NetworkStatus>
  /** The lifecycle hooks of a canister, by its id in text form. */
  hooks(canisterId: string): Promise<readonly HookFacts[]>
  trace(options?: TraceOptions): AsyncGenerator<TraceLine, void, void>
}

export interface TraceOptions extends TraceFilter {
  /** Begins with kept events from this number on. */
  readonly since?: number
  readonly limit?: number
  /** Default true. */
  readonly follow?: boolean
  readonly signal?: AbortSignal
}

/** An event, or how many were left out because they were not read in time. */
export type TraceLine = { readonly event: TraceEvent } | { readonly dropped: number }

/** Every method rejects with an `AdminError` when it is refused, and with the platform's error when nobody answers. */
export function createAdminClient({ url, token }: AdminAccess): AdminClient {
  const send = async (method: string, path: string, fields?: Record<string, unknown>, signal?: AbortSignal): Promise<Response> => {
    const response = await fetch(new URL(`/admin/v1${path}`, url), {
      method,
      headers: { authorization: `Bearer ${token}`, ...(fields && { 'content-type': 'application/json' }) },
      ...(fields && { body: JSON.stringify(fields) }),
      ...(signal && { signal }),
    })
    if (response.ok) return response
    throw await errorOf(response)
  }
  const get = async <Answer>(path: string): Promise<Answer> => (await send('GET', path)).json() as Promise<Answer>
  const post = async <Answer>(path: string, fields: Record<string, unknown> = {}): Promise<Answer> =>
    (await send('POST', path, fields)).json() as Promise<Answer>
  return {
    status: () => get('/status'),
    time: () => get('/time'),
    setTime: (nanos) => post('/time/set', { timeNanos: String(nanos) }),
    advanceTime: (nanos) => post('/time/advance', { nanos: String(nanos) }),
    pause: () => post('/time/pause'),
    resume: () => post('/time/resume'),
    runRounds: (rounds, stepNanos = 0n) => post('/rounds', { rounds, stepNanos: String(stepNanos) }),
    snapshots: async () => (await get<{ snapshots: SnapshotFacts[] }>('/snapshots')).snapshots,
    takeSnapshot: (options = {}) => post('/snapshots', { ...options }),
    loadSnapshot: (name) => post(`/snapshots/${encodeURIComponent(name)}/load`),
    deleteSnapshot: async (name) => (await send('DELETE', `/snapshots/${encodeURIComponent(name)}`)).json() as Promise<SnapshotFacts>,
    reset: () => post('/reset'),
    hooks: async (canisterId) => (await get<{ hooks: HookFacts[] }>(`/canisters/${encodeURIComponent(canisterId)}/hooks`)).hooks,
    trace: async function* ({ since, limit, follow, signal, ...filter } = {}) {
      const query = traceQuery(filter)
      if (since !== undefined) query.set('since', String(since))
      if (limit !== undefined) query.set('limit', String(limit))
      if (follow === false) query.set('follow', 'false')
      const { body } = await send('GET', `/trace?${query}`, undefined, signal)
      if (body !== null) yield* linesOf(body)
    },
  }
}

async function errorOf(response: Response): Promise<Error> {
  const answer: unknown = await response.json().catch(() => undefined)
  const { code, message } = (answer as { error?: { code?: unknown; message?: unknown } } | undefined)?.error ?? {}
  const known = adminErrorCodes.find((candidate): candidate is AdminErrorCode => candidate === code)
  if (known === undefined) return new Error(`The administration answered with status ${response.status}.`)
  return new AdminError(known, String(message))
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<TraceLine, void, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const part of body) {
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') yield parseLine(line)
  }
}

function parseLine(line: string): TraceLine {
  const dropped = /^\{"dropped":(\d+)\}$/.exec(line)?.[1]
  return dropped === undefined ? { event: decodeTraceEvent(line) } : { dropped: Number(dropped) }
}
