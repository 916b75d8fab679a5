/** The administration of a network that runs in this process. */
import type { Companion, HookFacts, NetworkClock } from '@tidemark/admin'
import type { LiveDriver } from '@tidemark/http'
import type { Network } from '@tidemark/network'
import type { HookState, Replica } from '@tidemark/replica'
import { Principal } from '@tidemark/types'
import { version } from '../version.ts'
import { type AdminServer, startAdminServer } from './adminServer.ts'

export interface NetworkAdminOptions {
  readonly replica: Replica | Network
  /** Called when the network went to a snapshot. @throws to have that told as a failure */
  readonly onRestore: () => void
  /** A snapshot of it with nothing on it. */
  readonly genesis: unknown
  readonly driver: LiveDriver
  readonly clock: NetworkClock
  readonly wall: () => bigint
  readonly schedule: (run: () => void, ms: number) => () => void
  /** Address of the public interface. */
  readonly url: string
  readonly port: number
  /** System canisters, which a reset installs anew. */
  readonly furnishing: Companion
  readonly companions: readonly Companion[]
  readonly onFailure: (error: unknown) => void
}

/** @throws CliError when the port is taken */
export function startNetworkAdmin(options: NetworkAdminOptions): Promise<AdminServer> {
  const { replica, onRestore, driver, url, furnishing, companions, ...rest } = options
  const canisters = () => ('canisters' in replica ? replica.canisters() : replica.subnets().flatMap((subnet) => subnet.replica.canisters()))
  return startAdminServer<unknown>({
    ...rest,
    network: {
      rootKey: replica.rootKey,
      timeNanos: () => replica.timeNanos(),
      round: () => replica.round(),
      snapshot: () => replica.snapshot(),
      restore: (snapshot) => {
        replica.restore(snapshot as ReturnType<Replica['snapshot']> & ReturnType<Network['snapshot']>)
        onRestore()
      },
      watch: (trace) => replica.watch(trace),
    },
    rounds: driver,
    companions: [furnishing, ...companions],
    hooksOf: (canisterId) => hookStates(replica, canisterId)?.map(hookFacts),
    facts: () => ({ version, url, canisters: canisters().length }),
  })
}

function hookStates(replica: Replica | Network, canisterId: string): readonly HookState[] | undefined {
  try {
    return replica.hookStates(Principal.fromText(canisterId))
  } catch {
    return undefined
  }
}

function hookFacts({ name, state, reason, number, pending, runs, dropped, condition }: HookState): HookFacts {
  return {
    name,
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(number === undefined ? {} : { number: String(number) }),
    pending: String(pending),
    runs: String(runs),
    dropped: String(dropped),
    ...(condition === undefined ? {} : { condition }),
  }
}
