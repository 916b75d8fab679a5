import type { Principal } from '@dfinity/principal'
import type { monitorTypes } from '@tidemark/bindings'
import type { Finding } from './judge.ts'

/** Alerts kept for one canister; the oldest go first. */
export const keptAlerts = 20

/** The alerts of a canister after a look: a crossing begins one, its return ends it. An unfreezing ends as it begins. */
export function alertsAfter(
  alerts: readonly monitorTypes.Alert[],
  findings: readonly Finding[],
  canister: Principal,
  nowNanos: bigint,
): monitorTypes.Alert[] {
  let after = [...alerts]
  for (const { hook, verdict, value, threshold } of findings) {
    if (verdict === 'rearmed') {
      after = after.map((alert) =>
        alert.hook === hook && alert.over_at_nanos.length === 0 ? { ...alert, over_at_nanos: [nowNanos] } : alert,
      )
    } else {
      const over: [] | [bigint] = hook === 'canister_on_unfreeze' ? [nowNanos] : []
      after.push({ canister, hook, since_nanos: nowNanos, over_at_nanos: over, value, threshold })
    }
  }
  return after.slice(-keptAlerts)
}
