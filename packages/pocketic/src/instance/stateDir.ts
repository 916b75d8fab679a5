/**
 * The state directory of an instance: a folder for each subnet, named after its seed, one for what is between the subnets,
 * and a description for clients that look for the folder of a subnet.
 *
 * The folder between the subnets names the states of all others, so that they change in one step.
 */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Network, PortableNetwork, Subnet, SubnetOptions } from '@tidemark/network'
import { type KeptState, nodeFiles, putFile, StateFolder, StorageError } from '@tidemark/storage'
import { Principal, toHex } from '@tidemark/types'
import { badRequest } from '../wire/apiError.ts'
import { printJson } from '../wire/json.ts'
import type { IcpFeature } from './icpFeatures.ts'
import { describeSubnet } from './topology.ts'

/** What is kept of an instance besides its network. */
export type KeptInstance = {
  /** Where its clock stands, nanoseconds since 1970. */
  readonly timeNanos: bigint
  /** Calls that were submitted so far. */
  readonly calls: bigint
  /** Place of the default subnet; undefined in a directory of an earlier version. */
  readonly defaultSubnet?: number
  /** Features that it was created with; undefined in a directory of an earlier version, which had none. */
  readonly icpFeatures?: readonly IcpFeature[]
}

type NetworkPart = Omit<PortableNetwork, 'subnets'> & KeptInstance

interface NamedTree {
  readonly seed: string
  readonly id: string
  readonly firstIndex: string
  readonly tree: string
}

type KeptSubnet = Required<Pick<SubnetOptions, 'kind' | 'costSchedule' | 'instructionLimits' | 'size'>> & {
  /** First and last index of each range. */
  readonly ranges: readonly (readonly [string, string])[]
  /** Missing in what earlier versions saved: the subnet's key has it. */
  readonly id?: string
  /** Missing in what earlier versions saved: nobody. */
  readonly admins?: readonly string[]
}

const networkName = 'network'

/** A state directory, which belongs to one instance. */
export class StateDir {
  readonly #path: string
  readonly #network: StateFolder
  readonly #subnets = new Map<string, StateFolder>()

  /** @throws ApiError 400 when it is in use, or holds something else */
  constructor(path: string) {
    this.#path = path
    this.#network = told(() => {
      const strangers = nodeFiles.list(path).filter((name) => !/^(?:network|topology\.json(?:\.partial)?|[0-9a-f]{64})$/.test(name))
      if (strangers.length > 0) throw new StorageError(`it holds other files: ${strangers.slice(0, 3).join(', ')}`)
      return StateFolder.open(join(path, networkName))
    })
  }

  /** The subnets that were there, with their states; undefined in a fresh directory. @throws ApiError 400 when it is damaged */
  load(): { readonly subnets: readonly SubnetOptions[]; readonly state: PortableNetwork; readonly instance: KeptInstance } | undefined {
    const kept = told(() => this.#network.load())
    if (kept === undefined) return undefined
    const { calls, timeNanos, defaultSubnet, icpFeatures = [], ...between } = kept.state as NetworkPart
    const loaded = (kept.about as readonly NamedTree[]).map(({ seed, id, firstIndex, tree }) => {
      const { about, state } = told(() => this.#subnet(seed).load(tree)) as KeptState
      return { options: optionsOf(about as KeptSubnet), subnet: { id: Principal.fromText(id), firstIndex: BigInt(firstIndex), state } }
    })
    const state = { ...between, subnets: loaded.map(({ subnet }) => subnet) }
    return {
      subnets: loaded.map(({ options }) => options),
      state,
      instance: { calls, timeNanos, icpFeatures, ...(defaultSubnet !== undefined && { defaultSubnet }) },
    }
  }

  /** Keeps the network as it is. @throws the system's errors; the state before is still there then */
  save(network: Network, instance: KeptInstance): void {
    const { subnets, ...between } = network.exportState()
    const written = network.subnets().map(({ id, seed, kind, costSchedule, subnetAdmins, instructionLimits, ranges, replica }, at) => {
      const folder = this.#subnet(toHex(seed))
      const named = ranges.map(({ first, last }) => [String(first), String(last)] as const)
      const about: KeptSubnet = {
        kind,
        costSchedule,
        instructionLimits,
        size: replica.nodeIds.length,
        ranges: named,
        id: id.toText(),
        admins: subnetAdmins.map((admin) => admin.toText()),
      }
      const { tree } = folder.write({ about, state: subnets[at]?.state })
      return { folder, tree: { seed: toHex(seed), id: id.toText(), firstIndex: String(ranges[0]?.first ?? 0n), tree } }
    })
    this.#network.save({ about: written.map(({ tree }) => tree), state: { ...between, ...instance } })
    for (const { folder, tree } of written) folder.commit(tree.tree)
    const described = network.subnets().map((subnet) => [toHex(subnet.seed), { subnet_config: describeSubnet(subnet) }] as const)
    putFile(nodeFiles, this.#path, 'topology.json', [Buffer.from(printJson({ subnet_configs: Object.fromEntries(described) }))])
  }

  /** Keeps the network as it is, and deletes the folder of a subnet that it no longer has. @throws the system's errors */
  forget(subnet: Subnet, network: Network, instance: KeptInstance): void {
    this.save(network, instance)
    const seed = toHex(subnet.seed)
    this.#subnets.get(seed)?.close()
    this.#subnets.delete(seed)
    rmSync(join(this.#path, seed), { recursive: true, force: true })
  }

  /** Lets others have the directory. */
  close(): void {
    for (const folder of [this.#network, ...this.#subnets.values()]) folder.close()
  }

  #subnet(seed: string): StateFolder {
    const known = this.#subnets.get(seed)
    if (known !== undefined) return known
    const folder = StateFolder.open(join(this.#path, seed))
    this.#subnets.set(seed, folder)
    return folder
  }
}

/**
 * The state that an instance has left in its directory, for `importState` of a network: where the record of the instance after
 * it begins.
 *
 * @throws ApiError 400 when there is none, or it is in use
 */
export function readStateDir(path: string): PortableNetwork {
  const folder = new StateDir(path)
  try {
    const loaded = folder.load()
    if (loaded === undefined) throw badRequest(`The path ${path} holds no state of an instance`)
    return loaded.state
  } finally {
    folder.close()
  }
}

/** One subnet from the folder of a state directory, to start another instance from. @throws ApiError 400 */
export function readSubnetState(path: string): {
  readonly options: SubnetOptions
  readonly state: PortableNetwork['subnets'][number]['state']
} {
  if (listed(path).length === 0) throw badRequest(`Provided an empty state directory at path ${path}.`)
  const kept = told(() => StateFolder.read(path))
  if (kept === undefined) throw badRequest(`The path ${path} holds no state of a subnet that this server has saved`)
  return { options: optionsOf(kept.about as KeptSubnet), state: kept.state }
}

function optionsOf({ ranges, id, admins = [], ...options }: KeptSubnet): SubnetOptions {
  const named = id === undefined ? {} : { id: Principal.fromText(id) }
  return {
    ...options,
    ...named,
    subnetAdmins: admins.map((admin) => Principal.fromText(admin)),
    ranges: ranges.map(([first, last]) => ({ first: BigInt(first), last: BigInt(last) })),
  }
}

function listed(path: string): string[] {
  try {
    return readdirSync(path)
  } catch (error) {
    throw badRequest(`The path ${path} is not a (subnet state) directory: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function told<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof StorageError || (error instanceof Error && 'code' in error)) {
      throw badRequest(`The state directory cannot be used: ${error.message}`)
    }
    throw error
  }
}
