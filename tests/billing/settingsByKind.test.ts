/**
 * What each setting means for each kind of message: a row per setting and kind.
 *
 * Who may see and change settings, and their ranges, are tested with `update_settings` in the replica; the visibility
 * settings in `visibility.test.ts`; what a compute allocation guarantees in the replica's `computeAllocation.test.ts`.
 *
 * @see Interface specification, "IC method `create_canister`", settings.
 */
import { describe, expect, test } from 'vitest'
import { otherUser, program, user } from '../support/index.ts'
import { gib, page, setSettings } from './support/held.ts'
import { type Kind, kinds, runAs, type Scene, type Stage } from './support/kinds.ts'

/** What becomes of the program by kind of message; `ran` where nothing else is said. */
type Outcomes = { readonly [kind in Kind]?: string }

interface Row {
  readonly name: string
  readonly scene: Scene
  readonly outcomes: Outcomes
}

const every = (outcome: string, ...of: Kind[]): Outcomes => Object.fromEntries(of.map((kind) => [kind, outcome]))
const tasks = ['heartbeat', 'timer', 'hook'] as const
const code = ['init', 'pre-upgrade', 'post-upgrade'] as const
const reads = ['query', 'composite query', 'inspection'] as const

/** Stable memory for a hundred pages, or a trap when they are not granted. */
const growth = program()
  .sys('stable64_grow', 100)
  .int(2n ** 64n - 1n)
  .op('eq')
  .when(program().trap('not granted'))

/** A subnet with so much free memory, once the rest is given to the other canister. */
const crowded = { subnetCapacityBytes: 100n * gib, virtualUsageBytes: 89n * gib }
const fillUpTo =
  (freeBytes: bigint) =>
  ({ net, other }: Stage) =>
    setSettings(net, other, { memory_allocation: gib - freeBytes })

const rows: readonly Row[] = [
  {
    name: 'controllers: a new one is known at once',
    scene: {
      body: program().sys('is_controller', otherUser).int(0).op('eq').when(program().trap('not a controller')),
      change: ({ net, id, other }) => setSettings(net, id, { controllers: [user, other, otherUser] }),
    },
    outcomes: {},
  },
  {
    name: 'memory_allocation: growth within it succeeds on a full subnet',
    scene: { body: growth, network: crowded, settings: { memory_allocation: 300n * page }, change: fillUpTo(310n * page) },
    outcomes: {},
  },
  {
    name: 'memory_allocation: without one a full subnet has nothing left to keep but for callbacks',
    scene: { body: growth, network: crowded, change: fillUpTo(10n * page) },
    outcomes: {
      ...every('IC0503', 'update', 'call'),
      ...every('IC0101', ...code),
      ...every('not run', ...tasks),
    },
  },
  {
    name: 'freezing_threshold: a frozen canister only takes the answers to its calls',
    scene: { body: program(), change: ({ net, id }) => setSettings(net, id, { freezing_threshold: 2n ** 63n }) },
    outcomes: {
      ...every('IC0207', 'update', 'call', 'replicated query', ...reads, ...code),
      ...every('not run', ...tasks),
    },
  },
  {
    name: 'freezing_threshold: growth that would freeze the canister is refused, but in callbacks',
    scene: {
      body: growth,
      // The growth raises the burn of a canister like this from 10,100 to 12,000 cycles a second.
      change: ({ net, id }) => setSettings(net, id, { freezing_threshold: net.balance(id) / 11_000n }),
    },
    outcomes: {
      ...every('IC0532', 'update', 'call', ...code),
      ...every('not run', ...tasks),
    },
  },
  {
    name: 'reserved_cycles_limit: growth that needs more is refused where it is kept',
    scene: {
      body: growth,
      network: { subnetThresholdBytes: 0n, subnetCapacityBytes: 100n * gib, virtualUsageBytes: 50n * gib },
      settings: { reserved_cycles_limit: 10n ** 30n },
      change: ({ net, id }) => setSettings(net, id, { reserved_cycles_limit: net.canister(id).reservedBalance }),
    },
    outcomes: {
      ...every('IC0534', 'update', 'call', 'reply callback', 'reject callback', ...code),
      ...every('not run', 'cleanup', ...tasks),
    },
  },
  {
    name: 'minimum_incoming_canister_call_cycles: only calls of other canisters have to bring them',
    scene: {
      body: program(),
      change: ({ net, id }) => setSettings(net, id, { minimum_incoming_canister_call_cycles: 101n }),
    },
    outcomes: { call: 'IC0504' },
  },
  {
    name: 'minimum_incoming_canister_call_cycles: a call that brings exactly as many is taken',
    scene: {
      body: program(),
      change: ({ net, id }) => setSettings(net, id, { minimum_incoming_canister_call_cycles: 100n }),
    },
    outcomes: {},
  },
  {
    name: 'wasm_memory_limit: the heap is limited in updates and in new code',
    scene: { body: program().growHeap(4), change: ({ net, id }) => setSettings(net, id, { wasm_memory_limit: 5n * page }) },
    outcomes: every('IC0539', 'update', 'call', 'init', 'post-upgrade'),
  },
  {
    name: 'wasm_memory_limit: 0 is none',
    scene: {
      body: program().growHeap(4),
      change: ({ net, id }) => {
        setSettings(net, id, { wasm_memory_limit: 5n * page })
        setSettings(net, id, { wasm_memory_limit: 0n })
      },
    },
    outcomes: {},
  },
  {
    name: 'environment_variables: a new one can be read at once',
    scene: {
      body: program().sys('env_var_name_exists', 'COLOUR').int(0).op('eq').when(program().trap('no such name')),
      change: ({ net, id }) => setSettings(net, id, { environment_variables: [{ name: 'COLOUR', value: 'blue' }] }),
    },
    outcomes: {},
  },
]

describe.each(rows)('$name', ({ scene, outcomes }) => {
  test.each(kinds)('%s', (kind) => {
    expect(runAs(kind, scene).outcome).toBe(outcomes[kind] ?? 'ran')
  })
})

describe('log_memory_limit: what is printed is kept, or not', () => {
  const printed = (kind: Kind, limit: bigint) => {
    const change = ({ net, id }: Stage) => setSettings(net, id, { log_memory_limit: limit })
    const { net, id } = runAs(kind, { body: program().sys('debug_print', 'said'), change })
    return net.log(id).includes('said')
  }
  test.each(kinds)('%s', (kind) => {
    // Queries that are not replicated, and inspection, leave nothing behind.
    const leaves = !(reads as readonly Kind[]).includes(kind)
    expect([printed(kind, 4_096n), printed(kind, 0n)]).toEqual([leaves, false])
  })
})

describe('wasm_memory_threshold: growth brings the hook about where it is kept', () => {
  const change = ({ net, id }: Stage) => setSettings(net, id, { wasm_memory_limit: 10n * page, wasm_memory_threshold: 5n * page })
  const due = (kind: Kind, pages: number) => {
    const { net, id } = runAs(kind, { body: program().growHeap(pages), change })
    net.tick()
    return net.canister(id).hookStatus
  }
  /** After an upgrade there is a fresh heap; the hook itself is looked at in `lowMemoryHook.test.ts`. */
  const forgets: readonly Kind[] = [...reads, 'replicated query', 'pre-upgrade']
  test.each(kinds.filter((kind) => kind !== 'hook'))('%s', (kind) => {
    // A heap of five pages leaves as much as the threshold, one of six less.
    expect(due(kind, 3)).toBe('condition_not_satisfied')
    expect(due(kind, 4)).toBe(forgets.includes(kind) ? 'condition_not_satisfied' : 'executed')
  })
})
