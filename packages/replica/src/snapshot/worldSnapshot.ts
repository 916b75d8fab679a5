/** Captures everything that the next rounds depend on, and puts it back. */
import {
  CanisterQueues,
  type CapturedSubnet,
  Fifo,
  ManagementQueue,
  MessageMemory,
  PagedMemory,
  StateClasses,
  capture,
  revive,
} from '@tidemark/state'
import { sandboxClass } from '@tidemark/execution'
import { heldMessageClass } from '../commit/settleMessage.ts'
import { heldInstallClass } from '../management/index.ts'
import type { World } from '../world.ts'

/** Fields of a world that a snapshot leaves out: chosen once for all, derived, watching, or captured with more care. */
const leftOut = [
  'state',
  'env',
  'pricing',
  'modules',
  'subnetKey',
  'node',
  'directory',
  'rateLimits',
  'dues',
  'activity',
  'changes',
  'trace',
  'seed',
  'monotonicMillis',
  'management',
  'classes',
] as const satisfies readonly (keyof World)[]

/** A world between two inputs. Immutable. */
export interface CapturedWorld {
  readonly subnet: CapturedSubnet
  /** All other fields by name, whatever they are: one that is added is captured too. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** The classes that may occur in the state of a world. */
export function stateClasses(world: Pick<World, 'modules' | 'state' | 'env' | 'management'>): StateClasses {
  return new StateClasses()
    .register(Fifo.stateClass)
    .register(CanisterQueues.stateClass)
    .register(ManagementQueue.stateClass)
    .register(MessageMemory.stateClass)
    .register(PagedMemory.stateClass)
    .register(sandboxClass(world.modules))
    .register(heldMessageClass)
    .register(heldInstallClass(() => ({ subnet: world.state, env: world.env, options: world.management })))
}

/** The world as it is. Costs what changed since the last capture. */
export function captureWorld(world: World): CapturedWorld {
  const fields: Partial<World> = { ...world }
  for (const name of leftOut) delete fields[name]
  return { subnet: world.state.capture(world.classes), fields: capture(world.classes, fields) }
}

/** Puts a captured state back, and has everything that is derived from it follow. Costs what is different. */
export function restoreWorld(world: World, captured: CapturedWorld): void {
  const { canisters, requests } = world.state.restore(captured.subnet)
  Object.assign(world, revive(captured.fields))
  // Kept by canister objects, which are others now.
  if (canisters.size > 0) world.dues.clear()
  for (const key of canisters) {
    const canister = world.state.canisterByKey(key)
    if (canister === undefined) world.activity.forget(key)
    else world.activity.refresh(canister)
    world.changes.canisters.add(key)
  }
  for (const key of requests) world.changes.requests.add(key)
}
