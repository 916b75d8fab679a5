import type { HookSettings } from '../model/hookCondition.ts'
import { hookCanisterNames, type HookCanisterName } from '../model/hookView.ts'
import { failureText } from '../model/failure.ts'
import { initialFeedState, type FeedState, type HookReading } from '../model/feedState.ts'
import { connect, type Connection } from './connect.ts'
import { fetchJsonFile, fetchModule } from './files.ts'
import { findNetwork, isLocalHost, type Network } from './network.ts'
import { createPoller, type Poller } from './poller.ts'
import { openSession, type Session, type SessionPort } from './session.ts'

export type { FeedState } from '../model/feedState.ts'

/** Where the page's knowledge comes from and its wishes go. No method throws: failures become part of the state. */
export type Feed = {
  readonly current: () => FeedState
  readonly start: () => Promise<void>
  readonly stop: () => void
  readonly select: (name: HookCanisterName) => void
  readonly saveSettings: (settings: HookSettings) => Promise<void>
  readonly redeploy: () => Promise<void>
  readonly login: () => Promise<void>
  readonly logout: () => Promise<void>
  readonly claim: () => Promise<void>
  readonly dismissNotice: () => void
}

/** The record changes with every round; the monitor's samples only as often as it polls. */
const orderEveryMs = 700
const fleetEveryMs = 1_000
const historyLimit = 300

export const createFeed = ({ onChange }: { readonly onChange: (state: FeedState) => void }): Feed => {
  let state = initialFeedState(isLocalHost(location.hostname))
  let network: Network | undefined
  let reader: Connection | undefined
  let session: SessionPort | undefined
  let pollers: readonly Poller[] = []

  const change = (next: Partial<FeedState>, drop: readonly ('busy' | 'notice' | 'principal' | 'trouble')[] = []): void => {
    const kept: { -readonly [key in keyof FeedState]: FeedState[key] } = { ...state, ...next }
    for (const key of drop) delete kept[key]
    state = kept
    onChange(state)
  }

  const changeReading = (name: HookCanisterName, next: Partial<HookReading>): void => {
    const before = state.readings.get(name) ?? { order: [], history: [] }
    change({ readings: new Map(state.readings).set(name, { ...before, ...next }) }, ['trouble'])
  }

  const pokeAll = (): void => {
    for (const poller of pollers) poller.poke()
  }

  /** A reading that fails is shown beside the network's name; the next one is tried in its turn. */
  const reading = (read: (connection: Connection) => Promise<void>) => async (): Promise<void> => {
    try {
      reader ??= network === undefined ? undefined : await connect(network)
      if (reader !== undefined) await read(reader)
    } catch (error) {
      change({ trouble: failureText(error) })
    }
  }

  const readOrder = reading(async (connection) => {
    const name = state.selected
    const id = state.hookCanisters.get(name)
    if (id !== undefined) changeReading(name, { order: await connection.executedOrder(id) })
  })

  const readFleet = reading(async (connection) => {
    const polledAtNanos = state.fleet?.polledAtNanos
    const fleet = await connection.fleet()
    change({ fleet }, ['trouble'])
    const name = state.selected
    const id = state.hookCanisters.get(name)
    const isNew = fleet.polledAtNanos !== polledAtNanos || !state.readings.has(name)
    if (id !== undefined && isNew) changeReading(name, { history: await connection.history(id, historyLimit) })
  })

  /** One change at a time, made as the logged-in user; how it ended is told in a notice. */
  const act = async (busy: string, done: string, work: (connection: Connection, name: HookCanisterName, id: string) => Promise<void>): Promise<void> => {
    const identity = session?.current().identity
    const name = state.selected
    const id = state.hookCanisters.get(name)
    if (state.busy !== undefined || network === undefined || identity === undefined || id === undefined) return
    change({ busy }, ['notice'])
    try {
      await work(await connect(network, identity), name, id)
      change({ notice: { kind: 'done', text: done } }, ['busy'])
    } catch (error) {
      change({ notice: { kind: 'failed', text: failureText(error) } }, ['busy'])
    }
    pokeAll()
  }

  const sessionChanged = ({ principal }: Session, reason: 'restored' | 'login' | 'logout' | 'idle'): void => {
    const notice = reason === 'idle' ? { notice: { kind: 'done' as const, text: 'You were logged out after 30 minutes without input.' } } : {}
    if (principal === undefined) change(notice, ['principal'])
    else change({ principal })
  }

  const start = async (): Promise<void> => {
    try {
      network = await findNetwork({ address: location, cookies: document.cookie, fetchJson: fetchJsonFile })
    } catch (error) {
      change({ trouble: failureText(error) })
      return
    }
    const { canisterIds, isLocal } = network
    const deployed = hookCanisterNames.flatMap((name): [HookCanisterName, string][] => {
      const id = canisterIds.get(name)
      return id === undefined ? [] : [[name, id]]
    })
    change({ isLocal, hookCanisters: new Map(deployed), selected: deployed[0]?.[0] ?? state.selected })
    pollers = [
      createPoller({ everyMs: fleetEveryMs, task: readFleet, visibility: document }),
      createPoller({ everyMs: orderEveryMs, task: readOrder, visibility: document }),
    ]
    session = await openSession({ network, onChange: sessionChanged })
    change({ sessionReady: true })
  }

  return {
    current: () => state,
    start,
    stop: () => {
      for (const poller of pollers) poller.stop()
    },
    select: (name) => {
      change({ selected: name })
      pokeAll()
    },
    saveSettings: (settings) =>
      act('Saving the settings…', 'Settings saved. The condition is evaluated against them from now on.', (connection, _name, id) =>
        connection.updateHookSettings(id, settings),
      ),
    redeploy: () =>
      act('Installing the code afresh…', 'Installed afresh: memory and order start again.', async (connection, name, id) =>
        connection.reinstall(id, await fetchModule(name)),
      ),
    login: async () => {
      try {
        await session?.login()
      } catch (error) {
        change({ notice: { kind: 'failed', text: failureText(error) } })
      }
    },
    logout: async () => session?.logout(),
    claim: () => act('Claiming this network…', 'You are now a controller of the canisters here.', (connection) => connection.claim()),
    dismissNotice: () => change({}, ['notice']),
  }
}
