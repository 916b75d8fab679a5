import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { monitorTypes } from '@tidemark/bindings'
import { StableBTreeMap } from 'azle'
import { createCodec } from '../candid/codec.ts'
import { asCandid, onlyWritten } from '../memory.ts'
import type { WatchState } from './judge.ts'

/** What is kept of a canister whose hooks are watched. */
export interface HookWatch {
  readonly canister: Principal
  readonly plan: monitorTypes.HookPlan
  readonly state: WatchState
  readonly alerts: monitorTypes.Alert[]
}

const HookWatch = IDL.Record({
  canister: IDL.Principal,
  plan: monitorTypes.HookPlan,
  state: IDL.Record({ cyclesArmed: IDL.Bool, heapMemoryArmed: IDL.Bool, topUpArmed: IDL.Bool, frozen: IDL.Bool }),
  alerts: IDL.Vec(monitorTypes.Alert),
})
const nobody = Principal.managementCanister()
const emptyWatch: HookWatch = {
  canister: nobody,
  plan: { cycles_threshold: [], heap_memory_threshold: [], unfreeze: false, top_up: [], as_notification: false },
  state: { cyclesArmed: true, heapMemoryArmed: true, topUpArmed: true, frozen: false },
  alerts: [],
}
const emptyDelivery: monitorTypes.HookDelivery = {
  number: 0n,
  canister: nobody,
  hook: '',
  value: 0n,
  raised_at_nanos: 0n,
  attempts: 0,
  next_at_nanos: 0n,
  state: { pending: null },
  last_error: [],
}

/** Stable memory 3: what is watched of hooks, by the bytes of the canister's id. */
export const hookWatches = new StableBTreeMap<Principal, HookWatch>(
  3,
  onlyWritten((canister: Principal) => canister.toUint8Array()),
  asCandid(createCodec(HookWatch, emptyWatch)),
)

/** Stable memory 4: the deliveries, by number. */
export const storedDeliveries = new StableBTreeMap<bigint, monitorTypes.HookDelivery>(
  4,
  onlyWritten((number: bigint) => {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigUint64(0, number)
    return bytes
  }),
  asCandid(createCodec(monitorTypes.HookDelivery, emptyDelivery)),
)
