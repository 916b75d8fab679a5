/**
 * Input queues of a canister, with slots reserved for the responses that will come.
 *
 * @see Interface specification, "Abstract behavior"; limits in `limits.ts`.
 */
import type { Principal } from '@tidemark/types'
import type { StateClass } from './capture/stateClass.ts'
import { Fifo } from './fifo.ts'
import { type Source, sourceAfter, sources } from './inputSources.ts'
import { MessageMemory } from './messageMemory.ts'
import type { InputMessage, QueuedIngress, Request, Response } from './messages.ts'

/** Requests, and responses, per ordered pair of canisters. */
export const queueCapacity = 500

interface PairQueue {
  readonly messages: Fifo<Request | Response>
  /** Requests in `messages`. */
  requests: number
}

/** All that the queues of a canister remember. */
interface QueuesState {
  readonly ingress: Fifo<QueuedIngress>
  readonly senders: Map<string, PairQueue>
  readonly localTurns: Fifo<string>
  readonly remoteTurns: Fifo<string>
  readonly nextSource: Source
  readonly responses: number
  readonly unanswered: Map<string, number>
  readonly memory: MessageMemory
}

function createQueuesState(): QueuesState {
  return {
    ingress: new Fifo(),
    senders: new Map(),
    localTurns: new Fifo(),
    remoteTurns: new Fifo(),
    nextSource: 'local',
    responses: 0,
    unanswered: new Map(),
    memory: new MessageMemory(),
  }
}

/**
 * Everything that waits for one canister. Canisters of the subnet, users and canisters of other subnets take turns, and
 * canisters of a kind among themselves; each sender's messages stay in order.
 */
export class CanisterQueues {
  readonly #ingress: Fifo<QueuedIngress>
  readonly #senders: Map<string, PairQueue>
  /** Senders on this subnet with something waiting, in turn. */
  readonly #localTurns: Fifo<string>
  /** Those on other subnets. */
  readonly #remoteTurns: Fifo<string>
  #nextSource: Source
  #responses: number
  /** Requests this canister has sent to each receiver that have no response yet. */
  readonly #unanswered: Map<string, number>
  readonly #memory: MessageMemory

  constructor(state: QueuesState = createQueuesState()) {
    this.#ingress = state.ingress
    this.#senders = state.senders
    this.#localTurns = state.localTurns
    this.#remoteTurns = state.remoteTurns
    this.#nextSource = state.nextSource
    this.#responses = state.responses
    this.#unanswered = state.unanswered
    this.#memory = state.memory
  }

  static readonly stateClass: StateClass<CanisterQueues, QueuesState, QueuesState> = {
    name: 'CanisterQueues',
    type: CanisterQueues,
    capture: (queues) => ({
      ingress: queues.#ingress,
      senders: queues.#senders,
      localTurns: queues.#localTurns,
      remoteTurns: queues.#remoteTurns,
      nextSource: queues.#nextSource,
      responses: queues.#responses,
      unanswered: queues.#unanswered,
      memory: queues.#memory,
    }),
    revive: (state) => new CanisterQueues(state),
    toPortable: (state) => state,
    fromPortable: (portable) => portable,
  }

  /** Bytes that messages of this canister take: those that wait here, and the room kept for responses. */
  get memoryBytes(): number {
    return this.#memory.bytes
  }

  /** Bytes of best-effort messages that wait here. */
  get bestEffortBytes(): number {
    return this.#memory.bestEffortBytes
  }

  get isEmpty(): boolean {
    return this.#ingress.size === 0 && this.#localTurns.size === 0 && this.#remoteTurns.size === 0
  }

  /** Whether nothing waits and no response is expected. */
  get isIdle(): boolean {
    return this.isEmpty && this.#unanswered.size === 0
  }

  get hasResponses(): boolean {
    return this.#responses > 0
  }

  /** Ingress messages that wait. */
  get ingressSize(): number {
    return this.#ingress.size
  }

  pushIngress(message: QueuedIngress): void {
    this.#ingress.push(message)
  }

  /** @returns false when the queue of this sender is full */
  pushRequest(message: Request, isRemote = false): boolean {
    const queue = this.#queueOf(message.sender)
    if (queue.requests >= queueCapacity) return false
    queue.requests++
    this.#memory.reserve(message.deadlineNanos)
    this.#push(message.sender, queue, message, isRemote)
    return true
  }

  /** Notes that a request was answered: the room for its response is free again. */
  answered(deadlineNanos: bigint): void {
    this.#memory.release(deadlineNanos)
  }

  /** A response always finds the slot that was reserved when the call was made. */
  pushResponse(message: Response, isRemote = false): void {
    this.#free(message.respondent)
    this.#memory.release(message.deadlineNanos)
    this.#responses++
    this.#push(message.respondent, this.#queueOf(message.respondent), message, isRemote)
  }

  /** Puts another response in the place of one that waits, where it keeps its turn. */
  replaceResponse(waiting: Response, by: Response): void {
    if (this.#senders.get(waiting.respondent.key)?.messages.replace(waiting, by) !== true) return
    this.#memory.remove(waiting)
    this.#memory.add(by)
  }

  /**
   * Reserves a slot for the response of a call, and room when the response is guaranteed.
   *
   * @returns false when 500 calls to this receiver are open
   */
  reserve(receiver: Principal, deadlineNanos: bigint): boolean {
    const open = this.#unanswered.get(receiver.key) ?? 0
    if (open >= queueCapacity) return false
    this.#unanswered.set(receiver.key, open + 1)
    this.#memory.reserve(deadlineNanos)
    return true
  }

  /** Open calls to a receiver. */
  openCalls(receiver: Principal): number {
    return this.#unanswered.get(receiver.key) ?? 0
  }

  /** Open calls to the receiver that has most of them. */
  get mostOpenCalls(): number {
    let most = 0
    for (const open of this.#unanswered.values()) if (open > most) most = open
    return most
  }

  /** Next message, of the source whose turn it is or of the next one that has any. */
  pop(): InputMessage | undefined {
    let source = this.#nextSource
    for (let step = 0; step < sources.length; step++) {
      const message = this.#popFrom(source)
      source = sourceAfter(source)
      if (message === undefined) continue
      this.#nextSource = source
      return message
    }
    return undefined
  }

  /** Next response, passing over everything else: for a canister that may not start anything new. */
  popResponse(): Response | undefined {
    if (this.#responses === 0) return undefined
    for (const queue of this.#senders.values()) {
      const response = queue.messages.remove((message) => message.kind === 'response')
      if (response?.kind === 'response') {
        this.#responses--
        this.#memory.remove(response)
        this.#pruneTurns()
        return response
      }
    }
    return undefined
  }

  /** First request of a sender that the predicate accepts, passing over everything else. */
  popRequest(sender: Principal, accepts: (request: Request) => boolean): Request | undefined {
    const queue = this.#senders.get(sender.key)
    const request = queue?.messages.remove((message) => message.kind === 'request' && accepts(message))
    if (queue === undefined || request?.kind !== 'request') return undefined
    queue.requests--
    this.#memory.remove(request)
    this.#pruneTurns()
    return request
  }

  /** Whether a response to this callback waits. */
  hasResponse(respondent: Principal, callbackId: bigint): boolean {
    for (const message of this.#senders.get(respondent.key)?.messages ?? []) {
      if (message.kind === 'response' && message.callbackId === callbackId) return true
    }
    return false
  }

  /** Takes out what the predicate chooses, in order. */
  removeWhere(predicate: (message: InputMessage) => boolean): InputMessage[] {
    const removed: InputMessage[] = this.#ingress.removeAll(predicate)
    for (const queue of this.#senders.values()) {
      for (const message of queue.messages.removeAll(predicate)) {
        if (message.kind === 'request') queue.requests--
        else this.#responses--
        this.#memory.remove(message)
        removed.push(message)
      }
    }
    if (removed.length > 0) this.#pruneTurns()
    return removed
  }

  /** Everything that waits, in no particular order of turns. */
  *[Symbol.iterator](): Iterator<InputMessage> {
    yield* this.#ingress
    for (const queue of this.#senders.values()) yield* queue.messages
  }

  #popFrom(source: Source): InputMessage | undefined {
    if (source === 'ingress') return this.#ingress.shift()
    return this.#popPair(source === 'local' ? this.#localTurns : this.#remoteTurns)
  }

  #popPair(turns: Fifo<string>): Request | Response | undefined {
    const key = turns.shift()
    if (key === undefined) return undefined
    const queue = this.#senders.get(key)
    const message = queue?.messages.shift()
    if (queue === undefined || message === undefined) return undefined
    if (message.kind === 'request') queue.requests--
    else this.#responses--
    this.#memory.remove(message)
    if (queue.messages.size > 0) turns.push(key)
    else this.#senders.delete(key)
    return message
  }

  #queueOf(sender: Principal): PairQueue {
    let queue = this.#senders.get(sender.key)
    if (queue === undefined) {
      queue = { messages: new Fifo(), requests: 0 }
      this.#senders.set(sender.key, queue)
    }
    return queue
  }

  #push(sender: Principal, queue: PairQueue, message: Request | Response, isRemote: boolean): void {
    if (queue.messages.size === 0) (isRemote ? this.#remoteTurns : this.#localTurns).push(sender.key)
    queue.messages.push(message)
    this.#memory.add(message)
  }

  /** Gives a reserved slot back. */
  #free(receiver: Principal): void {
    const open = this.#unanswered.get(receiver.key) ?? 0
    if (open > 1) this.#unanswered.set(receiver.key, open - 1)
    else this.#unanswered.delete(receiver.key)
  }

  #pruneTurns(): void {
    for (const [key, queue] of this.#senders) if (queue.messages.size === 0) this.#senders.delete(key)
    for (const turns of [this.#localTurns, this.#remoteTurns]) turns.removeAll((key) => !this.#senders.has(key))
  }
}
