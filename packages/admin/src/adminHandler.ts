/** The administration as one function from request to response. */
import type { AdministeredNetwork, Companion, RoundControl } from './administered.ts'
import { AdminError } from './adminError.ts'
import type { HookFacts, NetworkStatus } from './answers.ts'
import { jsonAnswer, plainHeaders, readFields, switchField, textField } from './body.ts'
import { checkCaller, type GuardOptions } from './guard.ts'
import type { NetworkClock } from './networkClock.ts'
import { SnapshotShelf } from './snapshotShelf.ts'
import { TimeControl } from './timeControl.ts'
import { traceAnswer } from './trace/traceAnswer.ts'
import { TraceFeed } from './trace/traceFeed.ts'

export interface AdminOptions<Snapshot> {
  readonly network: AdministeredNetwork<Snapshot>
  readonly rounds: RoundControl
  /** The clock that the rounds go by. */
  readonly clock: NetworkClock
  /** The machine's clock, nanoseconds since 1970. */
  readonly wall: () => bigint
  /** Calls `run` once after `ms` milliseconds; the returned function takes it back. */
  readonly schedule: (run: () => void, ms: number) => () => void
  /** Who may call; asked for with each request, since the port is known only once somebody listens. */
  readonly guard: () => GuardOptions
  /** What is told of the network besides its state. */
  readonly facts: () => Pick<NetworkStatus, 'version' | 'url' | 'canisters'>
  /** The hooks of a canister, by its id in text form; undefined when there is no such canister. */
  readonly hooksOf: (canisterId: string) => readonly HookFacts[] | undefined
  /** What a reset goes back to. Default: the network as it is now. */
  readonly genesis?: Snapshot
  /** What goes along with the network's state. */
  readonly companions?: readonly Companion[]
  /** Whether a trace is recorded while nobody reads it, too. Default false: it costs a little for every message. */
  readonly alwaysTrace?: boolean
}

export type AdminHandler = (request: Request) => Promise<Response>

type Route = (request: Request, parameters: Readonly<Record<string, string>>) => Response | Promise<Response>

const prefix = '/admin/v1'

/** Answers requests to `/admin/v1`; whoever may not ask is refused with the reason. */
export function createAdminHandler<Snapshot>(options: AdminOptions<Snapshot>): AdminHandler {
  const routes = routesOf(options)
  return async (request) => {
    try {
      checkCaller(request, options.guard())
      return await answer(request, routes)
    } catch (error) {
      if (error instanceof AdminError) return refusal(error)
      throw error
    }
  }
}

function routesOf<Snapshot>(options: AdminOptions<Snapshot>): ReadonlyMap<string, Route> {
  const { network, rounds, clock, schedule, wall, facts, hooksOf, companions = [], alwaysTrace = false } = options
  const genesis = { snapshot: options.genesis ?? network.snapshot(), offsetNanos: clock.offsetNanos() }
  const pause = () => new Promise<void>((resolve) => schedule(resolve, 0))
  const time = new TimeControl(network, { rounds, clock, pause })
  const shelf = new SnapshotShelf(network, { clock, companions, wall })
  const feed = new TraceFeed(network, alwaysTrace)
  const status = (): NetworkStatus => ({
    ...facts(),
    ...time.read(),
    rootKey: Array.from(network.rootKey, (byte) => byte.toString(16).padStart(2, '0')).join(''),
    snapshots: shelf.size,
    trace: feed.facts,
  })
  const reset = (): NetworkStatus => {
    network.restore(genesis.snapshot)
    for (const companion of companions) companion.reset()
    clock.set(network.timeNanos())
    clock.setOffset(genesis.offsetNanos)
    return status()
  }
  return new Map<string, Route>([
    ['GET /status', () => jsonAnswer(status())],
    ['GET /time', () => jsonAnswer(time.read())],
    ['POST /time/set', async (request) => jsonAnswer(time.set(await readFields(request)))],
    ['POST /time/advance', async (request) => jsonAnswer(time.advance(await readFields(request)))],
    ['POST /time/pause', async (request) => jsonAnswer((await readFields(request), time.hold()))],
    ['POST /time/resume', async (request) => jsonAnswer((await readFields(request), time.resume()))],
    ['POST /rounds', async (request) => jsonAnswer(await time.run(await readFields(request)))],
    ['GET /snapshots', () => jsonAnswer({ snapshots: shelf.list() })],
    [
      'POST /snapshots',
      async (request) => {
        const fields = await readFields(request)
        return jsonAnswer(shelf.take(textField(fields, 'name'), switchField(fields, 'replace')), 201)
      },
    ],
    ['POST /snapshots/:name/load', async (request, { name = '' }) => jsonAnswer((await readFields(request), shelf.load(name)))],
    ['DELETE /snapshots/:name', (_, { name = '' }) => jsonAnswer(shelf.delete(name))],
    ['POST /reset', async (request) => jsonAnswer((await readFields(request), reset()))],
    [
      'GET /canisters/:id/hooks',
      (_, { id = '' }) => {
        const hooks = hooksOf(id)
        if (hooks === undefined) throw new AdminError('not_found', `There is no canister ${id.slice(0, 100)}.`)
        return jsonAnswer({ hooks })
      },
    ],
    ['GET /trace', (request) => traceAnswer(request, { feed, schedule })],
  ])
}

async function answer(request: Request, routes: ReadonlyMap<string, Route>): Promise<Response> {
  const { pathname } = new URL(request.url)
  const parts = pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length + 1).split('/') : []
  const allowed: string[] = []
  for (const [pattern, route] of routes) {
    const [method = '', path = ''] = pattern.split(' ')
    const parameters = matchPath(path.slice(1).split('/'), parts)
    if (parameters === undefined) continue
    if (method === request.method) return route(request, parameters)
    allowed.push(method)
  }
  if (allowed.length === 0) throw new AdminError('not_found', `There is nothing at ${pathname.slice(0, 200)}.`)
  const refused = refusal(new AdminError('method_not_allowed', `Use ${allowed.join(' or ')} here.`))
  refused.headers.set('allow', allowed.join(', '))
  return refused
}

function matchPath(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [at, expected] of pattern.entries()) {
    const part = parts[at] ?? ''
    if (expected.startsWith(':')) parameters[expected.slice(1)] = decoded(part)
    else if (expected !== part) return undefined
  }
  return parameters
}

/** A part of a path; what is badly encoded stands for itself, and names nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function refusal(error: AdminError): Response {
  const { status, code, message } = error
  const challenge = code === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : undefined
  return new Response(`${JSON.stringify({ error: { code, message } })}\n`, {
    status,
    headers: { ...plainHeaders('application/json'), ...challenge },
  })
}
