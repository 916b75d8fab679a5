import { RejectError } from '@dfinity/agent'
import type { HookSettings } from '../model/hookCondition.ts'
import { hookCanisterNames, type HookCanisterName } from '../model/hookView.ts'
import { failureText } from '../model/failure.ts'
import { initialFeedState, type FeedState, type HookReading } from '../model/feedState.ts'
import { extendHistory, historyMax } from '../model/history.ts'
import type { Connection, connect } from './connect.ts'
import type { Network } from './network.ts'
import { createPoller, type Poller, type Visibility } from './poller.ts'
import type { openSession, Session, SessionChange, SessionPort } from './session.ts'

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
const doneNoticeMs = 8_000

/** What the feed reaches the world through. */
export type FeedPorts = {
  readonly isLocal: boolean
  readonly visibility: Visibility
  readonly findNetwork: () => Promise<Network>
  readonly connect: typeof connect
  readonly openSession: typeof openSession
  readonly fetchModule: (canisterName: string) => Promise<Uint8Array>
}

/** Makes a feed that reports every change of what is known. It asks for nothing before it is started. */
export const createFeed = (ports: FeedPorts, { onChange }: { readonly onChange: (state: FeedState) => void }): Feed => {
  let state = initialFeedState(ports.isLocal)
  let network: Network | undefined
  let reader: Connection | undefined
  let session: SessionPort | undefined
  let user: Session = {}
  let readsAsUser = false
  let pollers: readonly Poller[] = []

  const change = (next: Partial<FeedState>, drop: readonly ('busy' | 'notice' | 'principal' | 'trouble')[] = []): void => {
    const kept: { -readonly [key in keyof FeedState]: FeedState[key] } = { ...state, ...next }
    for (const key of drop) delete kept[key]
    state = kept
    onChange(state)
  }

  const changeReading = (name: HookCanisterName, next: HookReading): void => change({ readings: new Map(state.readings).set(name, next) })

  const readingOf = (name: HookCanisterName): HookReading => state.readings.get(name) ?? { order: [], history: [] }

  const pokeAll = (): void => {
    for (const poller of pollers) poller.poke()
  }

  /** A local network that was started anew may have other keys than the page was served with: it is asked again. */
  const forgetKeys = (): void => {
    reader = undefined
    if (network?.isLocal !== true) return
    const { rootKey: _, ...rest } = network
    network = rest
  }

  /** A reading that fails is told beside the network's name; the next one is tried in its turn. */
  const reading = (read: (connection: Connection) => Promise<void>) => async (): Promise<void> => {
    try {
      reader ??= network === undefined ? undefined : await ports.connect(network, readsAsUser ? user.identity : undefined)
      if (reader !== undefined) await read(reader)
    } catch (error) {
      if (!(error instanceof RejectError)) forgetKeys()
      else if (user.identity !== undefined && !readsAsUser) {
        // A monitor may show its fleet to controllers only.
        readsAsUser = true
        reader = undefined
      }
      change({ trouble: failureText(error) })
    }
  }

  const readOrder = reading(async (connection) => {
    const name = state.selected
    const id = state.hookCanisters.get(name)
    if (id === undefined) return
    try {
      const order = await connection.executedOrder(id)
      changeReading(name, { order, history: readingOf(name).history })
    } catch (error) {
      // A canister that is stopped or empty refuses; that is no trouble of the network.
      if (!(error instanceof RejectError)) throw error
      changeReading(name, { ...readingOf(name), error: failureText(error) })
    }
  })

  const readFleet = reading(async (connection) => {
    const fleet = await connection.fleet()
    change({ fleet }, ['trouble'])
    const name = state.selected
    const id = state.hookCanisters.get(name)
    const latest = fleet.canisters.find(({ canisterId }) => canisterId === id)?.latest
    if (id === undefined || latest === undefined) return
    const history = extendHistory(readingOf(name).history, latest, fleet.intervalSeconds) ?? (await connection.history(id, historyMax))
    changeReading(name, { ...readingOf(name), history })
  })

  /** One change at a time, made as the logged-in user; how it ended is told in a notice. */
  const act = async (
    busy: string,
    done: string,
    work: (connection: Connection, name: HookCanisterName, id: string) => Promise<void>,
  ): Promise<void> => {
    const name = state.selected
    const id = state.hookCanisters.get(name)
    if (state.busy !== undefined || network === undefined || session === undefined || id === undefined) return
    change({ busy }, ['notice'])
    try {
      const { identity } = await session.verified()
      if (identity === undefined) throw new Error('Your login has expired. Log in again.')
      await work(await ports.connect(network, identity), name, id)
      const notice = { kind: 'done', text: done } as const
      change({ notice }, ['busy'])
      setTimeout(() => {
        if (state.notice === notice) change({}, ['notice'])
      }, doneNoticeMs)
    } catch (error) {
      change({ notice: { kind: 'failed', text: failureText(error) } }, ['busy'])
    }
    pokeAll()
  }

  const sessionChanged = (changed: Session, reason: SessionChange): void => {
    const { principal } = changed
    user = changed
    readsAsUser = false
    reader = undefined
    const notice =
      reason === 'idle' ? { notice: { kind: 'done' as const, text: 'You were logged out after 30 minutes without input.' } } : {}
    if (principal === undefined) change(notice, ['principal'])
    else change({ principal })
  }

  const start = async (): Promise<void> => {
    try {
      network = await ports.findNetwork()
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
      createPoller({ everyMs: fleetEveryMs, task: readFleet, visibility: ports.visibility }),
      createPoller({ everyMs: orderEveryMs, task: readOrder, visibility: ports.visibility }),
    ]
    session = await ports.openSession({ network, onChange: sessionChanged })
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
        connection.reinstall(id, await ports.fetchModule(name)),
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
