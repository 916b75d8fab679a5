import { formatBytes } from '@tidemark/cycles'
import type { OrderSummary } from './executionOrder.ts'
import { hookDueAbove, isHookDue, type HookSettings } from './hookCondition.ts'

/** What the page says first: a short statement, and one sentence that explains it. */
export type Headline = { readonly tone: 'waiting' | 'climbing' | 'due' | 'done'; readonly title: string; readonly detail: string }

const times = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/** What the canister is known to hold; absent until a sample has been taken. */
export type HookState = { readonly settings: HookSettings; readonly wasmMemoryBytes: bigint }

/** States where the canister stands between its first heartbeat and the hook. */
export const headlineOf = (summary: OrderSummary, state: HookState | undefined): Headline => {
  const { heartbeats, heartbeatsBeforeHook, hooks } = summary
  if (heartbeatsBeforeHook !== undefined) {
    const again = hooks > 1 ? ` It has run ${hooks} times since installation.` : ''
    const line = state === undefined ? '' : ` Memory had passed ${formatBytes(hookDueAbove(state.settings))}, limit less threshold.`
    return {
      tone: 'done',
      title: heartbeatsBeforeHook === 0 ? 'The hook ran first.' : `${times(heartbeatsBeforeHook, 'heartbeat')}, then the hook.`,
      detail: `${line.trim()}${again}`.trim(),
    }
  }
  if (state === undefined) return { tone: 'waiting', title: 'Waiting for the first sample.', detail: 'The monitor has not read this canister yet.' }
  const due = hookDueAbove(state.settings)
  if (isHookDue(state.settings, state.wasmMemoryBytes)) {
    return { tone: 'due', title: 'The hook is due.', detail: `Memory has passed ${formatBytes(due)}; the hook runs before the next message.` }
  }
  const left = formatBytes(due - state.wasmMemoryBytes)
  return {
    tone: heartbeats === 0 ? 'waiting' : 'climbing',
    title: heartbeats === 0 ? 'No heartbeat yet.' : `${times(heartbeats, 'heartbeat')} so far.`,
    detail: `${left} of growth until memory reaches ${formatBytes(due)}, above which the hook is due.`,
  }
}
