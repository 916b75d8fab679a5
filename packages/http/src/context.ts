import type { ReplicaPort } from '@tidemark/types'
import type { AuthenticationContext } from './authenticate.ts'
import type { HttpLimits } from './limits.ts'
import type { RoundDriver } from './roundDriver.ts'

/** What every endpoint works with. */
export interface EndpointContext {
  readonly replica: ReplicaPort
  readonly driver: RoundDriver
  readonly limits: HttpLimits
  /** Whether anybody may speak for anyone, at any time. Default false. */
  readonly trustsSenders?: boolean
  /** Hears of every update call that was taken in. */
  readonly onCall?: () => void
  /** Calls that another connection waits for, by request id. */
  readonly tracked: Set<string>
}

/** What the senders of requests are judged by. */
export function authenticationOf(context: EndpointContext): AuthenticationContext {
  const { replica, limits, trustsSenders = false } = context
  return { nowNanos: nowNanos(context), rootKey: replica.rootKey, limits, trustsSenders }
}

/** Time by which requests are judged, nanoseconds since 1970. */
export function nowNanos({ replica, driver }: Pick<EndpointContext, 'replica' | 'driver'>): bigint {
  return driver.timeNanos?.() ?? replica.timeNanos()
}
