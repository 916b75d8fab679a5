/** A replica to test with: submit, run rounds until answered, look. */
import { type Replica, type ReplicaOptions, createReplica } from '@tidemark/replica'
import {
  type IngressStatus,
  type QueryResult,
  type Reject,
  type SenderInfo,
  Principal,
  errorCodeText,
  managementCanisterId,
} from '@tidemark/types'
import { type SettingsChange, candid, decodeManagement, encodeManagement, settingsRecord } from './management.ts'
import { Program } from './universal/program.ts'

/** Who sends a message when a test does not care: a made-up user. */
export const user = Principal.fromBytes(Uint8Array.from({ length: 29 }, (_, n) => (n === 28 ? 2 : n + 1)))
export const otherUser = Principal.fromBytes(Uint8Array.from({ length: 29 }, (_, n) => (n === 28 ? 2 : 200 - n)))

const decoder = new TextDecoder()
const minute = 60_000_000_000n

export type Argument = Program | Uint8Array | string

export interface SendOptions {
  readonly sender?: Principal
  readonly senderInfo?: SenderInfo
  /** Rounds to wait for an answer. Default 20. */
  readonly rounds?: number
  readonly expiryNanos?: bigint
  /** Bytes of the signed request. Default: those of the argument and 200 more. */
  readonly sizeBytes?: number
  readonly effectiveCanisterId?: Principal
}

/** How a call ended. */
export type Outcome =
  | { readonly kind: 'reply'; readonly bytes: Uint8Array; readonly text: string }
  | { readonly kind: 'reject'; readonly reject: Reject }

/** What a test does with a replica, or with several subnets. */
export type TestPort = Pick<
  Replica,
  'submit' | 'query' | 'ingressRecord' | 'tick' | 'advanceTime' | 'timeNanos' | 'canister' | 'defaultEffectiveCanisterId'
>

/** Creates a network with one replica. */
export function network(options: ReplicaOptions = {}): TestNetwork {
  return new TestNetwork(createReplica(options))
}

export class TestNetwork<Port extends TestPort = Replica> {
  readonly replica: Port
  /** Requests so far: request ids count up. Set it back together with the replica to send the same ones again. */
  requests = 0

  constructor(replica: Port) {
    this.replica = replica
  }

  /** Creates an empty canister. */
  create(options: { cycles?: bigint; settings?: SettingsChange; sender?: Principal; effectiveCanisterId?: Principal } = {}): Principal {
    const arg = {
      amount: [options.cycles ?? 100_000_000_000_000n],
      settings: options.settings === undefined ? [] : [settingsRecord(options.settings)],
      specified_id: [],
      sender_canister_version: [],
    }
    const sent = options.sender === undefined ? {} : { sender: options.sender }
    const created = this.manage('provisional_create_canister_with_cycles', arg, {
      ...sent,
      effectiveCanisterId: options.effectiveCanisterId ?? this.replica.defaultEffectiveCanisterId,
    }) as { canister_id: { toUint8Array(): Uint8Array } }
    return Principal.fromBytes(created.canister_id.toUint8Array())
  }

  /** Creates a canister and installs a module. */
  install(wasm: Uint8Array, arg: Argument = '', options: Parameters<TestNetwork['create']>[0] = {}): Principal {
    const id = this.create(options)
    expectReply(this.installInto(id, wasm, arg))
    return id
  }

  /** Installs into a canister that is there. */
  installInto(id: Principal, wasm: Uint8Array, arg: Argument = '', mode: unknown = { install: null }): Outcome {
    return this.managing(
      'install_code',
      { mode, canister_id: candid(id), wasm_module: wasm, arg: bytesOf(arg), sender_canister_version: [] },
      { effectiveCanisterId: id },
    )
  }

  /** Upgrades a canister. */
  upgrade(id: Principal, wasm: Uint8Array, arg: Argument = '', upgradeOptions: unknown[] = []): Outcome {
    return this.installInto(id, wasm, arg, { upgrade: upgradeOptions })
  }

  updateSettings(id: Principal, settings: SettingsChange, options: SendOptions = {}): Outcome {
    const arg = { canister_id: candid(id), settings: settingsRecord(settings), sender_canister_version: [] }
    return this.managing('update_settings', arg, { effectiveCanisterId: id, ...options })
  }

  /** A management method that only takes a canister id. */
  lifecycle(
    method: 'start_canister' | 'stop_canister' | 'delete_canister' | 'uninstall_code',
    id: Principal,
    options: SendOptions = {},
  ): Outcome {
    const extra = method === 'uninstall_code' ? { sender_canister_version: [] } : {}
    return this.managing(method, { canister_id: candid(id), ...extra }, { effectiveCanisterId: id, ...options })
  }

  /** Asks a canister to stop, without waiting until it has. @returns the request id */
  requestStop(id: Principal): Uint8Array {
    const sent = this.submit(managementCanisterId, 'stop_canister', encodeManagement('stop_canister', { canister_id: candid(id) }), {
      effectiveCanisterId: id,
    })
    if (!(sent instanceof Uint8Array)) throw new Error(`refused: ${errorCodeText(sent.errorCode)} ${sent.message}`)
    return sent
  }

  topUp(id: Principal, cycles: bigint): void {
    this.manage('provisional_top_up_canister', { canister_id: candid(id), amount: cycles }, { effectiveCanisterId: id })
  }

  /** Calls the management canister; a reject is an error of the test. */
  manage(method: string, arg: unknown, options: SendOptions = {}): unknown {
    return decodeManagement(method, expectReply(this.managing(method, arg, options)).bytes)
  }

  /** Calls the management canister. */
  managing(method: string, arg: unknown, options: SendOptions = {}): Outcome {
    return this.call(managementCanisterId, method, encodeManagement(method, arg), options)
  }

  /** Sends an update and runs rounds until it is answered. */
  call(canisterId: Principal, method: string, arg: Argument, options: SendOptions = {}): Outcome {
    const id = this.submit(canisterId, method, arg, options)
    return id instanceof Uint8Array ? this.await(id, options.rounds) : { kind: 'reject', reject: id }
  }

  /** Calls `update` of a universal canister. */
  update(id: Principal, arg: Argument, options: SendOptions = {}): Outcome {
    return this.call(id, 'update', arg, options)
  }

  /** Submits without running a round. @returns the request id, or why the message was refused */
  submit(canisterId: Principal, method: string, arg: Argument, options: SendOptions = {}): Uint8Array | Reject {
    const requestId = new Uint8Array(32)
    new DataView(requestId.buffer).setUint32(0, ++this.requests)
    return this.submitWithId(requestId, canisterId, method, arg, options)
  }

  /** Submits under a given request id. */
  submitWithId(
    requestId: Uint8Array,
    canisterId: Principal,
    method: string,
    arg: Argument,
    options: SendOptions = {},
  ): Uint8Array | Reject {
    const bytes = bytesOf(arg)
    const admission = this.replica.submit({
      requestId,
      sender: options.sender ?? user,
      canisterId,
      effectiveCanisterId: options.effectiveCanisterId ?? canisterId,
      methodName: method,
      arg: bytes,
      ingressExpiryNanos: options.expiryNanos ?? this.replica.timeNanos() + 4n * minute,
      sizeBytes: options.sizeBytes ?? bytes.length + 200,
      ...(options.senderInfo === undefined ? {} : { senderInfo: options.senderInfo }),
    })
    return admission.accepted ? requestId : admission.reject
  }

  /** Submits a message that must be taken in. */
  send(id: Principal, arg: Argument, options: SendOptions = {}): Uint8Array {
    const sent = this.submit(id, 'update', arg, options)
    if (!(sent instanceof Uint8Array)) throw new Error(`refused: ${errorCodeText(sent.errorCode)} ${sent.message}`)
    return sent
  }

  /** Runs rounds until a message is answered. */
  await(requestId: Uint8Array, rounds = 20): Outcome {
    for (let n = 0; n < rounds; n++) {
      const outcome = outcomeOf(this.status(requestId))
      if (outcome !== undefined) return outcome
      this.tick()
    }
    const outcome = outcomeOf(this.status(requestId))
    if (outcome === undefined) throw new Error(`no answer after ${rounds} rounds, but ${this.status(requestId)?.status}`)
    return outcome
  }

  status(requestId: Uint8Array): IngressStatus | undefined {
    return this.replica.ingressRecord(requestId)?.status
  }

  tick(rounds = 1): void {
    for (let n = 0; n < rounds; n++) this.replica.tick()
  }

  /** Runs a round that many seconds later. */
  advance(seconds: number): void {
    this.replica.advanceTime(BigInt(seconds) * 1_000_000_000n)
    this.tick()
  }

  query(id: Principal, arg: Argument, method = 'query', options: SendOptions = {}): Outcome {
    return outcomeOfQuery(
      this.replica.query({
        sender: options.sender ?? user,
        canisterId: id,
        effectiveCanisterId: id,
        methodName: method,
        arg: bytesOf(arg),
        ...(options.senderInfo === undefined ? {} : { senderInfo: options.senderInfo }),
      }),
    )
  }

  compositeQuery(id: Principal, arg: Argument): Outcome {
    return this.query(id, arg, 'composite_query')
  }

  /** The state of a canister that must be there. */
  canister(id: Principal) {
    const canister = this.replica.canister(id)
    if (canister === undefined) throw new Error(`there is no canister ${id.toText()}`)
    return canister
  }

  balance(id: Principal): bigint {
    return this.canister(id).balance
  }

  /** What the canister has noted in its state. */
  state(id: Principal): string {
    return expectReply(this.query(id, new Program().replyState())).text
  }

  /** Records of the log, as text. */
  log(id: Principal): string[] {
    return this.canister(id).log.records.map((record) => decoder.decode(record.content))
  }
}

function bytesOf(arg: Argument): Uint8Array {
  if (typeof arg === 'string') return new TextEncoder().encode(arg)
  return arg instanceof Program ? arg.bytes() : arg
}

function outcomeOf(status: IngressStatus | undefined): Outcome | undefined {
  if (status?.status === 'replied') return { kind: 'reply', bytes: status.reply, text: decoder.decode(status.reply) }
  return status?.status === 'rejected' ? { kind: 'reject', reject: status.reject } : undefined
}

function outcomeOfQuery(result: QueryResult): Outcome {
  return result.status === 'replied'
    ? { kind: 'reply', bytes: result.arg, text: decoder.decode(result.arg) }
    : { kind: 'reject', reject: result.reject }
}

/** The reply of a call that must not have been rejected. */
export function expectReply(outcome: Outcome): { readonly bytes: Uint8Array; readonly text: string } {
  if (outcome.kind === 'reply') return outcome
  throw new Error(`rejected: ${errorCodeText(outcome.reject.errorCode)} ${outcome.reject.message}`)
}

/** The reject of a call that must not have been answered with a reply, as `IC0503 text`. */
export function expectReject(outcome: Outcome): string {
  if (outcome.kind === 'reject') return `${errorCodeText(outcome.reject.errorCode)} ${outcome.reject.message}`
  throw new Error(`replied: ${outcome.text}`)
}

/** The code of a reject, such as `IC0503`. */
export function errorOf({ errorCode }: Reject): string {
  return errorCodeText(errorCode)
}

/** A reply as an unsigned number, little-endian, of up to 16 bytes. */
export function expectNumber(outcome: Outcome): bigint {
  return numberOf(expectReply(outcome).bytes)
}

export function numberOf(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of [...bytes].reverse()) value = (value << 8n) | BigInt(byte)
  return value
}
