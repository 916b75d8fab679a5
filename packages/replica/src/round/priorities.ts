/**
 * Credits that keep the order of canisters fair: every round adds a canister's compute allocation to its credit; a full turn
 * costs a whole core, 100 percent. What nobody has reserved is spread evenly, so that all credits add up to nothing.
 */
import type { CanisterState } from '@tidemark/state'
import type { World } from '../world.ts'
import type { RoundProgress } from './roundProgress.ts'

/** One percent of a core for a round, in units of credit: whole numbers that can be shared among many canisters. */
export const percent = 1_000_000
const fullRound = 100 * percent
/** Rounds that a canister can be ahead at most. */
const maxRoundsAhead = 5

/** Settles the credits of a round among the canisters that wanted to run and those that still owe or are owed something. */
export function settlePriorities(world: World, { scheduled, fullTurns, heldBack }: RoundProgress): void {
  const members = new Set([...world.activity.withPriority(), ...scheduled, ...heldBack])
  let free = 0
  for (const canister of members) {
    // Whoever must wait for changing too much memory has had its turn in advance.
    const isServed = fullTurns.has(canister) || heldBack.has(canister)
    canister.accumulatedPriority += allocationOf(canister) - (isServed ? fullRound : 0)
    free -= canister.accumulatedPriority
  }
  share([...members], Math.max(0, free))
  for (const canister of members) world.activity.refreshPriority(canister)
}

/** Spreads free capacity, those with the highest allocation first. Idle canisters do not save any up. */
function share(members: readonly CanisterState[], capacity: number): void {
  const ordered = members.toSorted((a, b) => allocationOf(b) - allocationOf(a) || (a.id.key < b.id.key ? -1 : 1))
  let free = capacity
  ordered.forEach((canister, position) => {
    const even = Math.floor(free / (ordered.length - position))
    const given = Math.max(0, Math.min(even, fullRound - allocationOf(canister), maxRoundsAhead * fullRound - canister.accumulatedPriority))
    if (isIdle(canister) && canister.accumulatedPriority + given >= 0) {
      free += canister.accumulatedPriority
      canister.accumulatedPriority = 0
    } else {
      free -= given
      canister.accumulatedPriority += given
    }
  })
}

function allocationOf({ settings }: CanisterState): number {
  return Number(settings.computeAllocation) * percent
}

function isIdle(canister: CanisterState): boolean {
  const functions = canister.execution?.module.exportedFunctions
  return canister.longExecution === undefined && canister.queues.isEmpty && functions?.has('canister_heartbeat') !== true
}
