/** The sequence numbers of a canister's kept samples: `first` up to, but without, `next`. */
export interface Span {
  readonly first: number
  readonly next: number
}

/** No sample yet. */
export const emptySpan: Span = { first: 0, next: 0 }

/** What changes when one more sample is kept. */
export interface Appended {
  readonly span: Span
  /** Number of the new sample. */
  readonly added: number
  /** Numbers of the samples to forget: more than one after the limit was lowered. */
  readonly dropped: readonly number[]
}

/** Makes room for one more sample, so that at most `limit` are kept. */
export function append({ first, next }: Span, limit: number): Appended {
  const oldest = Math.max(first, next + 1 - limit)
  return { span: { first: oldest, next: next + 1 }, added: next, dropped: numbers(first, oldest) }
}

/** Every number of a span, oldest first. */
export function numbersOf({ first, next }: Span): readonly number[] {
  return numbers(first, next)
}

/**
 * The newest numbers, at most `limit` of them, oldest first.
 *
 * @param timeOf - the time of a sample; times rise with the numbers
 * @param before - only samples taken before this time
 */
export function newest(span: Span, limit: number, timeOf: (number: number) => bigint, before?: bigint): readonly number[] {
  const end = before === undefined ? span.next : firstAtOrAfter(span, timeOf, before)
  return numbers(Math.max(span.first, end - limit), end)
}

function firstAtOrAfter(span: Span, timeOf: (number: number) => bigint, time: bigint): number {
  let low = span.first
  let high = span.next
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (timeOf(middle) < time) low = middle + 1
    else high = middle
  }
  return low
}

function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
}
