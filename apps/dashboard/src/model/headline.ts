import { formatBytes } from '@tidemark/cycles'
import { formatPlainly, formatSetting } from './byteSize.ts'
import type { OrderSummary } from './executionOrder.ts'
import type { Executed, Sample } from './sample.ts'
import { hookDueAbove, isHookDue, type HookSettings } from './hookCondition.ts'

/** What the page says first: a short statement, and one sentence that explains it. */
export type Headline = { readonly tone: 'waiting' | 'climbing' | 'due' | 'done'; readonly title: string; readonly detail: string }

const times = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

const ruleText = (settings: HookSettings): string => {
  const due = formatPlainly(hookDueAbove(settings))
  const threshold = formatSetting(settings.wasmMemoryThresholdBytes)
  return settings.wasmMemoryLimitBytes === 0n
    ? `It is due above ${due}: 4 GiB, for there is no limit, less the threshold of ${threshold}.`
    : `It is due above ${due}: the limit of ${formatSetting(settings.wasmMemoryLimitBytes)} less the threshold of ${threshold}.`
}

const soFar = (heartbeats: number): string => `${times(heartbeats, 'heartbeat')} so far.`

/** What the canister is known to hold; absent until a sample has been taken. */
export type HookState = { readonly settings: HookSettings; readonly wasmMemoryBytes: bigint }

/**
 * What is known of the canister's memory now. A sample that has seen more of the order than there is belongs to the
 * code before a reinstallation, and says nothing about this one.
 */
export const hookStateOf = (sample: Sample | undefined, order: readonly Executed[]): HookState | undefined =>
  sample === undefined || (sample.executed?.length ?? 0) > order.length
    ? undefined
    : { settings: sample.settings, wasmMemoryBytes: sample.wasmMemoryBytes }

/** States where the canister stands between its first heartbeat and the hook. */
export const headlineOf = (summary: OrderSummary, state: HookState | undefined): Headline => {
  const { heartbeats, heartbeatsBeforeHook, hooks } = summary
  if (heartbeatsBeforeHook !== undefined) {
    const again = hooks > 1 ? ` It has run ${hooks} times since installation.` : ''
    const rule = state === undefined ? '' : ruleText(state.settings)
    return {
      tone: 'done',
      title: heartbeatsBeforeHook === 0 ? 'The hook ran first.' : `${times(heartbeatsBeforeHook, 'heartbeat')}, then the hook.`,
      detail: `${rule}${again}`.trim(),
    }
  }
  if (state === undefined) {
    return heartbeats === 0
      ? { tone: 'waiting', title: 'Waiting for the first sample.', detail: 'The monitor has not read this canister yet.' }
      : { tone: 'climbing', title: soFar(heartbeats), detail: 'The monitor has not read its memory since.' }
  }
  const due = hookDueAbove(state.settings)
  if (isHookDue(state.settings, state.wasmMemoryBytes)) {
    return {
      tone: 'due',
      title: 'The hook is due.',
      detail: `Memory has passed ${formatPlainly(due)}; the hook runs before the next message.`,
    }
  }
  const left = formatBytes(due - state.wasmMemoryBytes)
  return {
    tone: heartbeats === 0 ? 'waiting' : 'climbing',
    title: heartbeats === 0 ? 'No heartbeat yet.' : soFar(heartbeats),
    detail: `${left} of growth until memory reaches ${formatPlainly(due)}, above which the hook is due.`,
  }
}
