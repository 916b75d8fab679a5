import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { lifecycleHooksExample, managementTypes, type monitorTypes } from '@tidemark/bindings'
import { call } from 'azle'

const methods = new Map(lifecycleHooksExample.idlFactory({ IDL })._fields)
const notifications = new Map<string, (value: bigint) => unknown>([
  ['canister_on_low_cycles', (value) => ({ LowCycles: value })],
  ['canister_on_low_heap_memory', (value) => ({ LowHeapMemory: value })],
  ['canister_on_unfreeze', () => ({ Unfreeze: null })],
])

/** Calls a hook with its number, and with the cycles that the canister asks of its callers. Rejects with a `CallError`. */
export async function callHook(
  { canister, hook, value, number }: monitorTypes.HookDelivery,
  { asNotification, cycles }: { asNotification: boolean; cycles: bigint },
): Promise<void> {
  const delivery = [{ number }]
  const method = asNotification ? 'canister_system_notification' : hook
  const types = methods.get(method)?.argTypes ?? []
  const values = asNotification ? [notifications.get(hook)?.(value), delivery] : [...(types.length > 1 ? [value] : []), delivery]
  await call(canister, method, { raw: true, args: IDL.encode(types, values), cycles })
}

/** Sends cycles of the monitor. Rejects with a `CallError`, also when the monitor does not have them. */
export async function depositCycles(canister: Principal, amount: bigint): Promise<void> {
  const args = IDL.encode([managementTypes.CanisterArgs], [{ canister_id: canister }])
  await call(Principal.managementCanister(), 'deposit_cycles', { raw: true, args, cycles: amount })
}

/** Lets a canister make captured calls again. @returns its encoded answer */
export function callRedrive(canister: Principal, numbers: BigUint64Array): Promise<Uint8Array> {
  return call(canister, 'canister_hook_redrive', { raw: true, args: IDL.encode([IDL.Vec(IDL.Nat64)], [numbers]) })
}
