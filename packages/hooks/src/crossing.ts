/** What a look at a value means: a crossing, a return that makes the next crossing count, or nothing new. */
export type Verdict = 'crossed' | 'rearmed' | 'unchanged'

/**
 * A balance against its threshold, both in cycles. It counts at or below the threshold, and again once it was seen above
 * the threshold and a tenth of it, so that small refunds do not repeat the warning.
 */
export function judgeLowCycles(isArmed: boolean, balanceCycles: bigint, threshold: bigint): Verdict {
  if (balanceCycles <= threshold) return isArmed ? 'crossed' : 'unchanged'
  return !isArmed && balanceCycles > threshold + threshold / 10n ? 'rearmed' : 'unchanged'
}

/**
 * A heap against its threshold, both in bytes. It counts at or above the threshold, and again once it was seen below: a heap
 * shrinks only when its code is replaced.
 */
export function judgeLowHeapMemory(isArmed: boolean, heapBytes: bigint, threshold: bigint): Verdict {
  if (heapBytes >= threshold) return isArmed ? 'crossed' : 'unchanged'
  return isArmed ? 'unchanged' : 'rearmed'
}

/** Calls under way against what the queue holds. It counts when it is full, and again once a tenth of it is free. */
export function judgeOutputQueue(isArmed: boolean, size: number, capacity: number): Verdict {
  if (size >= capacity) return isArmed ? 'crossed' : 'unchanged'
  return !isArmed && size <= capacity - Math.floor(capacity / 10) ? 'rearmed' : 'unchanged'
}
