/** An administered network with a counter, whose clock and timers are the test's. */
import { type AdminHandler, createAdminHandler, createNetworkClock } from '@tidemark/admin'
import { createLiveDriver, type LiveDriver } from '@tidemark/http'
import { Principal } from '@tidemark/types'
import { network, type TestNetwork, universalCanister } from '../../../../tests/support/index.ts'

export const genesisNanos = 1_700_000_000_000_000_000n
export const token = 'the-token'
export const port = 4_999

export interface Administered {
  readonly net: TestNetwork
  readonly driver: LiveDriver
  /** The machine's clock. */
  wall: bigint
  /** What companions were told. */
  readonly told: string[]
  readonly install: () => Principal
  /** A request as the owner sends it. */
  readonly ask: (method: string, path: string, fields?: unknown, headers?: Record<string, string>) => Promise<Response>
  /** The same, and the JSON of its answer. */
  readonly json: <Answer = Record<string, unknown>>(method: string, path: string, fields?: unknown) => Promise<Answer>
  readonly handler: AdminHandler
  /** Runs the timers that wait for so many milliseconds. */
  readonly fire: (ms: number) => void
}

export function administered({
  prepare,
  ...options
}: {
  readonly alwaysTrace?: boolean
  /** What happens between the network's beginning and that of its administration; a reset then goes back to before. */
  readonly prepare?: (net: TestNetwork) => void
} = {}): Administered {
  const net = network({ initialTimeNanos: genesisNanos })
  const genesis = net.replica.snapshot()
  prepare?.(net)
  const timers = new Set<{ readonly run: () => void; readonly ms: number }>()
  const schedule = (run: () => void, ms: number): (() => void) => {
    const timer = { run, ms }
    timers.add(timer)
    return () => void timers.delete(timer)
  }
  const told: string[] = []
  const fire = (ms: number): void => {
    const due = [...timers].filter((timer) => timer.ms === ms)
    for (const timer of due) if (timers.delete(timer)) timer.run()
  }
  const state = { wall: genesisNanos }
  const clock = createNetworkClock(() => state.wall)
  const driver = createLiveDriver({ replica: net.replica, now: clock.now, schedule, idleRoundMs: 500 })
  const handler = createAdminHandler({
    network: net.replica,
    rounds: driver,
    clock,
    wall: () => state.wall,
    // Turns between rounds are given at once; signs of life wait for the test.
    schedule: (run, ms) => (ms === 0 ? (queueMicrotask(run), () => {}) : schedule(run, ms)),
    guard: () => ({ port, token }),
    hooksOf: (id) =>
      net.replica
        .hookStates(Principal.fromText(id))
        ?.map(({ name, state: last, condition = '' }) => ({ name, state: last, condition, pending: '0', runs: '0', dropped: '0' })),
    facts: () => ({ version: '0.1.0', url: 'http://127.0.0.1:4943', canisters: net.replica.canisters().length }),
    companions: [{ capture: () => (told.push('capture'), () => told.push('back')), reset: () => told.push('reset') }],
    ...(prepare && { genesis }),
    ...options,
  })
  const ask: Administered['ask'] = (method, path, fields, headers) =>
    handler(
      new Request(`http://127.0.0.1:${port}/admin/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(fields === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(fields === undefined ? {} : { body: typeof fields === 'string' ? fields : JSON.stringify(fields) }),
      }),
    )
  return {
    net,
    driver,
    get wall() {
      return state.wall
    },
    set wall(nanos) {
      state.wall = nanos
    },
    told,
    fire,
    handler,
    ask,
    json: async (method, path, fields) => (await ask(method, path, fields)).json() as Promise<never>,
    install: () => net.install(universalCanister()),
  }
}
