import type { Principal } from '@dfinity/principal'
import type { Config } from './config.ts'

/** Who is calling, and whether the network says that it is a controller of the monitor. */
export interface Caller {
  readonly principal: Principal
  readonly isController: boolean
}

/** Whether a caller may register and unregister canisters. */
export function mayManage({ installer, claimant }: Config, { principal, isController }: Caller): boolean {
  return isController || isSame(installer, principal) || isSame(claimant, principal)
}

/** Whether a caller may read the fleet and its history. */
export function mayRead(config: Config, caller: Caller): boolean {
  const { visibility } = config
  if ('public' in visibility || mayManage(config, caller)) return true
  return 'allowed_viewers' in visibility && visibility.allowed_viewers.some((viewer) => isSame(viewer, caller.principal))
}

function isSame(a: Principal | undefined, b: Principal): boolean {
  return a !== undefined && a.compareTo(b) === 'eq'
}
