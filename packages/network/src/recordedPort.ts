/** One subnet that is listened to, of a network or alone: what goes in is told first. */
import type {
  Admission,
  IngressMessage,
  IngressRecord,
  Principal,
  QueryMessage,
  QueryResult,
  RangesForm,
  ReplicaPort,
  StatePath,
} from '@tidemark/types'
import type { InputListener } from './inputs.ts'

export class RecordedPort implements ReplicaPort {
  readonly #port: ReplicaPort
  readonly #onInput: InputListener

  constructor(port: ReplicaPort, onInput: InputListener) {
    this.#port = port
    this.#onInput = onInput
  }

  get rootKey(): Uint8Array {
    return this.#port.rootKey
  }

  get subnetId(): Principal {
    return this.#port.subnetId
  }

  get nodeId(): Principal {
    return this.#port.nodeId
  }

  timeNanos(): bigint {
    return this.#port.timeNanos()
  }

  round(): bigint {
    return this.#port.round()
  }

  submit(message: IngressMessage): Admission {
    this.#onInput({ kind: 'submit', message })
    return this.#port.submit(message)
  }

  query(message: QueryMessage): QueryResult {
    this.#onInput({ kind: 'query', message })
    return this.#port.query(message)
  }

  ingressRecord(requestId: Uint8Array): IngressRecord | undefined {
    return this.#port.ingressRecord(requestId)
  }

  certificate(paths: readonly StatePath[], ranges?: RangesForm): Uint8Array {
    return this.#port.certificate(paths, ranges)
  }

  metadataAccess(canisterId: Principal, name: string, caller: Principal): 'allowed' | 'denied' | 'missing' {
    return this.#port.metadataAccess(canisterId, name, caller)
  }

  signAsNode(message: Uint8Array): Uint8Array {
    return this.#port.signAsNode(message)
  }

  hasPendingWork(): boolean {
    return this.#port.hasPendingWork()
  }

  /** A subnet has no rounds of its own: those of the network count. */
  tick(timeNanos: bigint): void {
    this.#port.tick(timeNanos)
  }
}

/** A subnet that is a network of its own: its rounds are told, too. */
export class RecordedReplica extends RecordedPort {
  readonly #onInput: InputListener

  constructor(port: ReplicaPort, onInput: InputListener) {
    super(port, onInput)
    this.#onInput = onInput
  }

  /** @param timeNanos - by default the next moment */
  override tick(timeNanos: bigint = this.timeNanos() + 1n): void {
    this.#onInput({ kind: 'tick', timeNanos })
    super.tick(timeNanos)
  }
}
