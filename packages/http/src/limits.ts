/**
 * Limits of the HTTP interface.
 *
 * @see Interface specification, "HTTPS interface"; figures of the public network.
 */
export interface HttpLimits {
  /** Longest body that is read, bytes. */
  readonly bodyBytesMax: number
  /** Longest update call with its signatures, bytes: 2 MiB on application subnets, 3.5 MiB on system subnets. */
  readonly ingressBytesMax: number
  readonly nonceBytesMax: number
  readonly delegationsMax: number
  /** Targets of one delegation. */
  readonly targetsMax: number
  /** Paths of one read_state request. */
  readonly pathsMax: number
  /** Labels of one path. */
  readonly labelsMax: number
  /** How long a synchronous call waits for its certificate, milliseconds. */
  readonly syncCallMillis: number
  /** How far in the future an ingress expiry may be: the life of a call and the drift of clocks, nanoseconds. */
  readonly ingressLifeNanos: bigint
}

/** The limits of an application subnet. */
export const defaultLimits: HttpLimits = {
  bodyBytesMax: 5 * 1024 * 1024,
  ingressBytesMax: 2 * 1024 * 1024,
  nonceBytesMax: 32,
  delegationsMax: 20,
  targetsMax: 1_000,
  pathsMax: 1_000,
  labelsMax: 127,
  syncCallMillis: 10_000,
  ingressLifeNanos: 330_000_000_000n,
}
