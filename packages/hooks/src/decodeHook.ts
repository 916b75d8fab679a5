import { IDL } from '@dfinity/candid'
import { lifecycleHooksExample, type lifecycleHooksExampleTypes as example } from '@tidemark/bindings'
import { HookRejection } from './hookRejection.ts'
import type { Notification } from './notification.ts'

/** What a call of a hook method carries. */
export interface DecodedHook {
  readonly event: Notification
  /** The number that a monitor gave it. */
  readonly delivery: example.Delivery | undefined
}

const methods = new Map(lifecycleHooksExample.idlFactory({ IDL })._fields)

/**
 * Reads the encoded arguments of a hook method, or of `canister_system_notification`, with and without a delivery number: the
 * network sends none.
 *
 * @throws {HookRejection} when they are no such arguments
 */
export function decodeHook(method: string, bytes: Uint8Array): DecodedHook {
  const types = methods.get(method)?.argTypes ?? []
  const [first, second, third, fourth] = decodeLeniently(method, types, bytes)
  const optional = (value: unknown) => (value as [] | [example.Delivery] | undefined)?.[0]
  switch (method) {
    case 'canister_post_init':
      return { event: { PostInit: null }, delivery: optional(first) }
    case 'canister_on_error': {
      const call = { methodName: String(first), args: second as Uint8Array, error: third as example.HookError }
      return { event: { Error: call }, delivery: optional(fourth) }
    }
    case 'canister_on_low_cycles':
      return { event: { LowCycles: first as bigint }, delivery: optional(second) }
    case 'canister_on_low_heap_memory':
      return { event: { LowHeapMemory: first as bigint }, delivery: optional(second) }
    case 'canister_on_output_queue_full':
      return { event: { OutputQueueFull: null }, delivery: optional(first) }
    case 'canister_on_unfreeze':
      return { event: { Unfreeze: null }, delivery: optional(first) }
    case 'canister_system_notification':
      return { event: first as Notification, delivery: optional(second) }
    default:
      throw new HookRejection(`${method} is no hook.`)
  }
}

/** Candid lets a caller leave out a trailing optional argument, which its library does not know. */
function decodeLeniently(method: string, types: IDL.Type[], bytes: Uint8Array): unknown[] {
  try {
    return IDL.decode(types, bytes)
  } catch {
    try {
      return IDL.decode(types.slice(0, -1), bytes)
    } catch (error) {
      throw new HookRejection(`${method} got other arguments than it takes: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}
