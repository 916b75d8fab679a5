import type { Principal } from '@dfinity/principal'
import type { monitorTypes } from '@tidemark/bindings'
import { revived } from './attempts.ts'
import { hookWatches, type HookWatch, storedDeliveries } from './memory.ts'

/** Deliveries kept, those that wait besides; the oldest go first. */
const keptDeliveries = 500

// Read at every poll, so kept in the heap too; stable memory is written through, and read after an upgrade.
let loadedWatches: Map<string, HookWatch> | undefined
let loadedDeliveries: Map<bigint, monitorTypes.HookDelivery> | undefined

/** What is watched of a canister's hooks. */
export function readWatch(canister: Principal): HookWatch | undefined {
  return watches().get(canister.toText())
}

export function writeWatch(watch: HookWatch): void {
  watches().set(watch.canister.toText(), watch)
  hookWatches.insert(watch.canister, watch)
}

export function removeWatch(canister: Principal): void {
  watches().delete(canister.toText())
  hookWatches.remove(canister)
}

/** Alerts of all canisters. */
export function readAlerts(): monitorTypes.Alert[] {
  return [...watches().values()].flatMap(({ alerts }) => alerts)
}

/** All deliveries, oldest first. */
export function readDeliveries(): monitorTypes.HookDelivery[] {
  return [...deliveries().values()]
}

export function readDelivery(number: bigint): monitorTypes.HookDelivery | undefined {
  return deliveries().get(number)
}

/** Keeps a delivery, under its number. */
export function writeDelivery(delivery: monitorTypes.HookDelivery): void {
  deliveries().set(delivery.number, delivery)
  storedDeliveries.insert(delivery.number, delivery)
}

/** Makes a delivery due. Numbers count up over all canisters and are never used again: the newest is never forgotten. */
export function addDelivery(event: Pick<monitorTypes.HookDelivery, 'canister' | 'hook' | 'value'>, nowNanos: bigint): void {
  const last = readDeliveries().at(-1)?.number ?? 0n
  const dates = { raised_at_nanos: nowNanos, next_at_nanos: nowNanos }
  writeDelivery({ ...event, ...dates, number: last + 1n, attempts: 0, state: { pending: null }, last_error: [] })
  const ended = readDeliveries().filter(({ state }) => !('pending' in state))
  for (const { number } of ended.slice(0, Math.max(0, ended.length - keptDeliveries))) {
    deliveries().delete(number)
    storedDeliveries.remove(number)
  }
}

/** Takes back what waits for a canister: of one hook, or all. So no more than one event of each hook waits for it. */
export function skipDeliveries(canister: Principal, why: string, hook?: string): void {
  for (const delivery of readDeliveries()) {
    const isMeant =
      'pending' in delivery.state && delivery.canister.compareTo(canister) === 'eq' && (hook ?? delivery.hook) === delivery.hook
    if (isMeant) writeDelivery({ ...delivery, state: { skipped: null }, last_error: [why] })
  }
}

/** Sends a dead letter again. @returns why not, as an optional value */
export function reviveDelivery(number: bigint, nowNanos: bigint): [] | [string] {
  const delivery = readDelivery(number)
  if (delivery === undefined) return ['There is no delivery of that number.']
  if (!('dead' in delivery.state)) return ['It is no dead letter.']
  writeDelivery(revived(delivery, nowNanos))
  return []
}

function watches(): Map<string, HookWatch> {
  loadedWatches ??= new Map(hookWatches.values().map((watch) => [watch.canister.toText(), watch]))
  return loadedWatches
}

function deliveries(): Map<bigint, monitorTypes.HookDelivery> {
  loadedDeliveries ??= new Map(storedDeliveries.values().map((delivery) => [delivery.number, delivery]))
  return loadedDeliveries
}
