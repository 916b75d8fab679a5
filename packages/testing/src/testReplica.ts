/**
 * A replica, or a network of several subnets, in the test's own process: no server, no clock, no waiting.
 *
 * @see README.md
 */
import { IDL } from '@dfinity/candid'
import type { Principal as CandidPrincipal } from '@dfinity/principal'
import { type Binding, type ManagementService, management, managementTypes } from '@tidemark/bindings'
import { createNetwork, type Network, type NetworkOptions } from '@tidemark/network'
import { createReplica as createSubnet, type Replica, type ReplicaOptions } from '@tidemark/replica'
import { type Principal, managementCanisterId } from '@tidemark/types'
import { createActor } from './actor.ts'
import { CallError, UsageError } from './errors.ts'
import { type AnyService, publishedBinding } from './published.ts'
import { moduleOf } from './source.ts'
import { type AnyPrincipal, toCandid, toPrincipal, userPrincipal } from './users.ts'

/** Options of a replica with one subnet, or of a network when there is a list of subnets. */
export type TestOptions = (ReplicaOptions & { readonly subnets?: undefined }) | NetworkOptions

export interface CanisterOptions {
  /** Default 100 T. */
  readonly cycles?: bigint
  /** Who creates it and becomes its controller. Default: the user `developer`. */
  readonly as?: AnyPrincipal
  /** An id on the subnet where it is to be. Default: the default subnet. */
  readonly effectiveCanisterId?: AnyPrincipal
  /** Settings from its birth on, by their Candid names; the others have their defaults. */
  readonly settings?: SomeSettings
}

/** Settings without the options around them: `{ wasm_memory_limit: 8_388_608n }`. */
export type SomeSettings = {
  readonly [Name in keyof managementTypes.CanisterSettings]?: NonNullable<managementTypes.CanisterSettings[Name][0]>
}

/** How `TestReplica.call` sends. */
export interface CallOptions extends Pick<CanisterOptions, 'as' | 'effectiveCanisterId'> {
  /** Sends a query in place of an update. */
  readonly query?: boolean
}

export interface DeployOptions<Service> extends CanisterOptions {
  /**
   * The interface: one of `@tidemark/bindings`, whose service type becomes that of the actor, or an `idlFactory` with `init`.
   * Default: what the module publishes in its metadata; the compiler then knows no types.
   */
  readonly binding?: Omit<Binding<Service>, 'did'>
  /** Arguments of the initialisation, in order. */
  readonly args?: readonly unknown[]
  /** Folder of paths and of `dfx.json`. Default: the working directory. */
  readonly root?: string
}

export interface Deployed<Service> {
  readonly id: CandidPrincipal
  /** Calls as whoever deployed it. */
  readonly actor: Service
}

/** Everything at one moment: see `TestReplica.snapshot`. */
export interface TestSnapshot {
  readonly restore: () => void
}

/** Rounds after which a call without an answer is given up. */
const patience = 1000
const fiveMinutes = 300_000_000_000n

/** Creates a replica to test with, or with `subnets` a network of several. */
export function createReplica(options: TestOptions = {}): TestReplica {
  return new TestReplica(options.subnets === undefined ? createSubnet(options) : createNetwork(options))
}

/** A replica, or a network of several subnets, with what tests ask of it. */
export class TestReplica {
  /** What is tested with, for everything that is not here. */
  readonly network: Replica | Network
  #requests = 0

  constructor(network: Replica | Network) {
    this.network = network
  }

  /** Creates an empty canister. */
  async create(options: CanisterOptions = {}): Promise<CandidPrincipal> {
    const effectiveCanisterId = options.effectiveCanisterId ?? this.network.defaultEffectiveCanisterId
    const { canister_id } = await this.management({ ...options, effectiveCanisterId }).provisional_create_canister_with_cycles({
      amount: [options.cycles ?? 100_000_000_000_000n],
      settings: [settingsRecord(options.settings ?? {})],
      specified_id: [],
      sender_canister_version: [],
    })
    return canister_id
  }

  /**
   * Creates a canister and installs a module in it.
   *
   * @param source - the module; a `.wasm`, `.mo` or Azle `.ts` file; or the name of a canister in `dfx.json`
   * @throws CallError when the installation is rejected. BuildError when it does not compile. UsageError for a missing file,
   *   and for a module without an interface where no binding is given
   */
  async deploy<Service = AnyService>(source: Uint8Array | string, options: DeployOptions<Service> = {}): Promise<Deployed<Service>> {
    const module = await moduleOf(source, options.root ?? process.cwd())
    const binding = options.binding ?? publishedBinding(module)
    const id = await this.create(options)
    await this.install(id, module, { ...options, binding })
    return { id, actor: this.actor<Service>(binding as Omit<Binding<Service>, 'did'>, id, options) }
  }

  /** Installs, reinstalls or upgrades. @throws CallError */
  async install(
    id: AnyPrincipal,
    source: Uint8Array | string,
    options: Partial<Omit<DeployOptions<unknown>, 'cycles'>> & { readonly mode?: 'install' | 'reinstall' | 'upgrade' } = {},
  ): Promise<void> {
    const canister = toPrincipal(id)
    const module = await moduleOf(source, options.root ?? process.cwd())
    const { args = [] } = options
    const types = args.length === 0 && options.binding === undefined ? [] : (options.binding ?? publishedBinding(module)).init({ IDL })
    const mode = { install: { install: null }, reinstall: { reinstall: null }, upgrade: { upgrade: [] as [] } }[options.mode ?? 'install']
    await this.management({ ...options, effectiveCanisterId: id }).install_code({
      mode,
      canister_id: toCandid(canister),
      wasm_module: module,
      arg: new Uint8Array(IDL.encode(types, [...args])),
      sender_canister_version: [],
    })
  }

  /** An actor that calls as somebody: updates run rounds until they are answered. Default: the user `developer`. */
  actor<Service>(
    binding: Pick<Binding<Service>, 'idlFactory' | 'service'>,
    id: AnyPrincipal,
    options: Pick<CanisterOptions, 'as'> = {},
  ): Service {
    const canister = toPrincipal(id)
    const sender = senderOf(options)
    return createActor<Service>(binding, (method, arg, isQuery) =>
      this.#call({ canister, effective: canister, method, arg, sender }, isQuery),
    )
  }

  /** The management canister, for methods about one canister. */
  management(options: Pick<CanisterOptions, 'as' | 'effectiveCanisterId'>): ManagementService {
    const effective = toPrincipal(options.effectiveCanisterId ?? this.network.defaultEffectiveCanisterId)
    const sender = senderOf(options)
    return createActor(management, (method, arg, isQuery) =>
      this.#call({ canister: managementCanisterId, effective, method, arg, sender }, isQuery),
    )
  }

  /** Sends bytes as they are; an update runs rounds until it is answered. @returns the reply's bytes. @throws CallError */
  call(
    id: AnyPrincipal,
    method: string,
    arg: Uint8Array,
    { query = false, effectiveCanisterId = id, ...options }: CallOptions = {},
  ): Uint8Array {
    const parties = { canister: toPrincipal(id), effective: toPrincipal(effectiveCanisterId), sender: senderOf(options) }
    return this.#call({ ...parties, method, arg }, query)
  }

  /** Runs rounds. */
  tick(rounds = 1): void {
    for (let n = 0; n < rounds; n++) this.network.tick()
  }

  /** Moves time forward and runs a round at the new time. */
  advanceTime(nanos: bigint): void {
    this.network.advanceTime(nanos)
    this.tick()
  }

  /** Cycles of a canister. @throws UsageError when there is none of that id */
  cycles(id: AnyPrincipal): bigint {
    return this.#canister(id).balance
  }

  /** Adds cycles out of nothing. @returns the new balance. @throws UsageError */
  addCycles(id: AnyPrincipal, amount: bigint): bigint {
    this.#canister(id)
    return this.network.addCycles(toPrincipal(id), amount) ?? 0n
  }

  /** The whole stable memory. @throws UsageError */
  stableMemory(id: AnyPrincipal): Uint8Array {
    const { stableMemory } = this.#canister(id)
    const bytes = new Uint8Array(stableMemory.sizeBytes)
    stableMemory.read(0, bytes)
    return bytes
  }

  /** Replaces the stable memory, filled up with zeros to a multiple of 64 KiB. @throws UsageError */
  setStableMemory(id: AnyPrincipal, bytes: Uint8Array): void {
    this.#canister(id)
    this.network.setStableMemory(toPrincipal(id), bytes)
  }

  /** Everything as it is now, to come back to as often as one likes. Costs what changed since the last one. */
  snapshot(): TestSnapshot {
    const requests = this.#requests
    const restore = keep(this.network)
    return {
      restore: () => {
        restore()
        this.#requests = requests
      },
    }
  }

  /** Goes to a snapshot: the same calls then have the same results. */
  restore(snapshot: TestSnapshot): void {
    snapshot.restore()
  }

  #canister(id: AnyPrincipal) {
    const canister = this.network.canister(toPrincipal(id))
    if (canister === undefined) throw new UsageError(`there is no canister ${typeof id === 'string' ? id : id.toText()}`)
    return canister
  }

  #call(call: Call, isQuery: boolean): Uint8Array {
    return isQuery ? this.#query(call) : this.#update(call)
  }

  #query({ canister, effective, method, arg, sender }: Call): Uint8Array {
    const result = this.network.query({ sender, canisterId: canister, effectiveCanisterId: effective, methodName: method, arg })
    if (result.status === 'rejected') throw new CallError(canister, method, result.reject)
    return result.arg
  }

  #update({ canister, effective, method, arg, sender }: Call): Uint8Array {
    const requestId = new Uint8Array(32)
    new DataView(requestId.buffer).setUint32(0, ++this.#requests)
    const admission = this.network.submit({
      requestId,
      sender,
      canisterId: canister,
      effectiveCanisterId: effective,
      methodName: method,
      arg,
      ingressExpiryNanos: this.network.timeNanos() + fiveMinutes,
      sizeBytes: arg.length + 200,
    })
    if (!admission.accepted) throw new CallError(canister, method, admission.reject)
    for (let round = 0; round <= patience; round++) {
      const status = this.network.ingressRecord(requestId)?.status
      if (status?.status === 'replied') return status.reply
      if (status?.status === 'rejected') throw new CallError(canister, method, status.reject)
      this.tick()
    }
    throw new UsageError(`${method} of ${canister.toText()} has no answer after ${patience} rounds`)
  }
}

interface Call {
  readonly canister: Principal
  readonly effective: Principal
  readonly method: string
  readonly arg: Uint8Array
  readonly sender: Principal
}

function settingsRecord(settings: SomeSettings): managementTypes.CanisterSettings {
  const names = managementTypes.CanisterSettings._fields.map(([name]) => name as keyof SomeSettings)
  return Object.fromEntries(
    names.map((name) => [name, settings[name] === undefined ? [] : [settings[name]]]),
  ) as unknown as managementTypes.CanisterSettings
}

function senderOf({ as }: Pick<CanisterOptions, 'as'>): Principal {
  return toPrincipal(as ?? userPrincipal('developer'))
}

function keep(network: Replica | Network): () => void {
  if ('subnets' in network) {
    const taken = network.snapshot()
    return () => network.restore(taken)
  }
  const taken = network.snapshot()
  return () => network.restore(taken)
}
