import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import type { HookHost } from '@tidemark/hooks'
import { call, canisterCycleBalance, canisterSelf, setTimer, time } from 'azle'

const Status = IDL.Record({ memory_metrics: IDL.Record({ wasm_memory_size: IDL.Nat }) })

/** The functions of Azle that the hooks need. Azle cannot tell the size of the heap; the network can. */
export const host: HookHost = {
  self: canisterSelf,
  timeNanos: time,
  balanceCycles: canisterCycleBalance,
  call: (canister, method, args) => call(canister, method, { raw: true, args }),
  soon: (run) => void setTimer(0, run),
  askHeapBytes: async () => {
    const args = IDL.encode([IDL.Record({ canister_id: IDL.Principal })], [{ canister_id: canisterSelf() }])
    const reply = await call(Principal.managementCanister(), 'canister_status', { raw: true, args })
    const [status] = IDL.decode([Status], reply) as unknown as [{ memory_metrics: { wasm_memory_size: bigint } }]
    return status.memory_metrics.wasm_memory_size
  },
}
