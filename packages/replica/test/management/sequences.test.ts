/** Random calls in random order: what must hold whatever happens. */
import { type CanisterState, memoryUsage } from '@tidemark/state'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canisterStatusRecord, finishStopping } from '../../src/management/index.ts'
import { counter, empty, trapping } from './support/modules.ts'
import { bob, candid, gib, Network, type Outcome, printState, trillion } from './support/network.ts'
import { settings } from './support/settingsArg.ts'

type Step = (network: Network, canister: CanisterState, sender: CanisterState) => Outcome<unknown> | undefined

const id = (canister: CanisterState) => ({ canister_id: candid(canister.id) })
const versioned = { sender_canister_version: [] as [] }
const lastSnapshot = (canister: CanisterState) => canister.snapshots.at(-1)?.id ?? new Uint8Array(18)

const install =
  (module: Uint8Array, mode: 'install' | 'reinstall' | 'upgrade'): Step =>
  (network, canister) => {
    const modes = { install: { install: null }, reinstall: { reinstall: null }, upgrade: { upgrade: [] as [] } }
    return network.call('install_code', { ...id(canister), ...versioned, mode: modes[mode], wasm_module: module, arg: new Uint8Array(0) })
  }

const steps: Record<string, Step> = {
  create: (network, _, sender) => network.callFrom(sender, 'create_canister', { settings: [], ...versioned }, trillion),
  provisional: (network) =>
    network.call('provisional_create_canister_with_cycles', { amount: [trillion], settings: [], specified_id: [], ...versioned }),
  topUp: (network, canister) => network.call('provisional_top_up_canister', { ...id(canister), amount: 7n }),
  deposit: (network, canister, sender) => network.callFrom(sender, 'deposit_cycles', id(canister), 11n),
  allocate: (network, canister) =>
    network.call('update_settings', { ...id(canister), ...versioned, settings: settings({ memory_allocation: [gib] }) }),
  release: (network, canister) =>
    network.call('update_settings', { ...id(canister), ...versioned, settings: settings({ memory_allocation: [0n] }) }),
  smallLog: (network, canister) =>
    network.call('update_settings', { ...id(canister), ...versioned, settings: settings({ log_memory_limit: [0n] }) }),
  install: install(counter, 'install'),
  reinstall: install(empty, 'reinstall'),
  upgrade: install(counter, 'upgrade'),
  failing: install(trapping, 'reinstall'),
  uninstall: (network, canister) => network.call('uninstall_code', { ...id(canister), ...versioned }),
  stop: (network, canister) => network.call('stop_canister', id(canister)),
  stopped: (network, canister) => {
    finishStopping(network.subnet, canister)
    return undefined
  },
  start: (network, canister) => network.call('start_canister', id(canister)),
  delete: (network, canister) => network.call('delete_canister', id(canister)),
  upload: (network, canister) => network.call('upload_chunk', { ...id(canister), chunk: new Uint8Array([canister.chunkStore.size]) }),
  clear: (network, canister) => network.call('clear_chunk_store', id(canister)),
  take: (network, canister) =>
    network.call('take_canister_snapshot', { ...id(canister), ...versioned, replace_snapshot: [], uninstall_code: [] }),
  takeAndUninstall: (network, canister) =>
    network.call('take_canister_snapshot', { ...id(canister), ...versioned, replace_snapshot: [], uninstall_code: [true] }),
  load: (network, canister) =>
    network.call('load_canister_snapshot', { ...id(canister), ...versioned, snapshot_id: lastSnapshot(canister) }),
  forget: (network, canister) => network.call('delete_canister_snapshot', { ...id(canister), snapshot_id: lastSnapshot(canister) }),
  read: (network, canister) =>
    network.call('read_canister_snapshot_data', {
      ...id(canister),
      snapshot_id: lastSnapshot(canister),
      kind: { wasm_memory: { offset: 0n, size: 10n } },
    }),
  stranger: (network, canister) => network.call('start_canister', id(canister), bob),
}

/** Steps that pay for what they have executed even when they fail. */
const paysForFailure = new Set(['install', 'reinstall', 'upgrade', 'failing'])

function check(network: Network, canister: CanisterState): void {
  expect(network.ledgerGap()).toBe(0n)
  expect(canister.balance).toBeGreaterThanOrEqual(0n)
  const status = canisterStatusRecord(canister, network.env)
  expect(status.memory_size).toBe(BigInt(memoryUsage(canister)))
  expect(canister.execution === undefined).toBe(status.module_hash.length === 0)
  expect(canister.history.changes.length).toBeLessThanOrEqual(20)
  expect(canister.snapshots.length).toBeLessThanOrEqual(10)
}

const step = fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat(5))

test.each([
  ['an empty subnet', 0n],
  ['a subnet above its threshold', 900n * gib],
  ['a subnet with 5 GiB left', 2033n * gib],
])('%s: cycles add up, memory is the sum of its parts, refusals change nothing', (_, takenBytes) => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (sequence) => {
      const network = new Network({ takenBytes })
      const sender = network.canister(100n * trillion, [])
      network.canister(20n * trillion)
      for (const [name, pick] of sequence) {
        const others = network.subnet.canisters().filter((canister) => canister !== sender)
        const canister = others[pick % Math.max(1, others.length)] ?? network.canister(20n * trillion)
        network.subnet.timeNanos += 1n
        const before = printState(network.subnet)
        const outcome = steps[name]?.(network, canister, sender)
        if (outcome !== undefined && 'code' in outcome && outcome.code !== 'deferred' && !paysForFailure.has(name)) {
          expect(printState(network.subnet)).toBe(before)
        }
        check(network, canister)
      }
      expect(network.ledgerGap()).toBe(0n)
    }),
    { seed: 3, numRuns: 40 },
  )
})
