import type { monitorTypes } from '@tidemark/bindings'

/** Attempts after which a delivery becomes a dead letter. */
export const maxAttempts = 8

const nanosPerSecond = 1_000_000_000n
const longestPauseSeconds = 3_600n

/** A delivery after an attempt that succeeded. */
export function delivered(delivery: monitorTypes.HookDelivery): monitorTypes.HookDelivery {
  return { ...delivery, attempts: delivery.attempts + 1, state: { delivered: null }, last_error: [] }
}

/**
 * A delivery after an attempt that failed: it waits twice as long each time, from the interval of the polls up to an hour.
 *
 * @param isHopeless - whether another attempt cannot fare better, as long as the canister's code stays
 */
export function failed(
  delivery: monitorTypes.HookDelivery,
  { error, isHopeless, nowNanos, intervalSeconds }: { error: string; isHopeless: boolean; nowNanos: bigint; intervalSeconds: number },
): monitorTypes.HookDelivery {
  const attempts = delivery.attempts + 1
  const pause = BigInt(intervalSeconds) << BigInt(delivery.attempts)
  const seconds = pause < longestPauseSeconds ? pause : longestPauseSeconds
  return {
    ...delivery,
    attempts,
    next_at_nanos: nowNanos + seconds * nanosPerSecond,
    state: isHopeless || attempts >= maxAttempts ? { dead: null } : { pending: null },
    last_error: [error],
  }
}

/** A dead letter that is sent again, under its own number. */
export function revived(delivery: monitorTypes.HookDelivery, nowNanos: bigint): monitorTypes.HookDelivery {
  return { ...delivery, attempts: 0, next_at_nanos: nowNanos, state: { pending: null } }
}
