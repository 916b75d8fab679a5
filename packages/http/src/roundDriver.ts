/** What makes rounds happen, as the HTTP interface sees it. */
export interface RoundDriver {
  /**
   * Waits until the call has an outcome (replied, rejected or done) in the certified state, or the time is over: look at the
   * ingress history to see which.
   *
   * @throws whatever stopped the driver
   */
  settled(requestId: Uint8Array, timeoutMs: number): Promise<void>
  /** Tells that work may wait, so that the next round need not be waited for. */
  poke(): void
  /**
   * Tells that a call is being read and checked, and will be submitted soon; the returned function tells that it was, or will not
   * be. A driver may hold its next round back for it a little: calls of one round share the signature of its state.
   */
  expect?(): () => void
  /** The time that a round would get now, nanoseconds since 1970. Without it the time of the last round counts. */
  timeNanos?(): bigint
}
