import type { Principal } from '@dfinity/principal'
import { time } from 'azle'
import type { Config } from './config.ts'
import { deliverDue } from './hooks/deliver.ts'
import { judgeSample } from './hooks/watch.ts'
import { type Look, lookAt } from './look.ts'
import { addError, addSample, watchedCanisters } from './store.ts'

// A look whose answer never came is given up after this long, so that its canister is looked at again.
const lostAfterNanos = 60_000_000_000n

const pending = new Map<string, bigint>()
const progress = { polls: 0n, polledAtNanos: 0n }

/** How many polls have ended since the code was installed, and when the latest did. */
export function pollProgress(): { readonly polls: bigint; readonly polledAtNanos: bigint } {
  return progress
}

/**
 * Looks at every registered canister at the same time and keeps what it saw. A canister that still owes the answer to
 * an earlier look is passed over: a slow one holds up neither the others nor the next poll. Then the hooks that are due are
 * delivered.
 */
export async function pollFleet(readConfig: () => Config): Promise<void> {
  await Promise.all(watchedCanisters().map((canister) => pollCanister(canister, readConfig)))
  progress.polls += 1n
  progress.polledAtNanos = time()
  await deliverDue(readConfig().intervalSeconds)
}

async function pollCanister(canister: Principal, readConfig: () => Config): Promise<void> {
  const id = canister.toText()
  const began = pending.get(id)
  if (began !== undefined && time() - began < lostAfterNanos) return
  pending.set(id, time())
  const look = await lookAt(canister)
  pending.delete(id)
  keep(canister, look, readConfig().historyLimit)
}

/** Keeps what a look gave. The error is written last: it belongs to the latest poll even when there is a sample. */
export function keep(canister: Principal, { sample, error }: Look, historyLimit: number): void {
  if (sample !== undefined) {
    addSample(canister, sample, historyLimit)
    judgeSample(canister, sample)
  }
  if (error !== undefined) addError(canister, error)
}
