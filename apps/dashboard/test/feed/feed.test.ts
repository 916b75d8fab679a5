import { AnonymousIdentity, RejectError, UncertifiedRejectErrorCode, type Identity } from '@dfinity/agent'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Connection } from '../../src/feed/connect.ts'
import { createFeed, type Feed, type FeedPorts } from '../../src/feed/feed.ts'
import type { Network } from '../../src/feed/network.ts'
import type { SessionOptions } from '../../src/feed/session.ts'
import type { FeedState } from '../../src/model/feedState.ts'
import { hookViewOf } from '../../src/model/hookView.ts'
import type { Fleet, Sample } from '../../src/model/sample.ts'
import { orderOf, sampleOf } from '../samples.ts'

const hookId = 'bkyz2-fmaaa-aaaaa-qaaaq-cai'
const me: Identity = new AnonymousIdentity()
const network: Network = {
  isLocal: true,
  agentHost: 'http://localhost:4943',
  identityProvider: 'http://id.ai.localhost:4943/',
  rootKey: Uint8Array.of(1),
  canisterIds: new Map([
    ['monitor', 'aaaaa-aa'],
    ['low_wasm_memory_hook', hookId],
  ]),
}
const at = (second: number): Sample => sampleOf({ atNanos: BigInt(second) * 1_000_000_000n, executed: orderOf(second) })
const fleetOf = (latest: Sample): Fleet => ({
  polledAtNanos: latest.atNanos,
  intervalSeconds: 1,
  claim: { kind: 'open' },
  canisters: [{ canisterId: hookId, latest }],
})
const refused = (text: string): RejectError =>
  RejectError.fromCode(new UncertifiedRejectErrorCode(new Uint8Array(32) as never, 5, text, 'IC0503', undefined))

/** A network in memory, a page to look at it, and a user who may log in. */
const setUp = () => {
  let state: FeedState | undefined
  let session: SessionOptions | undefined
  let user: { identity?: Identity; principal?: string } = {}
  const connection = {
    fleet: vi.fn<Connection['fleet']>(() => Promise.resolve(fleetOf(at(1)))),
    history: vi.fn<Connection['history']>(() => Promise.resolve([at(1)])),
    executedOrder: vi.fn<Connection['executedOrder']>(() => Promise.resolve(orderOf(1))),
    claim: vi.fn<Connection['claim']>(() => Promise.resolve()),
    updateHookSettings: vi.fn<Connection['updateHookSettings']>(() => Promise.resolve()),
    reinstall: vi.fn<Connection['reinstall']>(() => Promise.resolve()),
  }
  const connect = vi.fn<FeedPorts['connect']>(() => Promise.resolve(connection))
  const feed: Feed = createFeed(
    {
      isLocal: true,
      visibility: { hidden: false, addEventListener: () => undefined, removeEventListener: () => undefined },
      findNetwork: () => Promise.resolve(network),
      connect,
      openSession: (options) => {
        session = options
        return Promise.resolve({
          verified: () => Promise.resolve(user),
          current: () => user,
          login: () => Promise.reject(new Error('The login window was closed before it was done.')),
          logout: () => Promise.resolve(),
        })
      },
      fetchModule: (name) => Promise.resolve(new TextEncoder().encode(name)),
    },
    { onChange: (next) => (state = next) },
  )
  return {
    feed,
    connection,
    connect,
    now: () => state ?? feed.current(),
    logIn: () => {
      user = { identity: me, principal: 'me' }
      session?.onChange(user, 'login')
    },
    expire: () => {
      user = {}
    },
    idle: () => session?.onChange({}, 'idle'),
  }
}

const turns = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds)

describe('the feed', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('asks for the whole history once, then follows the latest samples', async () => {
    const { feed, connection, now } = setUp()
    await feed.start()
    await turns(0)
    connection.fleet.mockResolvedValue(fleetOf(at(2)))
    connection.executedOrder.mockResolvedValue(orderOf(3))
    await turns(1_000)
    feed.stop()
    expect(connection.history).toHaveBeenCalledTimes(1)
    expect(hookViewOf(now())).toMatchObject({ order: orderOf(3), history: [at(1), at(2)], sample: at(2) })
    expect(now().sessionReady).toBe(true)
  })

  test('tells of a network that does not answer, and asks a local one for its keys again', async () => {
    const { feed, connection, connect, now } = setUp()
    connection.fleet.mockRejectedValueOnce(new Error('TypeError: Failed to fetch'))
    await feed.start()
    await turns(0)
    expect(now().trouble).toBe('The network does not answer.')
    await turns(1_000)
    feed.stop()
    expect(now().trouble).toBeUndefined()
    expect(connect.mock.calls[0]?.[0].rootKey).toEqual(Uint8Array.of(1))
    expect(connect.mock.calls.at(-1)?.[0].rootKey).toBeUndefined()
  })

  test('a hook canister that refuses is no trouble of the network', async () => {
    const { feed, connection, now } = setUp()
    connection.executedOrder.mockRejectedValue(refused('Canister is stopped'))
    await feed.start()
    await turns(0)
    feed.stop()
    expect(now().trouble).toBeUndefined()
    expect(hookViewOf(now())?.error).toBe('Canister is stopped (IC0503)')
  })

  test('a monitor that shows its fleet to controllers only is read as the user', async () => {
    const { feed, connection, connect, now, logIn } = setUp()
    connection.fleet.mockRejectedValueOnce(refused('Only controllers may look')).mockRejectedValueOnce(refused('Only controllers may look'))
    await feed.start()
    await turns(0)
    expect(now().trouble).toContain('Only controllers may look')
    logIn()
    await turns(2_000)
    feed.stop()
    expect(connect.mock.calls.at(-1)?.[1]).toBe(me)
    expect(now().trouble).toBeUndefined()
  })

  test('changes are made as the user, one at a time, and told when done; the notice goes by itself', async () => {
    const { feed, connection, connect, now, logIn } = setUp()
    await feed.start()
    await turns(0)
    logIn()
    const change = feed.redeploy()
    expect(now().busy).toBe('Installing the code afresh…')
    await feed.saveSettings({ wasmMemoryLimitBytes: 1n, wasmMemoryThresholdBytes: 1n })
    await change
    expect(connect.mock.calls.map(([, identity]) => identity)).toContain(me)
    expect(connection.reinstall).toHaveBeenCalledWith(hookId, new TextEncoder().encode('low_wasm_memory_hook'))
    expect(connection.updateHookSettings).not.toHaveBeenCalled()
    expect(now()).toMatchObject({ notice: { kind: 'done' } })
    await turns(8_000)
    feed.stop()
    expect(now().notice).toBeUndefined()
    expect(now().busy).toBeUndefined()
  })

  const failures = [
    {
      name: 'the network refuses',
      prepare: ({ connection }: ReturnType<typeof setUp>) => connection.claim.mockRejectedValue(refused('Claimed already')),
      text: 'Claimed already (IC0503)',
    },
    {
      name: 'the login has expired',
      prepare: ({ expire }: ReturnType<typeof setUp>) => expire(),
      text: 'Your login has expired. Log in again.',
    },
  ]
  test.each(failures)('when $name, the notice says so and stays', async ({ prepare, text }) => {
    const set = setUp()
    await set.feed.start()
    set.logIn()
    prepare(set)
    await set.feed.claim()
    await turns(20_000)
    set.feed.stop()
    expect(set.now().notice).toEqual({ kind: 'failed', text })
    set.feed.dismissNotice()
    expect(set.now().notice).toBeUndefined()
  })

  test('a login that comes to nothing, and a user who was idle, are told of', async () => {
    const { feed, now, logIn, idle } = setUp()
    await feed.start()
    await feed.login()
    expect(now().notice?.text).toBe('The login window was closed before it was done.')
    logIn()
    expect(now().principal).toBe('me')
    idle()
    feed.stop()
    expect(now().principal).toBeUndefined()
    expect(now().notice?.text).toContain('30 minutes')
  })
})
