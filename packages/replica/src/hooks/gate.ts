/**
 * The gate of `canister_post_init`: what waits until the first message of new code, and the calls that it makes, are done.
 *
 * Plain, the gate is only as long as the hook waits to be run. With the setting `post_init_gate_seconds` it stays closed
 * until all calls of the hook have returned, or until that time has passed.
 */
import type { CanisterState, InputMessage, LifecycleHooks } from '@tidemark/state'
import type { World } from '../world.ts'

const name = 'canister_post_init'
const second = 1_000_000_000n

/** Whether nothing new may start in the canister but what its post-init asks for itself. */
export function awaitsPostInit(world: World, canister: CanisterState): boolean {
  return canister.lifecycleHooks?.pending.some((event) => event.name === name) === true || isGated(world, canister)
}

/** Whether the canister's post-init has run and keeps the gate closed. */
export function isGated(world: World, canister: CanisterState): boolean {
  return canister.lifecycleHooks !== undefined && gateIsClosed(world, canister, canister.lifecycleHooks)
}

/** Closes the gate after a post-init that has calls under way, if the settings ask for it. */
export function closeGate(world: World, canister: CanisterState, hooks: LifecycleHooks, contextId: bigint): void {
  const seconds = canister.settings.postInitGateSeconds ?? 0n
  if (seconds === 0n || !canister.callContexts.has(contextId)) return
  hooks.gate = { contextId, untilNanos: world.state.timeNanos + seconds * second }
}

/** Whether a post-init still waits for its calls. A gate that has served its time is opened here. */
export function gateIsClosed(world: World, canister: CanisterState, hooks: LifecycleHooks): boolean {
  const { gate } = hooks
  if (gate === undefined) return false
  const done = !canister.callContexts.has(gate.contextId)
  if (!done && world.state.timeNanos < gate.untilNanos) return true
  hooks.gate = undefined
  if (!done) hooks.records[name].reason = 'the gate opened at its time limit, before all calls had returned'
  return false
}

/**
 * The next message that may run behind a closed gate: any response, or a call of the canister to itself that was made
 * since the gate was closed, as `await` of a function of one's own is one.
 */
export function popGated({ id, queues, callbacks, lifecycleHooks }: CanisterState): InputMessage | undefined {
  const gate = lifecycleHooks?.gate
  const response = queues.popResponse()
  if (response !== undefined || gate === undefined) return response
  // Nothing else opens contexts behind a closed gate: what is as young as that of the post-init is part of it.
  return queues.popRequest(id, ({ callbackId }) => (callbacks.get(callbackId)?.callContextId ?? -1n) >= gate.contextId)
}
