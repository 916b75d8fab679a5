import type { HookHost } from '@tidemark/hooks'
import { call, canisterCycleBalance, canisterSelf, setTimer, time } from 'azle'

/** The functions of Azle that the hooks need. Azle cannot tell the size of the heap: the monitor watches it. */
export const host: HookHost = {
  self: canisterSelf,
  timeNanos: time,
  balanceCycles: canisterCycleBalance,
  call: (canister, method, args) => call(canister, method, { raw: true, args }),
  soon: (run) => void setTimer(0, run),
}
