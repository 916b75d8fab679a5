import { formatBytes } from '@tidemark/cycles'
import { formatPlainly, formatSetting } from './byteSize.ts'
import type { OrderSummary } from './executionOrder.ts'
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

/** What the canister is known to hold; absent until a sample has been taken. */
export type HookState = { readonly settings: HookSettings; readonly wasmMemoryBytes: bigint }

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
  if (state === undefined)
    return { tone: 'waiting', title: 'Waiting for the first sample.', detail: 'The monitor has not read this canister yet.' }
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
    title: heartbeats === 0 ? 'No heartbeat yet.' : `${times(heartbeats, 'heartbeat')} so far.`,
    detail: `${left} of growth until memory reaches ${formatPlainly(due)}, above which the hook is due.`,
  }
}
