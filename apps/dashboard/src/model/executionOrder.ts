import type { Executed } from './sample.ts'

/** What a record says at a glance. */
export type OrderSummary = {
  readonly heartbeats: number
  readonly hooks: number
  /** Heartbeats before the first run of the hook; absent until it has run. */
  readonly heartbeatsBeforeHook?: number
}

/** Counts what ran. */
export const summarizeOrder = (order: readonly Executed[]): OrderSummary => {
  const hooks = order.filter((entry) => entry === 'low_wasm_memory').length
  const first = order.indexOf('low_wasm_memory')
  return { heartbeats: order.length - hooks, hooks, ...(first === -1 ? {} : { heartbeatsBeforeHook: first }) }
}

/** One piece of the order as it is drawn: a single entry, or a stretch of heartbeats that is folded away. */
export type OrderPiece =
  | { readonly kind: 'entry'; readonly position: number; readonly executed: Executed }
  | { readonly kind: 'folded'; readonly from: number; readonly to: number }

/**
 * The order in drawable pieces. Long stretches of heartbeats lose their middle, so that the page stays small however
 * long a canister has been running; the hook and what surrounds it are always shown.
 *
 * @param shownMax - Longest stretch of heartbeats that is shown whole.
 */
export const piecesOfOrder = (order: readonly Executed[], shownMax = 40): readonly OrderPiece[] => {
  const pieces: OrderPiece[] = []
  const entry = (index: number, executed: Executed): OrderPiece => ({ kind: 'entry', position: index + 1, executed })
  let index = 0
  while (index < order.length) {
    if (order[index] === 'low_wasm_memory') {
      pieces.push(entry(index, 'low_wasm_memory'))
      index += 1
      continue
    }
    let end = index
    while (end < order.length && order[end] === 'heartbeat') end += 1
    const half = Math.floor(shownMax / 2)
    if (end - index <= shownMax) {
      for (let at = index; at < end; at += 1) pieces.push(entry(at, 'heartbeat'))
    } else {
      for (let at = index; at < index + half; at += 1) pieces.push(entry(at, 'heartbeat'))
      pieces.push({ kind: 'folded', from: index + half + 1, to: end - half })
      for (let at = end - half; at < end; at += 1) pieces.push(entry(at, 'heartbeat'))
    }
    index = end
  }
  return pieces
}
