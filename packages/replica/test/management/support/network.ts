/** A subnet to call the management canister of, without rounds: calls are executed as they are made. */
import { IDL } from '@dfinity/candid'
import { Principal as CandidPrincipal } from '@dfinity/principal'
import { management, type ManagementService } from '@tidemark/bindings'
import { createPricing, type CostSchedule, type Profile } from '@tidemark/cycles'
import { applicationLimits, ModuleCache, type SubnetEnvironment } from '@tidemark/execution'
import {
  allocatedBytes,
  type CanisterState,
  createCanisterState,
  defaultSettings,
  type LiveHeap,
  PagedMemory,
  SubnetState,
} from '@tidemark/state'
import { errorCodeText, managementCanisterId, Principal, type Reject, toHex } from '@tidemark/types'
import { executeManagement, type ManagementOptions, type ManagementResult, queryManagement } from '../../../src/management/index.ts'

export const gib = 1_073_741_824n
export const trillion = 1_000_000_000_000n
const firstIndex = 0xffff_ffff_ffe0_0000n

/** Users, by name. */
export const user = (seed: number): Principal => Principal.selfAuthenticating(new Uint8Array(28).fill(seed))
export const alice: Principal = user(1)
export const bob: Principal = user(2)
export const carol: Principal = user(3)

export const candid = (principal: Principal): CandidPrincipal => CandidPrincipal.fromUint8Array(principal.bytes)

type Methods = keyof ManagementService
export type ArgOf<M extends Methods> = Parameters<ManagementService[M]>[0]
export type ReplyOf<M extends Methods> = Awaited<ReturnType<ManagementService[M]>>

const functions = new Map(management.idlFactory({ IDL })._fields)

export function encodeArg(method: string, arg?: unknown): Uint8Array {
  const { argTypes } = functions.get(method) as IDL.FuncClass
  return IDL.encode(argTypes, argTypes.length === 0 ? [] : [arg])
}

export function decodeReply<M extends Methods>(method: M, data: Uint8Array): ReplyOf<M> {
  const { retTypes } = functions.get(method) as IDL.FuncClass
  return IDL.decode(retTypes, data)[0] as ReplyOf<M>
}

export interface NetworkOptions {
  readonly profile?: Profile
  readonly subnetSize?: number
  readonly costSchedule?: CostSchedule
  readonly capacityBytes?: bigint
  /** Bytes taken by others. */
  readonly takenBytes?: bigint
  readonly management?: Partial<ManagementOptions>
}

/** The part of an error's text that clients can rely on. */
export const withoutAdvice = (text: string): string =>
  text.replace(/\n([^\n]* See documentation: \S+|This is an internal error on the IC\.[^\n]*)$/, '')

/** What a call came to: its value, or code and text of the reject. */
export type Outcome<T> =
  | { readonly ok: T; readonly result: Extract<ManagementResult, { kind: 'reply' }> }
  | { readonly code: string; readonly text: string }

export class Network {
  readonly subnet: SubnetState = new SubnetState(1_700_000_000_000_000_000n, firstIndex)
  readonly env: SubnetEnvironment
  readonly options: ManagementOptions

  constructor(options: NetworkOptions = {}) {
    const { subnet } = this
    const { profile = '2026', subnetSize = 13, costSchedule = 'normal' } = options
    this.env = {
      subnetId: user(100),
      rootKey: new Uint8Array(133),
      pricing: createPricing({ profile, subnetSize, costSchedule }),
      limits: applicationLimits,
      memory: {
        capacityBytes: options.capacityBytes ?? 2048n * gib,
        thresholdBytes: 750n * gib,
        callbackReserveBytes: 10n * gib,
        allocationCapsUsage: false,
        usedBytes: () => subnet.canisters().reduce((sum, canister) => sum + allocatedBytes(canister), options.takenBytes ?? 0n),
      },
      openCalls: { count: () => 0, guaranteed: () => 0 },
      get timeNanos() {
        return subnet.timeNanos
      },
    }
    const modules = new ModuleCache({ kind: 'touch-64k', read: 80_000, write: 80_000, chargeWrites: true })
    let draws = 0
    this.options = {
      defaultProvisionalCycles: 100n * trillion,
      canisterRange: { first: firstIndex, last: firstIndex + 0xfffffn },
      hostedRanges: [{ first: 0n, last: 1_000n }],
      allowProvisional: true,
      maxCanisters: 100,
      rateLimits: false,
      replicaVersion: '1.2.3',
      registryVersion: 7n,
      nodeIds: [user(101)],
      prepareModule: (bytes) => modules.prepare(bytes),
      randomBytes: (length) => new Uint8Array(length).fill(++draws),
      ...options.management,
    }
  }

  /** A canister that came from nowhere, controlled by Alice. */
  canister(balance: bigint = 100n * trillion, controllers: readonly Principal[] = [alice]): CanisterState {
    const canister = createCanisterState(
      Principal.canister(this.subnet.nextCanisterIndex++),
      defaultSettings(controllers),
      balance,
      this.subnet.timeNanos,
    )
    this.subnet.addCanister(canister)
    this.subnet.mintedCycles += balance
    return canister
  }

  /** An ingress call. */
  call<M extends Methods>(method: M, arg: ArgOf<M>, caller: Principal = alice, unpaidBytes?: number): Outcome<ReplyOf<M>> {
    return this.#execute(
      method,
      encodeArg(method, arg),
      caller,
      { kind: 'ingress', requestKey: `${method} of ${caller.toText()}`, ...(unpaidBytes === undefined ? {} : { unpaidBytes }) },
      0n,
    )
  }

  /** A call by a canister, with cycles that have left its balance. */
  callFrom<M extends Methods>(sender: CanisterState, method: M, arg: ArgOf<M>, cycles = 0n, callbackId = 1n): Outcome<ReplyOf<M>> {
    const outcome = this.callRaw(sender, method, encodeArg(method, arg), cycles, callbackId)
    return outcome as Outcome<ReplyOf<M>>
  }

  callRaw(sender: CanisterState, method: string, arg: Uint8Array, cycles = 0n, callbackId = 1n): Outcome<unknown> {
    sender.balance -= cycles
    const request = {
      kind: 'request',
      sender: sender.id,
      receiver: managementCanisterId,
      callbackId,
      methodName: method,
      arg,
      cycles,
      deadlineNanos: 0n,
      senderVersion: sender.version,
    } as const
    const outcome = this.#execute(method as Methods, arg, sender.id, { kind: 'canister', request }, cycles)
    const kept = 'ok' in outcome ? outcome.result.cyclesKept : 'deferred' === outcome.code ? cycles : 0n
    sender.balance += cycles - kept
    return outcome
  }

  ingressRaw(method: string, arg: Uint8Array, caller: Principal = alice): Outcome<unknown> {
    return this.#execute(method as Methods, arg, caller, { kind: 'ingress', requestKey: 'raw' }, 0n)
  }

  query<M extends Methods>(method: M, arg: ArgOf<M>, caller: Principal = alice): ReplyOf<M> | Reject {
    const { result } = queryManagement(this.subnet, this.env, caller, method, encodeArg(method, arg))
    return result.status === 'replied' ? decodeReply(method, result.arg) : result.reject
  }

  #execute<M extends Methods>(
    method: M,
    arg: Uint8Array,
    caller: Principal,
    origin: Parameters<typeof executeManagement>[0]['origin'],
    cycles: bigint,
  ): Outcome<ReplyOf<M>> {
    const { subnet, env, options } = this
    const result = executeManagement({ subnet, env, options, caller, origin, methodName: method, arg, cycles })
    if (result.kind === 'reject') return { code: errorCodeText(result.reject.errorCode), text: withoutAdvice(result.reject.message) }
    if (result.kind === 'deferred') return { code: 'deferred', text: '' }
    return { ok: decodeReply(method, result.data), result }
  }

  /** Cycles that are accounted for: 0 when minted = held + burned. */
  ledgerGap(): bigint {
    const held = this.subnet.canisters().reduce((sum, { balance, reservedBalance }) => sum + balance + reservedBalance, 0n)
    return this.subnet.mintedCycles - held - this.subnet.burnedCycles
  }
}

/** The value of a call that must succeed. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if ('ok' in outcome) return outcome.ok
  throw new Error(`${outcome.code}: ${outcome.text}`)
}

/** Everything there is in a state, as text: equal texts mean equal states. */
export function printState(subnet: SubnetState): string {
  const { timeNanos, nextCanisterIndex, mintedCycles, burnedCycles, randomnessRequests } = subnet
  return JSON.stringify(
    { timeNanos, nextCanisterIndex, mintedCycles, burnedCycles, randomnessRequests, canisters: subnet.canisters() },
    (key, value: unknown) => {
      if (typeof value === 'bigint') return `${value}`
      if (value instanceof Principal) return value.toText()
      if (value instanceof Uint8Array) return toHex(value)
      if (value instanceof Map) return [...value.entries()]
      if (value instanceof PagedMemory) return { pages: value.sizePages, written: [...value.pageEntries()] }
      if (key === 'live') return { heap: (value as LiveHeap).exportHeap(), globals: (value as LiveHeap).exportGlobals() }
      return value
    },
  )
}

/** A state without what an installation may cost and log even when it fails. */
export function withoutCost(network: Network, canister: CanisterState): string {
  const { balance, consumedCycles, log } = canister
  const saved = { balance, burned: network.subnet.burnedCycles, instructions: consumedCycles.instructions, ...log }
  Object.assign(canister, { balance: 0n })
  Object.assign(log, { records: [], usedBytes: 0, nextIdx: 0n })
  consumedCycles.instructions = 0n
  network.subnet.burnedCycles = 0n
  const text = printState(network.subnet)
  Object.assign(canister, { balance: saved.balance })
  consumedCycles.instructions = saved.instructions
  network.subnet.burnedCycles = saved.burned
  Object.assign(log, { records: saved.records, usedBytes: saved.usedBytes, nextIdx: saved.nextIdx })
  return text
}
