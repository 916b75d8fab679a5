import type { Principal } from '@dfinity/principal'
import type { monitorTypes } from '@tidemark/bindings'
import { alertsAfter } from './alerts.ts'
import { freshState, judge } from './judge.ts'
import { addDelivery, readWatch, removeWatch, skipDeliveries, writeWatch } from './store.ts'

/** Watches a canister's hooks from now on by a plan; a condition that holds already counts as a crossing. Undefined ends it. */
export function planHooks(canister: Principal, plan: monitorTypes.HookPlan | undefined): void {
  if (plan === undefined) {
    removeWatch(canister)
    skipDeliveries(canister, 'The canister is not watched any more.')
  } else writeWatch({ canister, plan, state: readWatch(canister)?.state ?? freshState, alerts: readWatch(canister)?.alerts ?? [] })
}

/** Holds a new sample against the plan: what it raises becomes a delivery and an alert. */
export function judgeSample(canister: Principal, sample: monitorTypes.Sample): void {
  const watch = readWatch(canister)
  if (watch === undefined) return
  const { state, findings } = judge(watch.plan, watch.state, sample)
  if (state.frozen) skipDeliveries(canister, 'The canister is frozen again.', 'canister_on_unfreeze')
  for (const { hook, verdict, argument } of findings) {
    if (verdict === 'rearmed') skipDeliveries(canister, 'The condition is over.', hook)
    else if (verdict === 'crossed') addDelivery({ canister, hook, value: argument }, sample.at_nanos)
  }
  const isChanged = findings.length > 0 || state.frozen !== watch.state.frozen
  if (isChanged) writeWatch({ ...watch, state, alerts: alertsAfter(watch.alerts, findings, canister, sample.at_nanos) })
}
