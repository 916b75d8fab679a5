/** A network that runs elsewhere, with the library and the monitor. It must be able to make canisters out of nothing, as local networks of every maker are. */
import { Actor, type ActorSubclass, HttpAgent } from '@dfinity/agent'
import { Ed25519KeyIdentity } from '@dfinity/identity'
import { Principal } from '@dfinity/principal'
import {
  type Binding,
  lifecycleHooksExample,
  type LifecycleHooksExampleService,
  management,
  type ManagementService,
  monitor,
  type MonitorService,
} from '@tidemark/bindings'
import { exampleInit, monitorInit } from './candid.ts'
import { moduleOf } from './modules.ts'
import type { ExampleCanister, HookTarget, Language } from './target.ts'

const networkId = Principal.managementCanister()
const chunkBytes = 1_000_000
/** Polls of the monitor after which what they led to has been delivered. */
const settlingPolls = 3n
const pauseMilliseconds = 200

/** The network at an address, which is asked for when the first canister goes there. */
export function createConnected(address: () => Promise<string>): HookTarget {
  let ready: Promise<{ agent: HttpAgent; monitorId: Principal }> | undefined
  const prepare = async () => {
    const identity = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(7))
    const agent = await HttpAgent.create({ host: await address(), identity, shouldFetchRootKey: true })
    const monitorId = await createCanister(agent)
    await install(agent, monitorId, { module: await moduleOf('monitor'), arg: monitorInit, mode: { install: null } })
    return { agent, monitorId }
  }
  return {
    hasNativeHooks: false,
    async deploy(language, { gateSeconds, early } = {}) {
      ready ??= prepare()
      const { agent, monitorId } = await ready
      const id = await createCanister(agent, monitorId)
      const arg = exampleInit([monitorId], gateSeconds === undefined ? {} : { gate_seconds: BigInt(gateSeconds) })
      const put = async (mode: Mode) => install(agent, id, { module: await moduleOf(language), arg, mode })
      await put({ install: null })
      const canister = connect(agent, id, { language, monitorId, put })
      if (early !== true) await canister.settle()
      return canister
    },
  }
}

type Mode = Parameters<ManagementService['install_code']>[0]['mode']

interface Surroundings {
  readonly language: Language
  readonly monitorId: Principal
  put(mode: Mode): Promise<void>
}

function connect(agent: HttpAgent, id: Principal, { language, monitorId, put }: Surroundings): ExampleCanister {
  const example = actorOf<LifecycleHooksExampleService>(lifecycleHooksExample, agent, id)
  const watcher = actorOf<MonitorService>(monitor, agent, monitorId)
  const controller = actorOf<ManagementService>(management, agent, networkId, id)
  const methods = new Map<string, unknown>(Object.entries(example))
  const optional = (value: bigint | undefined): [] | [bigint] => (value === undefined ? [] : [value])
  const set = async (settings: Partial<Settings>) => {
    await controller.update_settings({ canister_id: id, settings: { ...noSettings, ...settings }, sender_canister_version: [] })
    await canister.settle()
  }
  const canister: ExampleCanister = {
    call(method, ...args) {
      const found = methods.get(method)
      if (typeof found !== 'function') throw new Error(`there is no method ${method}`)
      return found(...args)
    },
    runs: () => example.runs(),
    errors: () => example.canister_hook_errors(),
    async settle() {
      const { polls } = await watcher.fleet()
      while ((await watcher.fleet()).polls < polls + settlingPolls) await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds))
    },
    async watch({ cycles, heapMemory }) {
      const thresholds = { cycles_threshold: optional(cycles), heap_memory_threshold: optional(heapMemory) }
      const plan = { ...thresholds, unfreeze: true, top_up: [] as [], as_notification: false }
      for (const result of [await watcher.register(id), await watcher.watch_hooks(id, [plan])])
        if ('Err' in result) throw new Error(result.Err)
      await canister.settle()
    },
    async upgrade() {
      const keep: Mode = { upgrade: [{ skip_pre_upgrade: [], wasm_memory_persistence: [{ keep: null }] }] }
      await put(language === 'motoko' ? keep : { upgrade: [] })
      await canister.settle()
    },
    async topUp(amount) {
      await controller.provisional_top_up_canister({ canister_id: id, amount })
      await canister.settle()
    },
    async stop() {
      await controller.stop_canister({ canister_id: id })
      await canister.settle()
    },
    async start() {
      await controller.start_canister({ canister_id: id })
      await canister.settle()
    },
    async reload() {
      const target = { canister_id: id, sender_canister_version: [] as [] }
      const taken = await controller.take_canister_snapshot({ ...target, replace_snapshot: [], uninstall_code: [] })
      await controller.load_canister_snapshot({ ...target, snapshot_id: taken.id })
      await controller.delete_canister_snapshot({ canister_id: id, snapshot_id: taken.id })
      await canister.settle()
    },
    limitHeap: (limit, threshold) => set({ wasm_memory_limit: [limit], wasm_memory_threshold: [threshold] }),
    freezeBelow: (seconds) => set({ freezing_threshold: [seconds] }),
    balance: async () => (await controller.canister_status({ canister_id: id })).cycles,
    deliveries: async () => (await watcher.deliveries()).filter(({ canister: to }) => to.compareTo(id) === 'eq'),
  }
  return canister
}

async function createCanister(agent: HttpAgent, monitorId?: Principal): Promise<Principal> {
  const controllers = [await agent.getPrincipal(), ...(monitorId === undefined ? [] : [monitorId])]
  const settings: [typeof noSettings] = [{ ...noSettings, controllers: [controllers] }]
  const request = { amount: [10n ** 14n] as [bigint], settings, specified_id: [] as [], sender_canister_version: [] as [] }
  const creator = actorOf<ManagementService>(management, agent, networkId, await anywhere(agent))
  return (await creator.provisional_create_canister_with_cycles(request)).canister_id
}

/** A canister id of the network's, for calls that are about no canister yet. */
async function anywhere(agent: HttpAgent): Promise<Principal> {
  const response = await fetch(new URL('/_/topology', agent.host)).catch(() => undefined)
  const topology: { default_effective_canister_id?: { canister_id: string } } = response?.ok === true ? await response.json() : {}
  const given = topology.default_effective_canister_id?.canister_id
  return given === undefined ? networkId : Principal.fromUint8Array(Uint8Array.from(Buffer.from(given, 'base64')))
}

async function install(
  agent: HttpAgent,
  id: Principal,
  { module, arg, mode }: { module: Uint8Array; arg: Uint8Array; mode: Mode },
): Promise<void> {
  const controller = actorOf<ManagementService>(management, agent, networkId, id)
  await controller.clear_chunk_store({ canister_id: id })
  const hashes: { hash: Uint8Array }[] = []
  for (let at = 0; at < module.length; at += chunkBytes)
    hashes.push(await controller.upload_chunk({ canister_id: id, chunk: module.slice(at, at + chunkBytes) }))
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(module)))
  await controller.install_chunked_code({
    mode,
    target_canister: id,
    store_canister: [],
    chunk_hashes_list: hashes,
    wasm_module_hash: hash,
    arg,
    sender_canister_version: [],
  })
}

function actorOf<Service>(
  { idlFactory }: Binding,
  agent: HttpAgent,
  canisterId: Principal,
  effectiveCanisterId: Principal = canisterId,
): ActorSubclass<Service> {
  const transform = () => ({ effectiveCanisterId })
  return Actor.createActor<Service>(idlFactory, { agent, canisterId, callTransform: transform, queryTransform: transform })
}

type Settings = Parameters<ManagementService['update_settings']>[0]['settings']

const noSettings: Settings = {
  controllers: [],
  compute_allocation: [],
  memory_allocation: [],
  freezing_threshold: [],
  reserved_cycles_limit: [],
  minimum_incoming_canister_call_cycles: [],
  log_visibility: [],
  log_memory_limit: [],
  snapshot_visibility: [],
  status_visibility: [],
  wasm_memory_limit: [],
  wasm_memory_threshold: [],
  environment_variables: [],
}
