/** `canister_post_init()`: the first message after an installation, and what else new code means for the hooks. */
import { type CanisterState, createLifecycleHooks, lifecycleHookNames } from '@tidemark/state'
import { enqueueHook, hasHook, skipHook } from './queue.ts'

const name = 'canister_post_init'

/** The Candid encoding of no arguments. */
export const noArgument: Uint8Array = new TextEncoder().encode('DIDL\0\0')

/** How code came into a canister. */
type CodeChange = 'install' | 'reinstall' | 'upgrade' | 'load_snapshot'

/**
 * To be called once the new code is in place. What an upgrade or a snapshot leaves due stays due; a reinstall begins anew,
 * and a post-init that has not run yet gives way to the one of the newer code.
 */
export function announceCode(canister: CanisterState, change: CodeChange): void {
  if (canister.lifecycleHooks === undefined) {
    if (!lifecycleHookNames.some((hook) => hasHook(canister, hook))) return
    canister.lifecycleHooks = createLifecycleHooks()
  }
  const hooks = canister.lifecycleHooks
  if (change === 'load_snapshot') return
  if (change !== 'upgrade') {
    for (const hook of lifecycleHookNames) {
      hooks.records[hook].armed = true
      skipHook(hooks, hook, 'the code was installed anew')
    }
  }
  hooks.gate = undefined
  skipHook(hooks, name, 'newer code was installed')
  if (hasHook(canister, name)) enqueueHook(hooks, name, noArgument)
}
