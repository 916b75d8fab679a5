/** One network of a server: a replica, its clock, and the order in which operations on it run. */
import { createHttpHandler, type HttpHandler } from '@tidemark/http'
import { createReplica, type DebugPrint, type Replica } from '@tidemark/replica'
import type { Principal } from '@tidemark/types'
import type { JsonValue } from '../wire/json.ts'
import type { InstanceConfig } from './config.ts'
import { Rounds } from './rounds.ts'
import { nodeIdsOf, seed, subnetSize, topologyOf } from './topology.ts'

export interface InstanceObserver {
  /** Hears what canisters print before the call that made them print is answered. */
  readonly onDebugPrint: (print: DebugPrint) => void
  /** Hears of defects of our own. */
  readonly onFailure: (error: unknown) => void
}

export class Instance {
  readonly replica: Replica
  readonly rounds: Rounds
  readonly topology: JsonValue
  readonly nodeIds: readonly Principal[]
  readonly #onFailure: (error: unknown) => void
  readonly #answerApi: HttpHandler
  #last: Promise<unknown> = Promise.resolve()
  #calls = 0n

  constructor(config: InstanceConfig, { onDebugPrint, onFailure }: InstanceObserver) {
    const { costSchedule, experimentalHooks, initialTimeNanos } = config
    this.replica = createReplica({
      seed,
      subnetSize,
      costSchedule,
      experimentalHooks,
      httpOutcalls: 'mocked',
      onDebugPrint,
      ...(initialTimeNanos === undefined ? {} : { initialTimeNanos }),
    })
    this.rounds = new Rounds(this.replica, onFailure)
    this.nodeIds = nodeIdsOf(this.replica)
    this.topology = topologyOf(this.replica, { nodeIds: this.nodeIds, costSchedule })
    this.#onFailure = onFailure
    this.#answerApi = this.createHandler()
    if (config.autoProgressDelayMillis !== undefined) this.rounds.start(config.autoProgressDelayMillis)
  }

  /** Runs an operation after all earlier ones have ended. */
  async run<Result>(operation: () => Result | Promise<Result>): Promise<Result> {
    const mine = this.#last.then(operation)
    this.#last = mine.catch(() => {})
    return mine
  }

  /** Number of the next call that a client submits: what makes equal calls differ. */
  nextCall(): bigint {
    return this.#calls++
  }

  /** Answers a request of an agent; its path starts with `/api/`. */
  answerApi(request: Request): Promise<Response> {
    return this.#answerApi(request)
  }

  /** The interface for agents, and the gateway to canisters, for another listener. @param domains - that canisters are under */
  createHandler(domains?: readonly string[]): HttpHandler {
    return createHttpHandler({
      replica: this.replica,
      driver: this.rounds,
      gateway: domains === undefined ? {} : { domains },
      onError: this.#onFailure,
    })
  }

  close(): void {
    this.rounds.close()
  }
}
