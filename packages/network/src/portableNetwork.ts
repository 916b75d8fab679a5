/** A captured network as values that can be written to a file, and back. */
import type { PortableValue } from '@tidemark/state'
import type { Principal } from '@tidemark/types'
import type { CapturedNetwork } from './networkSnapshot.ts'
import { type CapturedStreams, exportStreams, importStreams } from './streams.ts'

/** One subnet of a state. */
export type PortableSubnet = {
  readonly id: Principal
  /** First of the ids that it hosts: where the public network has them, a subnet that is not there yet is added by it. */
  readonly firstIndex: bigint
  /** Of its replica. */
  readonly state: PortableValue
}

/** The state of a network, as `importState` takes it. */
export type PortableNetwork = {
  /** In the order in which they were made. */
  readonly subnets: readonly PortableSubnet[]
  readonly streams: PortableValue
  readonly round: bigint
  readonly pendingTime: bigint
}

export interface ImportedNetwork extends Pick<CapturedNetwork, 'round' | 'pendingTime'> {
  readonly subnets: readonly PortableSubnet[]
  readonly streams: CapturedStreams
}

export function exportNetwork({ subnets, streams, round, pendingTime }: CapturedNetwork): PortableNetwork {
  const portable = subnets.map(({ subnet: { id, ranges, replica } }) => {
    return { id, firstIndex: ranges[0]?.first ?? 0n, state: replica.exportState() }
  })
  return { subnets: portable, streams: exportStreams(streams), round, pendingTime }
}

/** @throws RangeError for another value */
export function importNetwork(portable: PortableValue): ImportedNetwork {
  const { subnets, streams, round, pendingTime } = (portable ?? {}) as unknown as Partial<ImportedNetwork>
  if (!Array.isArray(subnets) || typeof round !== 'bigint' || typeof pendingTime !== 'bigint') {
    throw new RangeError('this is no state of a network')
  }
  return { subnets, streams: importStreams(streams as PortableValue), round, pendingTime }
}
