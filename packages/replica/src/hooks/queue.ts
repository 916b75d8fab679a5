/** Puts hooks into a canister's queue and takes them out unrun. */
import { type CanisterModule, type CanisterState, type LifecycleHookName, type LifecycleHooks, lifecycleHookNames } from '@tidemark/state'

/** The export by which a canister opts in to a hook. */
export function hookExport(name: LifecycleHookName): string {
  return `canister_update ${name}`
}

const none: ReadonlySet<LifecycleHookName> = new Set()
// Looked up for every message of a canister that has hooks: the names are compared once for a module.
const known = new WeakMap<CanisterModule, ReadonlySet<LifecycleHookName>>()

/** The hooks that the canister's code has. */
export function hooksOf({ execution }: CanisterState): ReadonlySet<LifecycleHookName> {
  if (execution === undefined) return none
  let names = known.get(execution.module)
  if (names === undefined) {
    names = new Set(lifecycleHookNames.filter((name) => execution.module.exportedFunctions.has(hookExport(name))))
    known.set(execution.module, names)
  }
  return names
}

/** Whether the canister's code has the hook. */
export function hasHook(canister: CanisterState, name: LifecycleHookName): boolean {
  return hooksOf(canister).has(name)
}

/** Makes a hook due, under the next idempotency number. */
export function enqueueHook(hooks: LifecycleHooks, name: LifecycleHookName, arg: Uint8Array): void {
  hooks.pending.push({ name, number: hooks.nextNumber++, arg })
}

/** Takes all events of a hook out of the queue, with the reason for whoever looks. */
export function skipHook(hooks: LifecycleHooks, name: LifecycleHookName, reason: string): void {
  const skipped = hooks.pending.filter((event) => event.name === name)
  const last = skipped.at(-1)
  if (last === undefined) return
  hooks.pending = hooks.pending.filter((event) => event.name !== name)
  const record = hooks.records[name]
  record.last = 'skipped'
  record.reason = reason
  record.number = last.number
}
