/** How long a server lives: as long as it is used, and a while longer. */

export interface LifetimeOptions {
  readonly ttlMillis: number
  readonly hardTtlMillis: number | undefined
  /** Called once, when the time is over. */
  readonly onEnd: () => void
}

export interface Lifetime {
  /** A request came. The returned function tells that it was answered: the time counts from there. */
  readonly onRequest: () => () => void
  /** Whoever started the server is gone: nobody else is likely to come. */
  orphaned(): void
  /** No more timers. */
  stop(): void
}

/** How long a server without a parent waits for requests of others that use it, milliseconds. */
const orphanMillis = 2_000

export function startLifetime({ ttlMillis, hardTtlMillis, onEnd }: LifetimeOptions): Lifetime {
  let limit = ttlMillis
  let open = 0
  let idle: NodeJS.Timeout | undefined
  const hard = hardTtlMillis === undefined ? undefined : after(hardTtlMillis, onEnd)
  const wait = (): void => {
    clearTimeout(idle)
    if (open === 0) idle = after(limit, onEnd)
  }
  wait()
  return {
    onRequest: () => {
      open++
      clearTimeout(idle)
      return () => {
        open--
        wait()
      }
    },
    orphaned: () => {
      limit = Math.min(limit, orphanMillis)
      wait()
    },
    stop: () => {
      clearTimeout(idle)
      clearTimeout(hard)
    },
  }
}

/** Timers hold no more than 24 days; whoever asks for more means for ever. */
function after(millis: number, run: () => void): NodeJS.Timeout | undefined {
  return millis > 0x7fff_ffff ? undefined : setTimeout(run, millis)
}
