import type { ReplicaPort } from '@tidemark/types'
import type { HttpLimits } from './limits.ts'
import type { RoundDriver } from './roundDriver.ts'

/** What every endpoint works with. */
export interface EndpointContext {
  readonly replica: ReplicaPort
  readonly driver: RoundDriver
  readonly limits: HttpLimits
  /** Hears of every update call that was taken in. */
  readonly onCall?: () => void
  /** Calls that another connection waits for, by request id. */
  readonly tracked: Set<string>
}

/** Time by which requests are judged, nanoseconds since 1970. */
export function nowNanos({ replica, driver }: Pick<EndpointContext, 'replica' | 'driver'>): bigint {
  return driver.timeNanos?.() ?? replica.timeNanos()
}
