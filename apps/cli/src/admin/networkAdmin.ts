/** The administration of a network that runs in this process. */
import type { Companion, NetworkClock } from '@tidemark/admin'
import type { LiveDriver } from '@tidemark/http'
import type { Network } from '@tidemark/network'
import type { Replica } from '@tidemark/replica'
import { version } from '../version.ts'
import { type AdminServer, startAdminServer } from './adminServer.ts'

export interface NetworkAdminOptions {
  readonly replica: Replica | Network
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
  const { replica, driver, url, furnishing, companions, ...rest } = options
  const canisters = () => ('canisters' in replica ? replica.canisters() : replica.subnets().flatMap((subnet) => subnet.replica.canisters()))
  return startAdminServer<unknown>({
    ...rest,
    network: replica,
    rounds: driver,
    companions: [furnishing, ...companions],
    facts: () => ({ version, url, canisters: canisters().length }),
  })
}
