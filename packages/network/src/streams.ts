/**
 * Messages on their way between subnets: one stream for each direction, each in the order in which its subnet sent.
 *
 * @see Interface specification, "Inter-canister calls"; a message takes the same number of rounds, however busy the way.
 */
import {
  Fifo,
  type OutgoingMessage,
  type PortableValue,
  type Request,
  type Response,
  StateClasses,
  capture,
  carriedCycles,
  fromPortable,
  revive,
  toPortable,
} from '@tidemark/state'
import type { Principal } from '@tidemark/types'

interface Stream {
  readonly from: string
  readonly to: string
  readonly messages: Fifo<{ readonly message: Request | Response; readonly sentRound: bigint }>
}

const classes = new StateClasses().register(Fifo.stateClass)

/** Streams as they were between two rounds. Immutable. */
export type CapturedStreams = ReadonlyMap<string, Stream>

/** Captured streams as values that can be written down. */
export function exportStreams(captured: CapturedStreams): PortableValue {
  return toPortable(captured)
}

/** What `exportStreams` was given. */
export function importStreams(portable: PortableValue): CapturedStreams {
  return fromPortable(classes, portable) as CapturedStreams
}

export class Streams {
  readonly #latencyRounds: bigint
  /** In the order in which they were first used. */
  #streams = new Map<string, Stream>()

  /** @param latencyRounds - how many rounds after the one that sent it a message is worked on, from 1 */
  constructor(latencyRounds: number) {
    if (!Number.isSafeInteger(latencyRounds) || latencyRounds < 1) {
      throw new RangeError(`latencyRounds must be a whole number from 1, got ${latencyRounds}`)
    }
    this.#latencyRounds = BigInt(latencyRounds)
  }

  /** Adds what a subnet has sent in a round. */
  push(from: Principal, round: bigint, outgoing: readonly OutgoingMessage[]): void {
    for (const { subnet, message } of outgoing) this.#stream(from, subnet).messages.push({ message, sentRound: round })
  }

  /** Takes out what arrives at a subnet in a round. */
  take(to: Principal, round: bigint): (Request | Response)[] {
    const arrived: (Request | Response)[] = []
    for (const { to: receiver, messages } of this.#streams.values()) {
      if (receiver !== to.key) continue
      for (let next = messages.peek(); next !== undefined; next = messages.peek()) {
        if (next.sentRound + this.#latencyRounds > round) break
        messages.shift()
        arrived.push(next.message)
      }
    }
    return arrived
  }

  /** Takes out all that is on its way to a subnet. */
  takeAll(to: Principal): (Request | Response)[] {
    const streams = [...this.#streams].filter(([, stream]) => stream.to === to.key)
    for (const [name] of streams) this.#streams.delete(name)
    return streams.flatMap(([, { messages }]) => [...messages].map(({ message }) => message))
  }

  /** Answers of a subnet that are on their way. */
  responsesFrom(subnet: Principal): Response[] {
    const streams = [...this.#streams.values()].filter(({ from }) => from === subnet.key)
    return streams.flatMap(({ messages }) => [...messages].flatMap(({ message }) => (message.kind === 'response' ? [message] : [])))
  }

  /** Messages on their way. */
  get size(): number {
    let size = 0
    for (const { messages } of this.#streams.values()) size += messages.size
    return size
  }

  /** Cycles that travel with them. */
  cycles(): bigint {
    let sum = 0n
    for (const { messages } of this.#streams.values()) for (const { message } of messages) sum += carriedCycles(message)
    return sum
  }

  capture(): CapturedStreams {
    return capture(classes, this.#streams)
  }

  restore(captured: CapturedStreams): void {
    this.#streams = new Map(revive(captured))
  }

  #stream(from: Principal, to: Principal): Stream {
    const name = `${from.key} ${to.key}`
    const known = this.#streams.get(name)
    if (known !== undefined) return known
    const made: Stream = { from: from.key, to: to.key, messages: new Fifo() }
    this.#streams.set(name, made)
    return made
  }
}
