import type { Executed, Sample } from './sample.ts'

/** Memory at one place in the order. */
export type RunPoint = {
  /** Entries recorded when the memory was read. */
  readonly executedCount: number
  readonly wasmMemoryBytes: bigint
  readonly atNanos: bigint
}

/** What happened between two installations: memory over the order, and where in it the hook ran. */
export type MemoryRun = {
  readonly points: readonly RunPoint[]
  readonly executedCount: number
  /** Position of the hook's first run, counted from 1; absent while it has not run. */
  readonly hookAt?: number
}

const emptyRun: MemoryRun = { points: [], executedCount: 0 }

const positionOfHook = (order: readonly Executed[]): { readonly hookAt?: number } => {
  const index = order.indexOf('low_wasm_memory')
  return index === -1 ? {} : { hookAt: index + 1 }
}

/** A record that became shorter, or a heap that shrank, can only mean that code was installed anew. */
const restarts = (run: MemoryRun, point: RunPoint): boolean => {
  const last = run.points.at(-1)
  return last !== undefined && (point.executedCount < last.executedCount || point.wasmMemoryBytes < last.wasmMemoryBytes)
}

/** Where the record stands still, the newer reading replaces the older one. */
const withPoint = (run: MemoryRun, point: RunPoint, order: readonly Executed[]): MemoryRun => {
  const kept = run.points.at(-1)?.executedCount === point.executedCount ? run.points.slice(0, -1) : run.points
  return { points: [...kept, point], executedCount: order.length, ...positionOfHook(order) }
}

/**
 * Splits samples, oldest first, into runs. Samples without a record or without code are left out.
 *
 * @returns Oldest first; empty when nothing was recorded yet.
 */
export const runsOf = (samples: readonly Sample[]): readonly MemoryRun[] => {
  const finished: MemoryRun[] = []
  let run = emptyRun
  for (const { executed, wasmMemoryBytes, atNanos } of samples) {
    if (executed === undefined) continue
    const point = { executedCount: executed.length, wasmMemoryBytes, atNanos }
    if (restarts(run, point)) {
      finished.push(run)
      run = emptyRun
    }
    run = withPoint(run, point, executed)
  }
  return run.points.length === 0 ? finished : [...finished, run]
}

/** The run that is under way, and the one before it. */
export type RunView = { readonly current: MemoryRun; readonly previous?: MemoryRun }

/**
 * Joins the monitor's samples with the record read directly from the canister, which is newer than the samples.
 * A record shorter than the latest sample's belongs to a run of which no sample has been taken yet.
 */
export const viewRuns = (samples: readonly Sample[], order: readonly Executed[]): RunView => {
  const runs = runsOf(samples)
  const latest = runs.at(-1)
  if (latest === undefined) return { current: { ...emptyRun, executedCount: order.length, ...positionOfHook(order) } }
  const restarted = order.length < latest.executedCount
  const current = restarted ? emptyRun : latest
  const previous = restarted ? latest : runs.at(-2)
  return {
    current: { points: current.points, executedCount: order.length, ...positionOfHook(order) },
    ...(previous === undefined ? {} : { previous }),
  }
}
