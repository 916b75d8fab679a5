/** Query statistics: collected beside the state, added to it at the end of an epoch. @see "Query statistics". */
import type { World } from '../world.ts'

/** Rounds of an epoch. */
const epochRounds = 600n

/** What queries of one canister amounted to since the last epoch. */
export interface PendingQueryStats {
  calls: bigint
  instructions: bigint
  requestBytes: bigint
  responseBytes: bigint
}

export function countQuery(world: World, key: string, instructions: number, requestBytes: number, responseBytes: number): void {
  const pending = world.queryStats.get(key) ?? { calls: 0n, instructions: 0n, requestBytes: 0n, responseBytes: 0n }
  pending.calls += 1n
  pending.instructions += BigInt(instructions)
  pending.requestBytes += BigInt(requestBytes)
  pending.responseBytes += BigInt(responseBytes)
  world.queryStats.set(key, pending)
}

/** Adds what was collected to the totals when an epoch ends. */
export function applyQueryStats(world: World): void {
  if (world.state.round % epochRounds !== 0n || world.queryStats.size === 0) return
  for (const canister of world.state.canisters()) {
    const pending = world.queryStats.get(canister.id.key)
    if (pending === undefined) continue
    const { queryStats } = canister
    queryStats.callsTotal += pending.calls
    queryStats.instructionsTotal += pending.instructions
    queryStats.requestPayloadBytesTotal += pending.requestBytes
    queryStats.responsePayloadBytesTotal += pending.responseBytes
  }
  world.queryStats.clear()
}
