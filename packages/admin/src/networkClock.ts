/** The clock that a network's rounds go by: that of the machine, moved, or held. */
export interface NetworkClock {
  /** Nanoseconds since 1970. */
  now(): bigint
  /** By how much it is ahead of the machine's. */
  offsetNanos(): bigint
  /** It goes on from there, or stands there while it is held. */
  set(nanos: bigint): void
  /** Goes on at this distance from the machine's clock; where it stands while it is held is untouched. */
  setOffset(nanos: bigint): void
  /** Stands still. */
  hold(): void
  /** Goes on as if it had never been held: clients keep to the machine's clock, and so should the network. */
  release(): void
}

/** @param wall - the machine's clock, nanoseconds since 1970 */
export function createNetworkClock(wall: () => bigint): NetworkClock {
  let offset = 0n
  let held: bigint | undefined
  const now = (): bigint => held ?? wall() + offset
  return {
    now,
    offsetNanos: () => (held === undefined ? offset : held - wall()),
    set: (nanos) => {
      offset = nanos - wall()
      if (held !== undefined) held = nanos
    },
    setOffset: (nanos) => {
      offset = nanos
    },
    hold: () => {
      held ??= now()
    },
    release: () => {
      held = undefined
    },
  }
}
