/** Keeps no more long executions than a node can hold between two rounds. */
import type { World } from '../world.ts'
import { byProgress } from './schedule.ts'

/** Sends those that have come least far back to their first slice. Installations are not among them: there is never more than one. */
export function suspendTooMany(world: World): void {
  if (!world.activity.hasLongExecution) return
  const messages = world.activity.withLongExecution().filter(({ longExecution }) => longExecution?.result.kind === 'message')
  for (const canister of messages.sort(byProgress).slice(world.env.limits.pausedExecutions)) {
    if (canister.longExecution !== undefined) canister.longExecution = { ...canister.longExecution, slicesDone: 0 }
  }
}
