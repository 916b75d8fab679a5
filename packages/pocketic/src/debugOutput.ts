/** Lines that canisters print, as suites expect to find them. */
import type { DebugPrint } from '@tidemark/replica'

/** `2021-05-06 19:17:10.000000001 UTC: [Canister <id>] <text>` */
export function formatDebugPrint({ canisterId, timeNanos, text }: DebugPrint): string {
  return `${formatTime(timeNanos)} UTC: [Canister ${canisterId.toText()}] ${text}\n`
}

/** Fractions of a second in as few groups of three digits as it takes. */
function formatTime(nanos: bigint): string {
  const seconds = new Date(Number(nanos / 1_000_000n)).toISOString().slice(0, 19).replace('T', ' ')
  const fraction = String(nanos % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/(?:000){1,3}$/, '')
  return fraction === '' ? seconds : `${seconds}.${fraction}`
}
