import type { Sample } from './sample.ts'

/** Samples that are kept of one canister, the newest. */
export const historyMax = 300

const nanosPerSecond = 1_000_000_000n

/**
 * Adds the latest sample to those that are there already.
 *
 * @returns `undefined` when samples may be missing in between, after a pause or at the start: the whole history has
 * to be asked for then.
 */
export const extendHistory = (history: readonly Sample[], latest: Sample, intervalSeconds: number): readonly Sample[] | undefined => {
  const last = history.at(-1)
  if (last === undefined || last.atNanos > latest.atNanos) return undefined
  if (last.atNanos === latest.atNanos) return history
  // Two intervals and a bit: a poll that is only slow must not look like one that was missed.
  const allowed = (BigInt(Math.max(intervalSeconds, 1)) * nanosPerSecond * 5n) / 2n
  return latest.atNanos - last.atNanos > allowed ? undefined : [...history, latest].slice(-historyMax)
}
