/** Where the cycles of a network are. */
import type { Streams } from './streams.ts'
import type { Subnet } from './subnet.ts'

/** minted = held + burned + inFlight at any time, as long as no subnet was deleted. */
export interface NetworkLedger {
  readonly minted: bigint
  readonly held: bigint
  readonly burned: bigint
  /** Cycles that travel between subnets. */
  readonly inFlight: bigint
}

export function networkLedger(subnets: readonly Subnet[], streams: Streams): NetworkLedger {
  let [minted, held, burned] = [0n, 0n, 0n]
  for (const { replica } of subnets) {
    const ledger = replica.cyclesLedger()
    minted += ledger.minted
    held += ledger.held
    burned += ledger.burned
  }
  return { minted, held, burned, inFlight: streams.cycles() }
}
