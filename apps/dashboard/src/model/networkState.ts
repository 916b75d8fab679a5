import type { FeedState } from './feedState.ts'

/** How the page stands with its network. */
export type NetworkState = {
  readonly kind: 'connecting' | 'live' | 'trouble'
  /** `Local network` or `Internet Computer`. */
  readonly name: string
  readonly detail: string
}

export const networkStateOf = ({ isLocal, fleet, trouble }: FeedState): NetworkState => {
  const name = isLocal ? 'Local network' : 'Internet Computer'
  if (trouble !== undefined) return { kind: 'trouble', name, detail: trouble }
  if (fleet === undefined) return { kind: 'connecting', name, detail: 'connecting…' }
  const watched = fleet.canisters.length
  return { kind: 'live', name, detail: `${watched} canister${watched === 1 ? '' : 's'} watched, every ${fleet.intervalSeconds} s` }
}

/** What stands in the place of a hook canister that cannot be shown. */
export const waitingText = ({ fleet, trouble, hookCanisters }: FeedState): string => {
  if (trouble !== undefined) return `The network cannot be read: ${trouble}`
  return fleet === undefined || hookCanisters.size > 0 ? 'Connecting to the network…' : 'The hook example is not deployed on this network.'
}
