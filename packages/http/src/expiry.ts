/**
 * When a request may come.
 *
 * @see Interface specification, "Authentication" (ingress_expiry) and "Delegations" (expiration).
 */
import type { SignedDelegation } from './envelope.ts'
import { HttpError } from './httpError.ts'

/** @throws HttpError 400; agents set their clocks by the text "Invalid request expiry: " */
export function checkIngressExpiry(expiryNanos: bigint, nowNanos: bigint, lifeNanos: bigint): void {
  const latest = nowNanos + lifeNanos
  if (nowNanos <= expiryNanos && expiryNanos <= latest) return
  throw new HttpError(
    400,
    'Invalid request expiry: Specified ingress_expiry not within expected range: ' +
      `Minimum allowed expiry: ${timeText(nowNanos)}, Maximum allowed expiry: ${timeText(latest)}, Provided expiry:        ${timeText(expiryNanos)}`,
  )
}

/** @throws HttpError 400 when one of the delegations has expired */
export function checkDelegationExpiry(delegations: readonly SignedDelegation[], nowNanos: bigint): void {
  for (const { expiration } of delegations) {
    if (expiration >= nowNanos) continue
    const times = `Provided expiry:    ${timeText(expiration)}\nLocal replica time: ${timeText(nowNanos)}`
    throw new HttpError(400, `Invalid delegation expiry: Specified sender delegation has expired:\n${times}`)
  }
}

/** As the network prints times: UTC, nine digits of a second; beyond the calendar, the bare number. */
function timeText(nanos: bigint): string {
  const millis = nanos / 1_000_000n
  if (millis > 8_640_000_000_000_000n) return String(nanos)
  const seconds = new Date(Number(millis)).toISOString().slice(0, -5).replace('T', ' ')
  return `${seconds}.${String(nanos % 1_000_000_000n).padStart(9, '0')} UTC`
}
