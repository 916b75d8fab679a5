import { Actor, HttpAgent, type Identity } from '@dfinity/agent'
import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import {
  lowWasmMemoryHookTypes,
  managementTypes,
  monitorTypes,
  type LowWasmMemoryHookService,
  type ManagementService,
  type MonitorService,
} from '@tidemark/bindings'
import type { HookSettings } from '../model/hookCondition.ts'
import type { Executed, Fleet, Sample } from '../model/sample.ts'
import { decodeExecuted, decodeFleet, decodeSample } from './decode.ts'
import type { Network } from './network.ts'

/** What the page asks of the network. Every call throws the agent's error when the network refuses or is unreachable. */
export type Connection = {
  readonly fleet: () => Promise<Fleet>
  /** Newest samples of one canister, oldest first. */
  readonly history: (canisterId: string, limit: number) => Promise<readonly Sample[]>
  /** The record as the hook canister itself tells it, now. */
  readonly executedOrder: (canisterId: string) => Promise<readonly Executed[]>
  /** Makes the caller a controller of what the monitor watches; local networks only. */
  readonly claim: () => Promise<void>
  readonly updateHookSettings: (canisterId: string, settings: HookSettings) => Promise<void>
  /** Installs the module afresh: memory and record start again, settings and balance stay. */
  readonly reinstall: (canisterId: string, module: Uint8Array) => Promise<void>
}

const managementCanister = (agent: HttpAgent): ManagementService =>
  Actor.createActor<ManagementService>(managementTypes.idlFactory, {
    agent,
    canisterId: Principal.managementCanister(),
    // A management call is routed by the canister it is about.
    callTransform: (_method, args) => ({ effectiveCanisterId: Principal.from((args[0] as { canister_id: Principal }).canister_id) }),
  })

/** Every setting absent: `update_settings` then leaves it as it is. */
const unchangedSettings: managementTypes.CanisterSettings = {
  controllers: [],
  compute_allocation: [],
  memory_allocation: [],
  freezing_threshold: [],
  reserved_cycles_limit: [],
  wasm_memory_limit: [],
  wasm_memory_threshold: [],
  log_visibility: [],
  log_memory_limit: [],
  snapshot_visibility: [],
  status_visibility: [],
  minimum_incoming_canister_call_cycles: [],
  environment_variables: [],
}

const createAgent = (network: Network, identity: Identity | undefined): Promise<HttpAgent> =>
  HttpAgent.create({
    host: network.agentHost,
    ...(identity === undefined ? {} : { identity }),
    ...(network.rootKey === undefined ? {} : { rootKey: network.rootKey }),
    shouldFetchRootKey: network.isLocal && network.rootKey === undefined,
  })

/**
 * Connects as a given identity, or anonymously.
 *
 * @throws Error when the network has no monitor, or the agent cannot reach it to learn its root key.
 */
export const connect = async (network: Network, identity?: Identity): Promise<Connection> => {
  const monitorId = network.canisterIds.get('monitor')
  if (monitorId === undefined)
    throw new Error('No monitor canister is known here: neither the ic_env cookie nor canister_ids.json names one.')
  const agent = await createAgent(network, identity)
  const monitor = Actor.createActor<MonitorService>(monitorTypes.idlFactory, { agent, canisterId: monitorId })
  const management = managementCanister(agent)
  const hookCanister = (canisterId: string): LowWasmMemoryHookService =>
    Actor.createActor<LowWasmMemoryHookService>(lowWasmMemoryHookTypes.idlFactory, { agent, canisterId })
  return {
    fleet: async () => decodeFleet(await monitor.fleet()),
    history: async (canisterId, limit) =>
      (await monitor.history(Principal.fromText(canisterId), [{ before_nanos: [], limit: [limit] }])).map(decodeSample),
    executedOrder: async (canisterId) => (await hookCanister(canisterId).get_executed_functions_order()).map(decodeExecuted),
    claim: async () => {
      const result = await monitor.claim()
      if ('Err' in result) throw new Error(result.Err)
    },
    updateHookSettings: async (canisterId, { wasmMemoryLimitBytes, wasmMemoryThresholdBytes }) => {
      await management.update_settings({
        canister_id: Principal.fromText(canisterId),
        settings: { ...unchangedSettings, wasm_memory_limit: [wasmMemoryLimitBytes], wasm_memory_threshold: [wasmMemoryThresholdBytes] },
        sender_canister_version: [],
      })
    },
    reinstall: async (canisterId, module) => {
      await management.install_code({
        mode: { reinstall: null },
        canister_id: Principal.fromText(canisterId),
        wasm_module: module,
        arg: IDL.encode([], []),
        sender_canister_version: [],
      })
    },
  }
}
