/** `canister_on_error(methodName : text, args : blob, error : record {...})`: an execution ended in an uncaught trap. */
import { IDL } from '@dfinity/candid'
import { lifecycleHooksTypes } from '@tidemark/bindings'
import { type ExecutionError, executionReject } from '@tidemark/execution'
import type { CanisterState, LifecycleHooks } from '@tidemark/state'
import type { TraceKind } from '@tidemark/trace'
import { errorCodeText } from '@tidemark/types'
import type { FinishedExecution } from '../commit/commitExecution.ts'
import { enqueueHook, hasHook } from './queue.ts'

const name = 'canister_on_error'
/** Errors that wait for one canister. */
const maxPending = 16
/** Bytes of their arguments together; the longest argument of a message fits. */
const maxPendingBytes = 4_194_304

/** Kinds of execution whose failure is told. Queries are read only; a failed cleanup follows a callback that was told of. */
const told: ReadonlySet<TraceKind> = new Set<TraceKind>([
  'update',
  'reply_callback',
  'reject_callback',
  'heartbeat',
  'global_timer',
  'on_low_wasm_memory',
  'lifecycle_hook',
])

const argTypes = [IDL.Text, IDL.Vec(IDL.Nat8), lifecycleHooksTypes.HookError]

/**
 * Makes the hook due for a failed execution. Whatever runs in a call of the hook itself, its callbacks too, is left out:
 * it would never end. An error that finds the queue full is counted and otherwise lost.
 */
export function reportError(canister: CanisterState, hooks: LifecycleHooks, finished: FinishedExecution, error: ExecutionError): void {
  const { methodName } = finished.context
  if (!told.has(finished.kind) || methodName === name || !hasHook(canister, name)) return
  const waiting = hooks.pending.filter((event) => event.name === name)
  const reject = executionReject(canister, error)
  const args = finished.executed.arg ?? hooks.openArguments.get(finished.context.id) ?? new Uint8Array(0)
  const details: lifecycleHooksTypes.HookError = {
    code: errorCodeText(reject.errorCode),
    reject_code: reject.code,
    message: reject.message,
    backtrace: error.backtrace === undefined ? [] : [error.backtrace],
  }
  const arg = new Uint8Array(IDL.encode(argTypes, [methodName, args, details]))
  const bytes = waiting.reduce((sum, event) => sum + event.arg.length, arg.length)
  if (waiting.length >= maxPending || bytes > maxPendingBytes) hooks.records[name].dropped += 1n
  else enqueueHook(hooks, name, arg)
}
