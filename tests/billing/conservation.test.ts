/**
 * Random sequences over several canisters: no cycle is made or lost, usage is the sum of its parts, the status explains
 * whether a canister is frozen, and snapshots bring back exactly what they kept.
 */
import { createPricing, freezingThreshold, idleCyclesBurnedPerDay } from '@tidemark/cycles'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Principal, managementCanisterId } from '@tidemark/types'
import {
  type TestNetwork,
  candid,
  decodeManagement,
  encodeManagement,
  expectReply,
  later,
  network,
  program,
  universalCanister,
  user,
} from '../support/index.ts'
import { gib, isFrozen, startCycles, type Status } from './support/held.ts'
import { walkedMessageMemory } from './support/messageMemory.ts'
import { type Kept, keptOf } from './support/snapshots.ts'

const modules = [universalCanister(), universalCanister({ mode: 'wasm64', exports: ['heartbeat', 'pre_upgrade'] })]
const pricing = createPricing({ profile: '2026' })

const who = fc.nat({ max: 3 })
const cycles = fc.bigInt({ min: 0n, max: 10n ** 13n })
const stepOf = <Kind extends string, Rest extends object>(kind: Kind, rest: { [K in keyof Rest]: fc.Arbitrary<Rest[K]> }) =>
  fc.tuple(who, fc.record<Rest>(rest)).map(([index, values]) => ({ ...values, kind, who: index }))

const step = fc.oneof(
  stepOf('create', { amount: cycles }),
  stepOf('createByCanister', { amount: cycles }),
  stepOf('install', { module: fc.nat({ max: 1 }), mode: fc.constantFrom('install', 'reinstall', 'upgrade') }),
  stepOf('call', {
    callee: who,
    amount: cycles,
    accepted: cycles,
    rounds: fc.nat({ max: 3 }),
    ends: fc.constantFrom('reply', 'reject', 'trap'),
  }),
  stepOf('heap', { pages: fc.nat({ max: 40 }), traps: fc.boolean() }),
  stepOf('stable', { pages: fc.nat({ max: 30_000 }), traps: fc.boolean() }),
  stepOf('write', { at: fc.nat({ max: 65_000 }), text: fc.string({ minLength: 1, maxLength: 20 }) }),
  stepOf('allocate', { bytes: fc.bigInt({ min: 0n, max: 4n * gib }) }),
  stepOf('compute', { percent: fc.bigInt({ min: 0n, max: 10n }) }),
  stepOf('advance', { seconds: fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: 40_000_000 })) }),
  stepOf('topUp', { amount: cycles }),
  stepOf('uninstall_code', {}),
  stepOf('stop_canister', {}),
  stepOf('start_canister', {}),
  stepOf('delete_canister', {}),
  stepOf('chunk', { byte: fc.nat({ max: 255 }) }),
  stepOf('take', { uninstalls: fc.boolean() }),
  stepOf('load', { which: fc.nat({ max: 2 }) }),
  stepOf('forget', { which: fc.nat({ max: 2 }) }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** A network with what the test itself remembers of its snapshots. */
class Run {
  readonly net: TestNetwork = network({ subnetThresholdBytes: gib, subnetCapacityBytes: 16n * gib })
  readonly #kept = new Map<string, Kept>()
  /** Snapshots that were loaded and compared. */
  restored = 0

  constructor() {
    for (const module of [0, 1, 0]) this.net.install(modules[module] as Uint8Array, '', { cycles: 20n * startCycles })
  }

  get ids(): Principal[] {
    return this.net.replica.canisters().map(({ id }) => id)
  }

  apply(next: Step): void {
    const { ids, net } = this
    if (next.kind === 'create') return void net.create({ cycles: next.amount })
    if (next.kind === 'advance') return net.advance(next.seconds)
    const id = ids[next.who % Math.max(ids.length, 1)]
    if (id === undefined) return
    switch (next.kind) {
      case 'createByCanister': {
        const arg = encodeManagement('create_canister', { settings: [], sender_canister_version: [] })
        return void net.update(
          id,
          program().call(managementCanisterId, 'create_canister', arg, { cycles: next.amount, onReply: program().reply() }).op('drop'),
        )
      }
      case 'install':
        return void net.installInto(
          id,
          modules[next.module] as Uint8Array,
          '',
          next.mode === 'upgrade' ? { upgrade: [] } : { [next.mode]: null },
        )
      case 'call': {
        const accept = program().amount('msg_cycles_accept128', 0n, next.accepted).op('drop').op('drop')
        const end = next.ends === 'trap' ? program().trap('no') : next.ends === 'reject' ? program().reject('no') : program().reply()
        const inner = accept.then(next.rounds === 0 ? end : later(next.rounds, end))
        const callee = ids[next.callee % ids.length] as Principal
        // Not waited for: what is on its way, in open calls and in callbacks counts, too.
        net.submit(
          id,
          'update',
          program().callUpdate(callee, inner, { cycles: next.amount, onReply: program().reply(), onReject: program().trap('no') }),
        )
        return net.tick()
      }
      case 'heap':
        return void net.update(id, next.traps ? program().growHeap(next.pages).trap('no') : program().growHeap(next.pages).reply())
      case 'stable': {
        const grown = program().sys('stable64_grow', next.pages).op('drop')
        return void net.update(id, next.traps ? grown.trap('no') : grown.reply())
      }
      case 'write':
        return void net.update(
          id,
          program().note(next.text).int(next.at).blob(next.text).sys('stable64_write').sys('certified_data_set', next.text).reply(),
        )
      case 'allocate':
        return void net.updateSettings(id, { memory_allocation: next.bytes })
      case 'compute':
        return void net.updateSettings(id, { compute_allocation: next.percent })
      case 'topUp':
        return net.topUp(id, next.amount)
      case 'stop_canister':
        net.submit(managementCanisterId, 'stop_canister', encodeManagement('stop_canister', { canister_id: candid(id) }), {
          effectiveCanisterId: id,
        })
        return net.tick()
      case 'chunk':
        return void net.managing('upload_chunk', { canister_id: candid(id), chunk: Uint8Array.of(next.byte) }, { effectiveCanisterId: id })
      case 'take':
        return this.#take(id, next.uninstalls)
      case 'load':
        return this.#load(id, next.which)
      case 'forget': {
        const snapshot = net.canister(id).snapshots[next.which]
        if (snapshot === undefined) return
        return void net.managing(
          'delete_canister_snapshot',
          { canister_id: candid(id), snapshot_id: snapshot.id },
          { effectiveCanisterId: id },
        )
      }
      default:
        return void net.lifecycle(next.kind, id)
    }
  }

  #take(id: Principal, uninstalls: boolean): void {
    this.net.tick(4)
    if (this.net.replica.canister(id) === undefined) return
    const kept = keptOf(this.net, id)
    const arg = { canister_id: candid(id), replace_snapshot: [], uninstall_code: [uninstalls], sender_canister_version: [] }
    const taken = this.net.managing('take_canister_snapshot', arg, { effectiveCanisterId: id })
    if (taken.kind === 'reject' || kept === undefined) return
    const { id: snapshot } = decodeManagement('take_canister_snapshot', taken.bytes) as { id: Uint8Array }
    this.#kept.set(keyOf(snapshot), kept)
  }

  #load(id: Principal, which: number): void {
    const snapshot = this.net.canister(id).snapshots[which]
    if (snapshot === undefined) return
    const arg = { canister_id: candid(id), snapshot_id: snapshot.id, sender_canister_version: [] }
    if (this.net.managing('load_canister_snapshot', arg, { effectiveCanisterId: id }).kind === 'reject') return
    this.restored++
    expect(keptOf(this.net, id)).toEqual(this.#kept.get(keyOf(snapshot.id)))
  }
}

const keyOf = (snapshot: Uint8Array) => Buffer.from(snapshot).toString('hex')

/** The status as a controller reads it, without paying for it. */
function lookAt(net: TestNetwork, id: Principal): Status & { readonly settings: Readonly<Record<string, bigint>> } {
  const answer = net.replica.query({
    sender: user,
    canisterId: managementCanisterId,
    effectiveCanisterId: id,
    methodName: 'canister_status',
    arg: encodeManagement('canister_status', { canister_id: candid(id) }),
  })
  if (answer.status !== 'replied') throw new Error(answer.reject.message)
  return decodeManagement('canister_status', answer.arg) as ReturnType<typeof lookAt>
}

function expectBalanced(net: TestNetwork): void {
  const { minted, held, burned } = net.replica.cyclesLedger()
  expect(held + burned).toBe(minted)
}

function expectExplained(net: TestNetwork, id: Principal): void {
  const { controllers } = net.canister(id).settings
  if (!controllers.some((one) => one.equals(user))) return
  const status = lookAt(net, id)
  const sum = Object.values(status.memory_metrics).reduce((total, bytes) => total + bytes, 0n)
  expect(status.memory_size).toBe(sum)
  const resources = {
    memoryAllocationBytes: status.settings['memory_allocation'] ?? 0n,
    memoryUsageBytes: status.memory_size,
    messageMemoryBytes: walkedMessageMemory(net.canister(id)),
    computeAllocationPercent: status.settings['compute_allocation'] ?? 0n,
  }
  expect(status.idle_cycles_burned_per_day).toBe(idleCyclesBurnedPerDay(pricing, resources))
  const freezing = { freezingThresholdSeconds: status.settings['freezing_threshold'] ?? 0n, reservedBalance: status.reserved_cycles }
  // One that is stopped or empty says so first, whatever its cycles.
  const { status: phase, execution } = net.canister(id)
  if (phase.kind === 'running' && execution !== undefined)
    expect(isFrozen(net, id)).toBe(status.cycles < freezingThreshold(pricing, { ...resources, ...freezing }))
  expect(status.reserved_cycles).toBeLessThanOrEqual(status.settings['reserved_cycles_limit'] ?? 0n)
}

/** Bytes that all canisters take can never be more than there are. */
function expectWithinSubnet(net: TestNetwork): void {
  let taken = 0n
  for (const { id, settings } of net.replica.canisters()) {
    const usage = net.canister(id).settings.controllers.some((one) => one.equals(user)) ? lookAt(net, id).memory_size : 0n
    taken += usage > settings.memoryAllocation ? usage : settings.memoryAllocation
  }
  expect(taken).toBeLessThanOrEqual(16n * gib)
}

describe('after every step of any sequence', () => {
  test('the ledger is balanced, the status explains itself, snapshots are exact', () => {
    let restored = 0
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 20 }), (steps) => {
        const run = new Run()
        for (const next of steps) {
          run.apply(next)
          expectBalanced(run.net)
          for (const id of run.ids) expectExplained(run.net, id)
          expectWithinSubnet(run.net)
        }
        run.net.tick(5)
        expectBalanced(run.net)
        restored += run.restored
      }),
      { numRuns: 60, seed: 5 },
    )
    // The sequences do reach what they are about.
    expect(restored).toBeGreaterThan(0)
  })

  test('a snapshot survives growth, writes, an upgrade and an uninstallation', () => {
    const run = new Run()
    const steps: Step[] = [
      { kind: 'write', who: 0, at: 0, text: 'kept' },
      { kind: 'stable', who: 0, pages: 3, traps: false },
      { kind: 'write', who: 0, at: 70_000, text: 'kept, too' },
      { kind: 'heap', who: 0, pages: 5, traps: false },
      { kind: 'chunk', who: 0, byte: 7 },
      { kind: 'take', who: 0, uninstalls: false },
      { kind: 'write', who: 0, at: 1, text: 'lost' },
      { kind: 'heap', who: 0, pages: 9, traps: false },
      { kind: 'install', who: 0, module: 1, mode: 'reinstall' },
      { kind: 'load', who: 0, which: 0 },
      { kind: 'uninstall_code', who: 0 },
      { kind: 'load', who: 0, which: 0 },
    ]
    for (const next of steps) {
      run.apply(next)
      expectBalanced(run.net)
    }
    expect(run.restored).toBe(2)
    const [id] = run.ids as [Principal]
    expect(run.net.state(id)).toBe('kept, too')
    expectReply(run.net.update(id, program().growHeap(1).reply()))
    expect(run.net.canister(id).execution?.live.heapPages).toBe(8)
  })
})
