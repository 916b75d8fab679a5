/** One network of a server: its subnets, its clock, and the one operation that runs on it. */
import { readFileSync, statSync } from 'node:fs'
import { createHttpHandler, customDomainsOf, type HttpHandler } from '@tidemark/http'
import type { WholeAnswer } from '@tidemark/listen'
import { encodeRecord, type Network, type NetworkRecord, type Subnet } from '@tidemark/network'
import { type Principal, toHex } from '@tidemark/types'
import { jsonAnswer } from '../answers.ts'
import { responseOf } from '../apiRequest.ts'
import { ApiError } from '../wire/apiError.ts'
import type { DebugPrint } from '@tidemark/replica'
import type { GatewayConfig } from '../gatewayConfig.ts'
import type { InstanceConfig } from './config.ts'
import { dashboardPage } from './dashboard.ts'
import { gatewayRulesOf, type IcpFeature, updateFeatures } from './icpFeatures.ts'
import { startNetwork, type SystemModules } from './startNetwork.ts'
import type { KeptInstance, StateDir } from './stateDir.ts'
import { StateLabels } from './stateLabel.ts'
import { LiveOutcalls } from './liveOutcalls.ts'
import { Rounds } from './rounds.ts'
import { topologyOf } from './topology.ts'
import type { JsonValue } from '../wire/json.ts'

export interface InstanceObserver {
  /** Hears what canisters print before the call that made them print is answered. */
  readonly onDebugPrint: (print: DebugPrint) => void
  /** Hears of defects of our own. */
  readonly onFailure: (error: unknown) => void
}

/** An operation that has begun. */
export interface Computation {
  readonly stateLabel: string
  /** The same, as the list of instances names it. */
  readonly shownLabel: string
  readonly opId: string
  /** Its value, or what it fails with. */
  readonly outcome: Promise<JsonValue>
}

export class Instance {
  readonly network: Network
  readonly rounds: Rounds
  readonly #labels: StateLabels
  readonly #record: () => NetworkRecord | undefined
  readonly #onFailure: (error: unknown) => void
  readonly #trustsSenders: boolean
  readonly #answerApi: HttpHandler
  #current: Computation | undefined
  readonly #stateDir: StateDir | undefined
  readonly #outcalls: LiveOutcalls
  readonly #icpFeatures: readonly IcpFeature[]
  #calls: bigint

  /** @param number - of the instance in its server; @param modules - of the canisters that its features are about */
  constructor(number: number, config: InstanceConfig, modules: SystemModules, { onDebugPrint, onFailure }: InstanceObserver) {
    const { network, record, stateDir, kept, icpFeatures } = startNetwork(config, modules, onDebugPrint)
    this.#icpFeatures = icpFeatures
    this.network = network
    this.#record = record
    this.#stateDir = stateDir
    this.#calls = kept?.calls ?? 0n
    const outcalls = new LiveOutcalls(network, () => this.rounds.poke())
    this.rounds = new Rounds(this.network, onFailure, () => outcalls.send())
    this.#outcalls = outcalls
    const reached = network.subnets().map(({ replica }) => replica.timeNanos())
    for (const nanos of [...reached, kept?.timeNanos ?? 0n]) this.rounds.setTime(nanos)
    if (config.initialTimeNanos !== undefined) this.rounds.setTime(config.initialTimeNanos)
    this.#labels = new StateLabels(number)
    this.#onFailure = onFailure
    this.#trustsSenders = config.trustsSenders
    this.#answerApi = this.createHandler()
    if (config.autoProgressDelayMillis !== undefined) this.rounds.start(config.autoProgressDelayMillis)
  }

  get topology(): JsonValue {
    return topologyOf(this.network)
  }

  /** The operation that keeps the instance busy; undefined while it is free. */
  get current(): Computation | undefined {
    return this.#current
  }

  /** Begins an operation on the free instance. @param opId - what it is called in the graph of computations */
  begin(opId: () => string, operation: () => JsonValue | Promise<JsonValue>): Computation {
    const { current: stateLabel, shown: shownLabel } = this.#labels
    const outcome = Promise.resolve()
      .then(operation)
      .finally(() => {
        this.#labels.bump()
        this.#current = undefined
      })
    // Whoever waits hears of a failure; nobody may.
    outcome.catch(() => {})
    const computation: Computation = {
      stateLabel,
      shownLabel,
      get opId() {
        return opId()
      },
      outcome,
    }
    this.#current = computation
    return computation
  }

  /** Waits until the instance is free. */
  async free(): Promise<void> {
    while (this.#current !== undefined) await this.#current.outcome.catch(() => {})
  }

  /** Adds the subnet of the public network that hosts an id, and tells the system canisters. @throws RangeError as `Network.addMainnetSubnet` */
  addMainnetSubnet(id: Principal): void {
    this.network.addMainnetSubnet(id)
    updateFeatures(this.network, this.#icpFeatures)
  }

  /** Deletes a subnet, and its folder in the state directory. @throws RangeError as `Network.deleteSubnet` */
  deleteSubnet(subnet: Subnet): void {
    this.network.deleteSubnet(subnet.id)
    updateFeatures(this.network, this.#icpFeatures)
    this.#stateDir?.forget(subnet, this.network, this.#kept())
  }

  /** Number of the next call that a client submits: what makes equal calls differ. */
  nextCall(): bigint {
    return this.#calls++
  }

  /** Answers a request of an agent; its path starts with `/api/`. */
  answerApi(request: Request): Promise<Response> {
    return this.#answerApi(request)
  }

  /** The interface for agents, and the gateway to canisters, for another listener. */
  createHandler({ domains, domainsFile }: Partial<Pick<GatewayConfig, 'domains' | 'domainsFile'>> = {}): HttpHandler {
    const pages = async (request: Request): Promise<Response | undefined> => {
      const page = this.page(new URL(request.url).pathname)
      return page && responseOf(page)
    }
    const { hostOf, isForThisMachine } = gatewayRulesOf(this.#icpFeatures)
    const named = domainsFile === undefined ? undefined : domainsIn(domainsFile)
    const customDomains = named || hostOf ? (host: string) => named?.(host) ?? hostOf?.(host) : undefined
    return createHttpHandler({
      replica: this.network,
      driver: this.rounds,
      trustsSenders: this.#trustsSenders,
      gateway: {
        pages,
        ...(domains && { domains }),
        ...(customDomains && { customDomains }),
        ...(isForThisMachine && { isForThisMachine }),
      },
      onError: this.#onFailure,
    })
  }

  /**
   * Everything that went in since the instance was created, in the form of `decodeRecord`, and in headers the hash of the
   * state that it leads to and, of an instance with a stored state, of the one that it begins with.
   *
   * @throws ApiError 410 when there was more than is kept
   */
  recordedInputs(): WholeAnswer {
    const record = this.#record()
    if (record === undefined) throw new ApiError(410, 'The inputs of this instance are too many to be kept')
    const start = record.startHash && { 'x-start-hash': toHex(record.startHash) }
    const headers = { 'content-type': 'application/cbor', 'x-state-hash': toHex(this.network.stateHash()), ...start }
    return { status: 200, headers, body: encodeRecord(record) }
  }

  /** The pages that an instance has of its own. */
  page(pathname: string): WholeAnswer | undefined {
    if (pathname === '/_/dashboard') {
      return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: dashboardPage(this.network) }
    }
    if (pathname !== '/_/topology') return undefined
    return jsonAnswer(this.topology)
  }

  /** Ends for good; with a state directory, its state is kept there. @throws the system's errors when that fails */
  close(): void {
    const kept = this.#kept()
    this.rounds.close()
    this.#outcalls.close()
    try {
      this.#stateDir?.save(this.network, kept)
    } finally {
      this.#stateDir?.close()
    }
  }

  #kept(): KeptInstance {
    const defaultSubnet = this.network.subnets().indexOf(this.network.defaultSubnet)
    return { timeNanos: this.rounds.timeNanos(), calls: this.#calls, defaultSubnet, icpFeatures: this.#icpFeatures }
  }
}

function domainsIn(path: string): ReturnType<typeof customDomainsOf> {
  return customDomainsOf({
    stamp: () => statSync(path, { bigint: true, throwIfNoEntry: false })?.mtimeNs,
    read: () => readFileSync(path, 'utf8'),
  })
}
