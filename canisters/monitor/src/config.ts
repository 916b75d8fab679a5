import type { Principal } from '@dfinity/principal'
import type { monitorTypes } from '@tidemark/bindings'

/** How this monitor was installed, and who claimed it. Kept in stable memory. */
export interface Config {
  /** Seconds from one poll to the next. */
  readonly intervalSeconds: number
  /** Samples kept per canister. */
  readonly historyLimit: number
  /** Who may register canisters besides the monitor's controllers. */
  readonly installer?: Principal | undefined
  /** Whether the first caller of `claim` becomes a controller of the fleet. For local networks only. */
  readonly localClaim: boolean
  /** Who may read besides the monitor's controllers. */
  readonly visibility: monitorTypes.Visibility
  /** Who called `claim` first. */
  readonly claimant?: Principal | undefined
}

const defaults: Config = { intervalSeconds: 5, historyLimit: 600, localClaim: false, visibility: { controllers: null } }

const ranges = { interval_seconds: { min: 1, max: 86_400 }, history_limit: { min: 1, max: 5_000 } } as const

/**
 * The configuration after an installation (`present` is undefined) or an upgrade: a field that is given wins, then what was
 * there before, then the default. Who claimed stays across upgrades.
 *
 * @throws {RangeError} naming a field that is out of range
 */
export function configure(present: Config | undefined, init: monitorTypes.Init | undefined): Config {
  const base = present ?? defaults
  if (init === undefined) return base
  return {
    ...base,
    intervalSeconds: inRange('interval_seconds', init.interval_seconds[0] ?? base.intervalSeconds),
    historyLimit: inRange('history_limit', init.history_limit[0] ?? base.historyLimit),
    installer: init.installer[0] ?? base.installer,
    localClaim: init.local_claim[0] ?? base.localClaim,
    visibility: init.visibility[0] ?? base.visibility,
  }
}

function inRange(field: keyof typeof ranges, value: number): number {
  const { min, max } = ranges[field]
  if (value >= min && value <= max) return value
  throw new RangeError(`${field} must be between ${min} and ${max}, not ${value}.`)
}
