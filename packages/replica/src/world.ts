/** Everything the parts of a round share: the state, the network around it, and what watches. */
import type { BlsKey } from '@tidemark/certification'
import { type Pricing, createPricing } from '@tidemark/cycles'
import { ModuleCache, type SubnetEnvironment, limitsOf } from '@tidemark/execution'
import { type CanisterState, type StateClasses, SubnetState } from '@tidemark/state'
import type { TraceRecorder } from '@tidemark/trace'
import { Principal } from '@tidemark/types'
import { sha224, sha256 } from '@noble/hashes/sha2.js'
import { Activity } from './activity.ts'
import { Changes } from './certify/changes.ts'
import { ChainKeys } from './chainKeys/index.ts'
import type { SubnetDirectory } from './subnets/directory.ts'
import { blsKeyOf, nodeKeyOf } from './subnets/keyCache.ts'
import { type SubnetNode, createNodes, nodeOf } from './subnets/nodes.ts'
import type { ManagementOptions } from './management/index.ts'
import type { ReplicaOptions } from './options.ts'
import type { Due } from './round/chargeResources.ts'
import type { PendingQueryStats } from './round/queryStats.ts'
import { stateClasses } from './snapshot/worldSnapshot.ts'

const tib = 1_099_511_627_776n
const gib = 1_073_741_824n
/** 2021-05-06 19:17:10 UTC. */
const genesisNanos = 1_620_328_630_000_000_000n
/** Canister ids that the only subnet hands out: 2^20 from this one on. */
const onlyRange = { first: 0xffff_ffff_ffe0_0000n, last: 0xffff_ffff_ffef_ffffn }

/** One subnet with its keys. `env.timeNanos` follows the state. */
export class World {
  readonly state: SubnetState
  readonly env: SubnetEnvironment
  readonly pricing: Pricing
  readonly modules: ModuleCache
  readonly subnetKey: BlsKey
  /** The node that answers. */
  readonly node: SubnetNode
  /** The network around this subnet; absent where it is the only one. */
  readonly directory: SubnetDirectory | undefined
  readonly activity: Activity
  readonly changes = new Changes()
  trace: TraceRecorder | undefined
  readonly seed: Uint8Array
  readonly monotonicMillis: (() => number) | undefined
  readonly rateLimits: boolean
  readonly management: ManagementOptions
  /** Classes of the objects in the state, for snapshots. */
  readonly classes: StateClasses
  readonly queryStats = new Map<string, PendingQueryStats>()
  /** Latest charges of canisters that have not changed since. */
  readonly dues = new Map<CanisterState, Due>()
  /** Block time before which no canister is due to be charged. */
  nextChargeNanos = 0n
  /** When the UTC day of the last round ends; 0 when that is to be found out. */
  nextDayNanos = 0n
  /** The last round found nothing that it could run: what waits, waits for time or cycles. */
  stalled = false
  /** How often randomness was drawn. */
  randomDraws = 0
  /** Nanoseconds by which the next round moves time besides its own. */
  pendingTimeNanos = 0n
  readonly #nodeCount: number
  #nodes: readonly SubnetNode[] | undefined

  constructor(options: ReplicaOptions) {
    this.seed = options.seed ?? new Uint8Array(32)
    this.subnetKey = blsKeyOf(derive(this.seed, 'root key'))
    this.node = nodeOf(nodeKeyOf(derive(this.seed, 'node key')))
    this.trace = options.trace
    this.monotonicMillis = options.monotonicMillis
    this.rateLimits = options.rateLimits ?? false
    const { profile = '2026', subnetSize = 13, subnetType = 'application', costSchedule = 'normal', sev = false } = options
    this.pricing = createPricing({ profile, subnetSize, subnetType, costSchedule, sev })
    const { place } = options
    this.directory = place?.directory
    this.#nodeCount = place === undefined ? 1 : subnetSize
    const canisterRange = place?.allocation ?? onlyRange
    const state = new SubnetState(options.initialTimeNanos ?? genesisNanos, canisterRange.first)
    this.state = state
    this.activity = new Activity((canister) => state.handOut(canister))
    const { bestEffortMemoryBytes, onDebugPrint, experimentalHooks = false } = options
    this.modules = new ModuleCache(
      profile === '2025' ? 'dirty-4k-after' : { kind: 'touch-64k', read: 80_000, write: 80_000, chargeWrites: true },
      { rewritten: options.rewrittenModules, experimentalHooks, stackBudget: options.stackBudget },
    )
    this.classes = stateClasses(this)
    const virtualUsage = options.virtualUsageBytes ?? 0n
    const { directory, subnetKey } = this
    let subnetId = place?.subnetId
    this.env = {
      // A public key is some milliseconds of work, and most messages never ask for it.
      get subnetId() {
        subnetId ??= Principal.selfAuthenticating(sha224(subnetKey.publicKeyDer))
        return subnetId
      },
      get rootKey() {
        return directory?.root.publicKey ?? subnetKey.publicKeyDer
      },
      pricing: this.pricing,
      limits: {
        ...limitsOf(subnetType, options.instructionLimits),
        ...(bestEffortMemoryBytes === undefined ? {} : { bestEffortMemoryBytes }),
      },
      memory: {
        capacityBytes: options.subnetCapacityBytes ?? 2n * tib,
        thresholdBytes: options.subnetThresholdBytes ?? 750n * gib,
        callbackReserveBytes: 10n * gib,
        allocationCapsUsage: options.allocationCapsUsage ?? false,
        usedBytes: () => virtualUsage + this.activity.allocatedBytes,
      },
      openCalls: { count: () => state.openCalls, guaranteed: () => state.guaranteedCalls },
      get timeNanos() {
        return state.timeNanos
      },
      ...(subnetType === 'application' && costSchedule === 'free' ? { subnetAdmins: options.subnetAdmins ?? [] } : {}),
      experimentalHooks,
      ...(onDebugPrint === undefined
        ? {}
        : {
            onDebugPrint: (canisterId: Principal, text: Uint8Array) =>
              onDebugPrint({ canisterId, timeNanos: state.timeNanos, text: decoder.decode(text) }),
          }),
    }
    const allNodes = (): readonly SubnetNode[] => this.nodes
    this.management = {
      defaultProvisionalCycles: 100_000_000_000_000n,
      canisterRange,
      hostedRanges: place?.ranges ?? [{ first: 0n, last: canisterRange.first - 1n }],
      allowProvisional: true,
      maxCanisters: 120_000,
      rateLimits: this.rateLimits,
      replicaVersion: 'tidemark-0.1.0',
      registryVersion: 1n,
      get nodeIds() {
        return allNodes().map(({ id }) => id)
      },
      prepareModule: (bytes) => this.modules.prepare(bytes),
      randomBytes: (length) => this.random(length),
      httpOutcalls: options.httpOutcalls ?? 'off',
      ...chainKeyOptions(options, this.seed),
    }
  }

  /** The first id that this subnet hands out. */
  get firstCanisterId(): Principal {
    return Principal.canister(this.management.canisterRange.first)
  }

  /** All nodes, the one that answers first. Made when they are first asked for. */
  get nodes(): readonly SubnetNode[] {
    this.#nodes ??= [this.node, ...createNodes(this.#nodeCount - 1, (index) => derive(this.seed, `node key ${index + 1}`))]
    return this.#nodes
  }

  /** Ids of so many nodes: of the ones there are, and of those that a subnet of the priced size would have besides. */
  nodeIds(count: number): readonly Principal[] {
    const known = this.nodes.map(({ id }) => id)
    const missing = Math.max(0, count - known.length)
    const others = createNodes(missing, (index) => derive(this.seed, `node key ${known.length + index}`))
    return [...known, ...others.map(({ id }) => id)].slice(0, count)
  }

  /** Deterministic bytes of this round, different at every call. */
  random(length: number): Uint8Array {
    const draw = this.randomDraws++
    const bytes = new Uint8Array(length)
    for (let at = 0, block = 0; at < length; at += 32, block++) {
      bytes.set(derive(this.seed, `randomness ${this.state.round} ${draw} ${block}`).subarray(0, length - at), at)
    }
    return bytes
  }
}

/** The only subnet signs with every key; one of several with those that it is given. */
function chainKeyOptions({ place }: ReplicaOptions, seed: Uint8Array): Pick<ManagementOptions, 'chainKeys' | 'chainKeyNames'> {
  if (place === undefined) return { chainKeys: new ChainKeys(derive(seed, 'chain keys')) }
  const { chainKeys: own, chainKeySeed, directory } = place
  const network = (): string[] => directory.entries().flatMap(({ chainKeys }) => chainKeys)
  return { chainKeys: new ChainKeys(chainKeySeed), chainKeyNames: { own, network } }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

function derive(seed: Uint8Array, purpose: string): Uint8Array {
  const label = encoder.encode(`tidemark ${purpose}`)
  const input = new Uint8Array(seed.length + label.length)
  input.set(seed)
  input.set(label, seed.length)
  return sha256(input)
}
