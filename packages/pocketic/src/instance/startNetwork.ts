/** The network of a new instance: at its genesis, or with what was saved of one before. */
import { createRecordedNetwork, type Network, type NetworkRecord, type SubnetOptions } from '@tidemark/network'
import { type DebugPrint, networkStackBudget } from '@tidemark/replica'
import { badRequest } from '../wire/apiError.ts'
import { type IcpFeature, installFeatures } from './icpFeatures.ts'
import { type InstanceConfig, type InstanceSubnet, startOf } from './config.ts'
import { type KeptInstance, readSubnetState, StateDir } from './stateDir.ts'

export interface StartedNetwork {
  readonly network: Network
  /** What went in since the genesis, or since a stored state; undefined when it was too much. */
  readonly record: () => NetworkRecord | undefined
  readonly stateDir: StateDir | undefined
  /** What the instance before has left. */
  readonly kept: KeptInstance | undefined
  /** Those whose canisters it has: of a stored instance, those that it was created with. */
  readonly icpFeatures: readonly IcpFeature[]
}

/** Modules of system canisters by name. */
export type SystemModules = ReadonlyMap<string, Uint8Array>

/** @throws ApiError 400 when there is no subnet, or a state cannot be used */
export function startNetwork(config: InstanceConfig, modules: SystemModules, onDebugPrint: (print: DebugPrint) => void): StartedNetwork {
  const stateDir = config.stateDir === undefined ? undefined : new StateDir(config.stateDir)
  try {
    const loaded = stateDir?.load()
    const states = loaded === undefined ? config.subnets.map(stateOf) : []
    const subnets = loaded?.subnets ?? config.subnets.map((subnet, at) => optionsOf(subnet, states[at]?.options))
    if (subnets.length === 0) throw badRequest('Bad config')
    const { initialTimeNanos, experimentalHooks } = config
    if (initialTimeNanos !== undefined && loaded !== undefined) startOf(initialTimeNanos, loaded.instance.timeNanos)
    const defaultSubnet = loaded?.instance.defaultSubnet
    const { network, record, startHere } = createRecordedNetwork({
      subnets,
      ...(defaultSubnet === undefined ? {} : { defaultSubnet }),
      experimentalHooks,
      httpOutcalls: 'mocked_any_scheme',
      stackBudget: networkStackBudget,
      monotonicMillis: () => performance.now(),
      onDebugPrint,
      ...(initialTimeNanos === undefined ? {} : { initialTimeNanos }),
    })
    if (loaded !== undefined) network.importState(loaded.state)
    for (const [at, state] of states.entries()) if (state !== undefined) network.subnets()[at]?.replica.importState(state.state)
    if (loaded !== undefined || states.some((state) => state !== undefined)) startHere()
    if (loaded === undefined && config.icpFeatures.length > 0) installFeatures(network, config.icpFeatures, modules)
    const icpFeatures = loaded === undefined ? config.icpFeatures : (loaded.instance.icpFeatures ?? [])
    return { network, record, stateDir, kept: loaded?.instance, icpFeatures }
  } catch (error) {
    stateDir?.close()
    // Of a state: of another version, or with ids that another subnet has.
    if (error instanceof RangeError) throw badRequest(error.message)
    throw error
  }
}

function stateOf({ statePath }: InstanceSubnet): ReturnType<typeof readSubnetState> | undefined {
  return statePath === undefined ? undefined : readSubnetState(statePath)
}

/** A stored subnet keeps its ids and its size; what it is, its configuration says. */
function optionsOf({ statePath: _statePath, ...asked }: InstanceSubnet, stored: SubnetOptions | undefined): SubnetOptions {
  return stored === undefined ? asked : { ...stored, ...asked }
}
