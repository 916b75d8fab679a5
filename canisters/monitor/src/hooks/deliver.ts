import type { Principal } from '@dfinity/principal'
import type { monitorTypes } from '@tidemark/bindings'
import { time } from 'azle'
import { describeFailure, isMissingMethod } from '../callFailure.ts'
import { latestSample } from '../store.ts'
import { delivered, failed } from './attempts.ts'
import { callHook, depositCycles } from './calls.ts'
import { readDeliveries, readDelivery, readWatch, writeDelivery } from './store.ts'

// A canister whose answer never came is tried again after this long.
const lostAfterNanos = 600_000_000_000n
const busySince = new Map<string, bigint>()

/**
 * Sends what is due: to each canister one after the other, in the order of the numbers, to all canisters at the same time. A
 * canister that does not run keeps its deliveries waiting.
 */
export async function deliverDue(intervalSeconds: number): Promise<void> {
  const due = readDeliveries().filter(({ state }) => 'pending' in state)
  const canisters = new Map(due.map(({ canister }) => [canister.toText(), canister]))
  await Promise.all([...canisters.values()].map((canister) => deliverTo(canister, intervalSeconds)))
}

async function deliverTo(canister: Principal, intervalSeconds: number): Promise<void> {
  const id = canister.toText()
  const since = busySince.get(id)
  if (since !== undefined && time() - since < lostAfterNanos) return
  busySince.set(id, time())
  const numbers = readDeliveries().flatMap((each) => (each.canister.toText() === id && 'pending' in each.state ? [each.number] : []))
  for (const number of numbers) {
    const delivery = readDelivery(number)
    const sample = latestSample(canister)
    if (delivery === undefined || sample === undefined || !('running' in sample.status) || delivery.next_at_nanos > time()) break
    const after = await attempt(delivery, sample, intervalSeconds)
    // It may have been skipped meanwhile, which an attempt that failed does not undo.
    if ('delivered' in after.state || 'pending' in (readDelivery(number)?.state ?? {})) writeDelivery(after)
  }
  busySince.delete(id)
}

async function attempt(
  delivery: monitorTypes.HookDelivery,
  sample: monitorTypes.Sample,
  intervalSeconds: number,
): Promise<monitorTypes.HookDelivery> {
  try {
    if (delivery.hook === 'deposit_cycles') await depositCycles(delivery.canister, delivery.value)
    else {
      const [cycles = 0n] = sample.settings.minimum_incoming_canister_call_cycles
      await callHook(delivery, { asNotification: readWatch(delivery.canister)?.plan.as_notification === true, cycles })
    }
    return delivered(delivery)
  } catch (error) {
    return failed(delivery, { error: describeFailure(error), isHopeless: isMissingMethod(error), nowNanos: time(), intervalSeconds })
  }
}
