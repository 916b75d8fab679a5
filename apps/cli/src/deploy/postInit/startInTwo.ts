/** The two-module start: a first module that only has `canister_post_init`, its hook, then the upgrade to the real one. */
import { Actor } from '@dfinity/agent'
import { lifecycleHooks, type LifecycleHooksService } from '@tidemark/bindings'
import { experimentalManagementFor, managementFor } from '../../network/management.ts'
import type { Steps } from '../../output/steps.ts'
import type { Session, Target } from '../../session.ts'
import { installCode } from '../installCode.ts'
import type { PreparedModule } from '../module.ts'
import { awaitPostInit, postInitFailed } from './awaitPostInit.ts'
import { checkModules } from './checkModules.ts'

/** What is installed, and in which order. Both get the same argument. */
export interface TwoModules {
  readonly target: Target
  readonly first: PreparedModule
  readonly real: PreparedModule
  readonly verb: 'install' | 'reinstall'
  readonly firstArg: Uint8Array
  readonly arg: Uint8Array
}

/**
 * Puts code into a canister so that nobody is answered before post-init and its calls are done: the first module has no
 * method to be called, and stopping the canister waits for the calls under way. When the hook fails, the canister stays with
 * the first module.
 *
 * @throws CliError when the modules do not go together, or the hook failed
 */
export async function startInTwo(session: Session, { target, first, real, verb, firstArg, arg }: TwoModules, steps: Steps): Promise<void> {
  checkModules(first, real)
  const { agent } = session
  const { name, id: canisterId } = target
  const management = managementFor(agent, canisterId)
  await steps.run(`Installing the first module of ${name}`, () => installCode(agent, { canisterId, verb, module: first, arg: firstArg }))
  await steps.run(`Waiting for canister_post_init of ${name}`, () => runPostInit(session, target))
  await steps.run(`Upgrading ${name} to its real module`, async () => {
    await management.stop_canister({ canister_id: canisterId })
    try {
      await installCode(agent, { canisterId, verb: 'upgrade', module: real, arg })
    } finally {
      await management.start_canister({ canister_id: canisterId })
    }
  })
}

/** A network with hooks of its own has called it, or is about to; any other network leaves that to us. */
async function runPostInit({ agent }: Session, { name, id }: Target): Promise<void> {
  const management = experimentalManagementFor(agent, id)
  const isCalled = await awaitPostInit(name, async () => {
    const { lifecycle_hooks: hooks } = await management.canister_status({ canister_id: id })
    return hooks[0]?.hooks.find((each) => each.name === 'canister_post_init')
  })
  if (isCalled) return
  const actor = Actor.createActor<Pick<LifecycleHooksService, 'canister_post_init'>>(lifecycleHooks.idlFactory, { agent, canisterId: id })
  try {
    await actor.canister_post_init()
  } catch (error) {
    throw postInitFailed(name, error instanceof Error ? error.message : String(error))
  }
}
