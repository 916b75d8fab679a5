/** How much memory may change: in a canister per round, and on the whole subnet from one checkpoint to the next. */
import type { World } from '../world.ts'

/** Bytes that the subnet may still change before it waits for the next checkpoint. More is given out as it comes near. */
export function heapDeltaLeft({ state, env: { limits } }: World): number {
  const rounds = limits.checkpointRounds
  const roundsLeft = rounds - (Number(state.round) % rounds)
  const kept = ((limits.subnetHeapDeltaBytes - limits.subnetHeapDeltaReserveBytes) * Math.min(roundsLeft, rounds)) / rounds
  return limits.subnetHeapDeltaBytes - kept - state.heapDeltaBytes
}

/** Lets every canister that changed memory, or installed code, work off what a round allows. */
export function workOffDebits(world: World): void {
  const { canisterHeapDeltaBytes, installRateInstructions } = world.env.limits
  const installRate = BigInt(installRateInstructions)
  for (const canister of world.activity.inDebt()) {
    canister.heapDeltaDebit = Math.max(0, canister.heapDeltaDebit - canisterHeapDeltaBytes)
    canister.installCodeDebit = canister.installCodeDebit > installRate ? canister.installCodeDebit - installRate : 0n
    world.activity.refreshDebt(canister)
  }
}

/** Every so many rounds the memory of the subnet is written down, and counting begins anew. Compiled modules are not kept. */
export function checkpoint({
  state,
  env: { limits },
}: {
  readonly state: World['state']
  readonly env: Pick<World['env'], 'limits'>
}): void {
  if (state.round % BigInt(limits.checkpointRounds) !== 0n) return
  state.heapDeltaBytes = 0
  state.compiledModules.clear()
}
