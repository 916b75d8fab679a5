/** A running local network: the replica, rounds in real time, and the HTTP server in front of them. */
import { type AdminAccess, type Companion, createNetworkClock } from '@tidemark/admin'
import { createHttpHandler, createLiveDriver, type HttpHandler } from '@tidemark/http'
import { createNetwork, type InputListener, type Network, RecordedReplica, type SubnetKind } from '@tidemark/network'
import { createReplica, networkStackBudget, type Replica, type ReplicaOptions } from '@tidemark/replica'
import { isForThisMachine, type NetworkFacts, systemCanisterOf, systemCanisters } from '@tidemark/system-canisters'
import type { Principal } from '@tidemark/types'
import { startNetworkAdmin } from '../admin/networkAdmin.ts'
import { createFurnishing } from './furnishing.ts'
import { keepState } from './keptState.ts'
import { listen } from './nodeServer.ts'
import { createRewrittenModules } from './rewrittenModules.ts'
import { createSite, type SiteOptions } from './site.ts'
import { factsOfNetwork, factsOfReplica } from './subnets.ts'

export interface LocalNetworkOptions extends Omit<SiteOptions, 'defaultEffectiveCanisterId' | 'isAwaited'> {
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  readonly seed: Uint8Array
  readonly profile: NonNullable<ReplicaOptions['profile']>
  /** Whether canisters may opt in to lifecycle hooks that the protocol does not have. */
  readonly experimentalHooks: boolean
  /** Folder for what can be made again: rewritten modules. Without one they live as long as the network. */
  readonly cacheFolder?: string
  /** Folder for the state, which outlives the process. Without one the network starts empty, and leaves nothing. */
  readonly stateFolder?: string
  /** Kinds of the network's subnets. Default: one subnet that hosts every canister. */
  readonly subnets?: readonly SubnetKind[]
  /** Canisters by whole host name. */
  readonly customDomains?: (host: string) => Principal | undefined
  /** Least time between rounds, milliseconds. Default: none. */
  readonly roundMillis?: number
  /** Administration on a loopback port of its own (0: any free one), and what goes along with the network's state. Default: none. */
  readonly admin?: { readonly port: number; readonly companions: readonly Companion[] }
  /** Hears what is not as it should be, and of no consequence. */
  readonly onNotice?: (text: string) => void
  /** Hears of failures that clients see as status 500, and of one that stops the network. */
  readonly onFailure: (error: unknown) => void
}

export interface LocalNetwork {
  readonly port: number
  /** Whether canisters of the network before are on it. */
  readonly isResumed: boolean
  /** DER form of the key that certificates verify under, 133 bytes. */
  readonly rootKey: Uint8Array
  readonly defaultEffectiveCanisterId: Principal
  /** How to administer it, where that was asked for. */
  readonly admin?: AdminAccess
  /**
   * Puts the system canisters on the network that are not there yet.
   *
   * @param modules - by the canister's name
   * @throws SystemCanisterError when the network refuses one
   */
  furnish(modules: ReadonlyMap<string, Uint8Array>): void
  /** Whether every system canister of a name is on it. */
  has(name: string): boolean
  close(): Promise<void>
}

const nanosPerMilli = 1_000_000n
const wall = () => BigInt(Date.now()) * nanosPerMilli

/**
 * Starts a network, with what is in its state folder on it.
 *
 * @throws CliError when the address cannot be listened on, or the state cannot be used
 */
export async function startLocalNetwork(options: LocalNetworkOptions): Promise<LocalNetwork> {
  const { host, port, customDomains, stateFolder, roundMillis = 0, profile, experimentalHooks, onNotice } = options
  let closing = false
  // Requests that the end of the network cuts short are no failures of it.
  const onFailure = (error: unknown) => {
    if (!closing) options.onFailure(error)
  }
  const clock = createNetworkClock(wall)
  let note: InputListener | undefined
  const { replica, entrance, facts } = create(options, clock.now(), (input) => note?.(input))
  // Before anything is on it: what a reset goes back to.
  const genesis = replica.snapshot()
  const decisive = { profile, experimentalHooks }
  const kept =
    stateFolder === undefined
      ? undefined
      : keepState(stateFolder, replica, { decisive, onFailure, ...(onNotice === undefined ? {} : { onNotice }) })
  note = (input) => kept?.note(input)
  let isWhole = true
  const driver = createLiveDriver({
    replica: entrance,
    now: () => clock.now(),
    schedule: (run, milliseconds) => schedule(run, Math.max(milliseconds, roundMillis)),
    onFailure: (error) => {
      // A round that failed may have changed half of the state: the one that was kept before is better.
      isWhole = false
      kept?.forgetRound()
      kept?.close()
      onFailure(error)
    },
  })
  const { defaultEffectiveCanisterId } = replica
  const isAwaited = (asked: string) => {
    const id = systemCanisterOf(asked)
    return id !== undefined && replica.canister(id) === undefined
  }
  const site = createSite({ ...options, defaultEffectiveCanisterId, isAwaited })
  // Given on as it is: a function around it would lose the short way of whole requests, and who asks.
  const handler: HttpHandler = createHttpHandler({
    replica: entrance,
    driver,
    gateway: {
      pages: site,
      customDomains: (asked) => customDomains?.(asked) ?? systemCanisterOf(asked),
      isForThisMachine,
    },
    onCall: () => kept?.noteCall(),
    onError: onFailure,
  })
  const furnishing = createFurnishing(entrance, facts)
  try {
    const server = await listen({ host, port }, handler, onFailure)
    const url = `http://${reachable(host)}:${server.port}`
    const admin =
      options.admin &&
      (await startNetworkAdmin({
        replica,
        onRestore: () => kept?.noteRestore(),
        genesis,
        driver,
        clock,
        wall,
        schedule,
        url,
        onFailure,
        furnishing,
        ...options.admin,
      }).catch((error: unknown) => server.close().then(() => Promise.reject(error))))
    return {
      port: server.port,
      rootKey: replica.rootKey,
      defaultEffectiveCanisterId: replica.defaultEffectiveCanisterId,
      isResumed: kept?.isResumed === true,
      furnish: (modules) => furnishing.furnish(modules),
      has: (name) => systemCanisters.every((canister) => canister.name !== name || replica.canister(canister.id) !== undefined),
      ...(admin && { admin: { url: admin.url, token: admin.token } }),
      close: async () => {
        closing = true
        driver.stop()
        await Promise.all([server.close(), admin?.close()])
        if (isWhole) kept?.save()
        kept?.close()
      },
    }
  } catch (error) {
    driver.stop()
    kept?.close()
    throw error
  }
}

type Facts = Omit<NetworkFacts, 'funded'>

interface Created {
  readonly replica: Replica | Network
  /** The same for those who give it inputs: each is told first. */
  readonly entrance: Network | RecordedReplica
  /** What its system canisters are to know of it. */
  readonly facts: Facts
}

/** A network at its genesis. */
function create(options: LocalNetworkOptions, initialTimeNanos: bigint, onInput: InputListener): Created {
  const { seed, profile, experimentalHooks, cacheFolder, subnets } = options
  const kept = cacheFolder === undefined ? {} : { rewrittenModules: createRewrittenModules(cacheFolder, profile) }
  const common = {
    seed,
    profile,
    experimentalHooks,
    initialTimeNanos,
    stackBudget: networkStackBudget,
    monotonicMillis: () => performance.now(),
    ...kept,
  }
  if (subnets === undefined) {
    const replica = createReplica(common)
    return { replica, entrance: new RecordedReplica(replica, onInput), facts: factsOfReplica(replica.subnetId) }
  }
  const network = createNetwork({ ...common, subnets: subnets.map((kind) => ({ kind })), onInput })
  return { replica: network, entrance: network, facts: factsOfNetwork(network) }
}

/** An address on which this machine reaches the network. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function schedule(run: () => void, milliseconds: number): () => void {
  // A round after every turn of the event loop, so that requests are read in between.
  if (milliseconds === 0) {
    const immediate = setImmediate(run)
    return () => clearImmediate(immediate)
  }
  const timer = setTimeout(run, milliseconds)
  return () => clearTimeout(timer)
}
