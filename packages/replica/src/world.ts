/** Everything the parts of a round share: the state, the network around it, and what watches. */
import { type NodeKey, type BlsKey, createBlsKey, createNodeKey } from '@tidemark/certification'
import { type Pricing, createPricing } from '@tidemark/cycles'
import { ModuleCache, type SubnetEnvironment, limitsOf } from '@tidemark/execution'
import { SubnetState } from '@tidemark/state'
import type { TraceRecorder } from '@tidemark/trace'
import { Principal } from '@tidemark/types'
import { sha224, sha256 } from '@noble/hashes/sha2.js'
import { Activity } from './activity.ts'
import { Changes } from './certify/changes.ts'
import { ChainKeys } from './chainKeys/index.ts'
import type { ManagementOptions } from './management/index.ts'
import type { ReplicaOptions } from './options.ts'
import type { PendingQueryStats } from './round/queryStats.ts'

const tib = 1_099_511_627_776n
const gib = 1_073_741_824n
/** 2021-05-06 19:17:10 UTC. */
const genesisNanos = 1_620_328_630_000_000_000n
/** Canister ids handed out here: 2^20 from this one on. */
export const canisterRange = { first: 0xffff_ffff_ffe0_0000n, last: 0xffff_ffff_ffef_ffffn }

/** One subnet with its keys. `env.timeNanos` follows the state. */
export class World {
  readonly state: SubnetState
  readonly env: SubnetEnvironment
  readonly pricing: Pricing
  readonly modules: ModuleCache
  readonly rootKey: BlsKey
  readonly nodeKey: NodeKey
  readonly nodeId: Principal
  readonly activity = new Activity()
  readonly changes = new Changes()
  readonly trace: TraceRecorder | undefined
  readonly seed: Uint8Array
  readonly management: ManagementOptions
  readonly queryStats = new Map<string, PendingQueryStats>()
  /** Block time before which no canister is due to be charged. */
  nextChargeNanos = 0n
  /** The last round found nothing that it could run: what waits, waits for time or cycles. */
  stalled = false
  #randomDraws = 0

  constructor(options: ReplicaOptions) {
    this.seed = options.seed ?? new Uint8Array(32)
    this.rootKey = createBlsKey(derive(this.seed, 'root key'))
    this.nodeKey = createNodeKey(derive(this.seed, 'node key'))
    this.nodeId = Principal.selfAuthenticating(sha224(this.nodeKey.publicKeyDer))
    this.trace = options.trace
    const { profile = '2026', subnetSize = 13, subnetType = 'application', costSchedule = 'normal', sev = false } = options
    this.pricing = createPricing({ profile, subnetSize, subnetType, costSchedule, sev })
    const state = new SubnetState(options.initialTimeNanos ?? genesisNanos, canisterRange.first)
    this.state = state
    const { onDebugPrint, experimentalHooks = false } = options
    this.modules = new ModuleCache(
      profile === '2025' ? 'dirty-4k-after' : { kind: 'touch-64k', read: 80_000, write: 80_000, chargeWrites: true },
      options.rewrittenModules,
      experimentalHooks,
    )
    const virtualUsage = options.virtualUsageBytes ?? 0n
    this.env = {
      subnetId: Principal.selfAuthenticating(sha224(this.rootKey.publicKeyDer)),
      rootKey: this.rootKey.publicKeyDer,
      pricing: this.pricing,
      limits: limitsOf(subnetType),
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
      experimentalHooks,
      ...(onDebugPrint === undefined
        ? {}
        : {
            onDebugPrint: (canisterId: Principal, text: Uint8Array) =>
              onDebugPrint({ canisterId, timeNanos: state.timeNanos, text: decoder.decode(text) }),
          }),
    }
    this.management = {
      defaultProvisionalCycles: 100_000_000_000_000n,
      canisterRange,
      hostedRanges: [{ first: 0n, last: canisterRange.first - 1n }],
      allowProvisional: true,
      maxCanisters: 120_000,
      limitInstallRate: false,
      replicaVersion: 'tidemark-0.1.0',
      registryVersion: 1n,
      nodeIds: [this.nodeId],
      prepareModule: (bytes) => this.modules.prepare(bytes),
      randomBytes: (length) => this.random(length),
      httpOutcalls: options.httpOutcalls ?? 'off',
      chainKeys: new ChainKeys(derive(this.seed, 'chain keys')),
    }
  }

  /** The first id that this subnet hands out. */
  get firstCanisterId(): Principal {
    return Principal.canister(canisterRange.first)
  }

  /** Deterministic bytes of this round, different at every call. */
  random(length: number): Uint8Array {
    const draw = this.#randomDraws++
    const bytes = new Uint8Array(length)
    for (let at = 0, block = 0; at < length; at += 32, block++) {
      bytes.set(derive(this.seed, `randomness ${this.state.round} ${draw} ${block}`).subarray(0, length - at), at)
    }
    return bytes
  }
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
