import { IDL } from '@dfinity/candid'
import { lifecycleHooks, type lifecycleHooksExampleTypes as example } from '@tidemark/bindings'

/** One event of any hook. */
export type Notification = example.Notification

const names = {
  LowWasmMemory: 'canister_on_low_wasm_memory',
  PostInit: 'canister_post_init',
  Error: 'canister_on_error',
  LowCycles: 'canister_on_low_cycles',
  LowHeapMemory: 'canister_on_low_heap_memory',
  OutputQueueFull: 'canister_on_output_queue_full',
  Unfreeze: 'canister_on_unfreeze',
} as const

/** The method of a hook. */
export type HookName = (typeof names)[keyof typeof names]

/** The hooks in the order in which they run when several are due at once. */
export const hookNames: readonly HookName[] = Object.values(names)

/** The method of an event's hook. */
export function hookNameOf(event: Notification): HookName {
  const [tag] = Object.keys(event)
  return names[tag as keyof typeof names]
}

/** Place of an event among those that are due at once: the lowest runs first. */
export function rankOf(event: Notification): number {
  return hookNames.indexOf(hookNameOf(event))
}

/** The Candid argument that the method of the hook gets. */
export function argumentsOf(event: Notification): Uint8Array {
  const types = methods.get(hookNameOf(event))?.argTypes ?? []
  if ('Error' in event) return IDL.encode(types, [event.Error.methodName, event.Error.args, event.Error.error])
  if ('LowCycles' in event) return IDL.encode(types, [event.LowCycles])
  return IDL.encode(types, 'LowHeapMemory' in event ? [event.LowHeapMemory] : [])
}

const methods = new Map(lifecycleHooks.idlFactory({ IDL })._fields)
