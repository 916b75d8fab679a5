/**
 * Memory that messages take: what a canister pays storage fees for besides what it holds itself.
 *
 * Room for the longest response is kept for every call with a guaranteed response, by the caller until the response is
 * there and by the callee until it has answered. A message takes its own bytes while it waits, unless that room covers it.
 *
 * @see Interface specification, "Abstract behavior", limits on messages; costs reference, "Storage, compute, cadence".
 */
import type { StateClass } from './capture/stateClass.ts'
import type { InputMessage, Request, Response } from './messages.ts'

/** Bytes kept for a response until it is there: the longest that there can be. */
export const responseReservationBytes = 2_097_152

const encoder = new TextEncoder()

/** Bytes of a request while it waits; of a guaranteed call, only what exceeds the room kept for its response. */
export function requestBytes({ methodName, arg, deadlineNanos }: Pick<Request, 'methodName' | 'arg' | 'deadlineNanos'>): number {
  const bytes = methodName.length + arg.length
  return deadlineNanos === 0n ? Math.max(0, bytes - responseReservationBytes) : bytes
}

/** Bytes of the reply, or of the text of the reject. */
export function responseBytes({ payload }: Pick<Response, 'payload'>): number {
  return payload.kind === 'reply' ? payload.data.length : encoder.encode(payload.reject.message).length
}

interface MessageMemoryState {
  readonly reservations: number
  readonly queuedBytes: number
  readonly bestEffortBytes: number
}

/** Counts, in constant time, what the messages of one canister take. */
export class MessageMemory {
  #reservations = 0
  #queuedBytes = 0
  #bestEffortBytes = 0

  static readonly stateClass: StateClass<MessageMemory, MessageMemoryState, MessageMemoryState> = {
    name: 'MessageMemory',
    type: MessageMemory,
    capture: (memory) => ({
      reservations: memory.#reservations,
      queuedBytes: memory.#queuedBytes,
      bestEffortBytes: memory.#bestEffortBytes,
    }),
    revive: (state) => {
      const memory = new MessageMemory()
      memory.#reservations = state.reservations
      memory.#queuedBytes = state.queuedBytes
      memory.#bestEffortBytes = state.bestEffortBytes
      return memory
    },
    toPortable: (state) => state,
    fromPortable: (portable) => portable,
  }

  /** Bytes in all. */
  get bytes(): number {
    return this.#reservations * responseReservationBytes + this.#queuedBytes
  }

  /** Bytes of waiting messages whose delivery nobody guarantees. */
  get bestEffortBytes(): number {
    return this.#bestEffortBytes
  }

  /** Keeps room for a response; a call with a deadline has none. */
  reserve(deadlineNanos: bigint): void {
    if (deadlineNanos === 0n) this.#reservations++
  }

  /** Gives the room back: the response is there, or was given. */
  release(deadlineNanos: bigint): void {
    if (deadlineNanos === 0n) this.#reservations--
  }

  add(message: InputMessage): void {
    const bytes = queuedBytes(message)
    this.#queuedBytes += bytes
    if (isBestEffort(message)) this.#bestEffortBytes += bytes
  }

  remove(message: InputMessage): void {
    const bytes = queuedBytes(message)
    this.#queuedBytes -= bytes
    if (isBestEffort(message)) this.#bestEffortBytes -= bytes
  }
}

/** Whether a message is a part of a call with a deadline. */
export function isBestEffort(message: InputMessage): message is Request | Response {
  return message.kind !== 'ingress' && message.deadlineNanos !== 0n
}

/** Bytes that a waiting message takes. The ingress queue has memory of its own, which no canister pays for. */
export function queuedBytes(message: InputMessage): number {
  switch (message.kind) {
    case 'ingress':
      return 0
    case 'request':
      return requestBytes(message)
    case 'response':
      return responseBytes(message)
  }
}
