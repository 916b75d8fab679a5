/** The table of order, as docs/hooks/order.md shows it. */

/** Whatever can be due at once, hooks first and in their order. */
export const triggers = [
  'low_wasm_memory',
  'post_init',
  'on_error',
  'low_cycles',
  'low_heap_memory',
  'output_queue_full',
  'unfreeze',
  'heartbeat',
  'timer',
  'response',
  'message',
] as const
export type Trigger = (typeof triggers)[number]

/** Those of them that are hooks. */
export const hookTriggers = triggers.slice(0, 7)

/** The trigger that a hook's method is, `canister_on_low_cycles` for one. */
export function triggerOf(method: string): Trigger | undefined {
  const name = method.replace(/^canister_(?:on_)?/, '')
  return triggers.find((trigger) => trigger === (name === 'error' ? 'on_error' : name))
}

const names: Record<Trigger, string> = {
  low_wasm_memory: 'low Wasm memory',
  post_init: 'post-init',
  on_error: 'error',
  low_cycles: 'low cycles',
  low_heap_memory: 'low heap memory',
  output_queue_full: 'output queue full',
  unfreeze: 'unfreeze',
  heartbeat: 'heartbeat',
  timer: 'timer',
  response: 'response',
  message: 'message',
}

/**
 * One row for each hook, one column for what it may be due together with.
 *
 * @param cell - what was seen of a pair, the documented first one first
 */
export function orderTable(columns: readonly Trigger[], cell: (first: Trigger, second: Trigger) => string): string {
  const shown = columns.slice(1)
  const rows = hookTriggers
    .filter((first) => columns.indexOf(first) < columns.length - 1)
    .map((first) => {
      const cells = shown.map((second) => (triggers.indexOf(first) < triggers.indexOf(second) ? cell(first, second) : ''))
      return `| **${names[first]}** | ${cells.join(' | ')} |`
    })
  return [`| | ${shown.map((each) => names[each]).join(' | ')} |`, `| --- |${' --- |'.repeat(shown.length)}`, ...rows].join('\n')
}
