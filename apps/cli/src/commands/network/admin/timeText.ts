/** Times of the network for people: RFC 3339 with nanoseconds. */
import type { NetworkTime } from '@tidemark/admin'

const nanosPerSecond = 1_000_000_000n
const nanosPerMilli = 1_000_000n

/** Nanoseconds since 1970, or an RFC 3339 time with up to nine digits of a second. @throws Error when it is neither */
export function parseTime(value: unknown): bigint {
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value)
  const parts = typeof value === 'string' ? /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i.exec(value) : null
  const [, seconds = '', fraction = '', zone = ''] = parts ?? []
  const millis = Date.parse(`${seconds}${zone}`)
  if (parts === null || Number.isNaN(millis) || millis < 0) {
    throw new Error(`a time such as 2026-01-31T12:00:00Z, or nanoseconds since 1970, not ${JSON.stringify(value)}`)
  }
  return BigInt(millis) * nanosPerMilli + BigInt(fraction.padEnd(9, '0'))
}

/** @param nanos - since 1970 */
export function timeText(nanos: bigint): string {
  const date = new Date(Number(nanos / nanosPerMilli))
  if (Number.isNaN(date.getTime())) return `${nanos} ns`
  return `${date.toISOString().slice(0, 19)}.${String(nanos % nanosPerSecond).padStart(9, '0')}Z`
}

export function timeLines({ timeNanos, blockTimeNanos, offsetNanos, round, progress }: NetworkTime): string[] {
  const offset = BigInt(Math.round(Number(offsetNanos) / Number(nanosPerSecond)))
  const distance = offset === 0n ? '' : `, ${offset < 0n ? -offset : offset} s ${offset < 0n ? 'behind' : 'ahead of'} this machine`
  return [
    `Time:      ${timeText(BigInt(timeNanos))} (${progress === 'auto' ? 'goes on by itself' : 'held'}${distance})`,
    `Round:     ${round}, at ${timeText(BigInt(blockTimeNanos))}`,
  ]
}
