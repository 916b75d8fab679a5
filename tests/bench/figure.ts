/** One measured figure with the goal it is held against. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly goal: string
}

/** Median of several runs of a measurement. */
export function median(runs: number, measure: () => number): number {
  return medianOf(Array.from({ length: runs }, measure))
}

/** The value in the middle. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Milliseconds that a piece of work takes. */
export function milliseconds(work: () => void): number {
  const started = performance.now()
  work()
  return performance.now() - started
}
