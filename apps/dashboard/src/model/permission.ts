import type { FeedState } from './feedState.ts'
import { hookViewOf } from './hookView.ts'

/** Whether the logged-in principal controls the selected canister; `undefined` while the monitor has not read it. */
const isController = (state: FeedState): boolean | undefined => {
  const controllers = hookViewOf(state)?.sample?.settings.controllers
  return state.principal === undefined ? false : controllers?.includes(state.principal)
}

/** Whether the user may make this network theirs: logged in, on a local network that nobody has claimed. */
export const mayClaim = (state: FeedState): boolean =>
  state.isLocal && state.principal !== undefined && state.fleet?.claim.kind === 'open' && isController(state) !== true

/** Why the user can change nothing, in a sentence that says what to do; absent when they can. */
export const blockedReason = (state: FeedState): string | undefined => {
  if (state.principal === undefined) return 'Log in to change settings or redeploy.'
  switch (isController(state)) {
    case true:
      return undefined
    case undefined:
      return 'Waiting for the monitor to read who controls this canister.'
    case false:
      return mayClaim(state)
        ? 'You are logged in but control nothing here yet. Claim this local network to become a controller.'
        : 'You are logged in, but only a controller of this canister can change it.'
  }
}
