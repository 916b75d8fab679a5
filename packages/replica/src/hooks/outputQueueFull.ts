/** `canister_on_output_queue_full()`: no further call to some canister can be made until one of those under way is answered. */
import { type CanisterState, type LifecycleHooks, queueCapacity } from '@tidemark/state'
import { noArgument } from './postInit.ts'
import { enqueueHook, skipHook } from './queue.ts'

const name = 'canister_on_output_queue_full'

/** Open calls to one canister at or below which the hook is armed again: a tenth of the queue is free, so that a canister that keeps it full is told once. */
const rearmingCalls = queueCapacity - queueCapacity / 10

/** Due once for every crossing; one that is over before the hook has run is skipped. */
export function evaluateOutputQueue({ queues }: CanisterState, hooks: LifecycleHooks): void {
  const record = hooks.records[name]
  const openCalls = queues.mostOpenCalls
  if (openCalls <= rearmingCalls) {
    record.armed = true
    skipHook(hooks, name, 'the queue has emptied')
  } else if (record.armed && openCalls >= queueCapacity) {
    record.armed = false
    enqueueHook(hooks, name, noArgument)
  }
}
