/**
 * Which canisters have something to do, so that idle ones cost a round nothing.
 *
 * Derived from the state: refreshed whenever commit has changed a canister.
 */
import { type CanisterState, memoryUsage } from '@tidemark/state'

interface Memory {
  readonly used: number
  readonly allocated: bigint
}

const noMemory: Memory = { used: 0, allocated: 0n }

export class Activity {
  readonly #withInput = new Map<string, CanisterState>()
  readonly #withHeartbeat = new Map<string, CanisterState>()
  readonly #withTimer = new Map<string, CanisterState>()
  readonly #withHook = new Map<string, CanisterState>()
  readonly #stopping = new Map<string, CanisterState>()
  readonly #withLongExecution = new Map<string, CanisterState>()
  readonly #inDebt = new Map<string, CanisterState>()
  readonly #withPriority = new Map<string, CanisterState>()
  readonly #memory = new Map<string, Memory>()
  /** Bytes that all canisters take from the subnet: of each, the larger of its allocation and its usage. */
  allocatedBytes = 0n
  /** Bytes that all canisters use. */
  usedBytes = 0
  readonly #handOut: (canister: CanisterState) => void

  /** @param handOut - hears of every canister that whoever asked may change: `withTasks` leaves it to those who do */
  constructor(handOut: (canister: CanisterState) => void) {
    this.#handOut = handOut
  }

  /** Looks at a canister again after something about it changed. */
  refresh(canister: CanisterState): void {
    const running = canister.status.kind === 'running'
    const functions = canister.execution?.module.exportedFunctions
    put(this.#withInput, canister, !canister.queues.isEmpty)
    put(this.#withHeartbeat, canister, running && functions?.has('canister_heartbeat') === true)
    put(this.#withTimer, canister, running && canister.globalTimerNanos !== 0n && functions?.has('canister_global_timer') === true)
    const hookDue = canister.hookStatus === 'ready' || (canister.lifecycleHooks?.pending.length ?? 0) > 0
    put(this.#withHook, canister, running && hookDue)
    put(this.#stopping, canister, canister.status.kind === 'stopping')
    put(this.#withLongExecution, canister, canister.longExecution !== undefined)
    this.refreshDebt(canister)
    this.refreshPriority(canister)
    this.#setMemory(canister.id.key, memoryOf(canister))
  }

  /** Looks only at how much memory a canister has changed, and how much code it has installed. */
  refreshDebt(canister: CanisterState): void {
    put(this.#inDebt, canister, canister.heapDeltaDebit > 0 || canister.installCodeDebit > 0n)
  }

  /** Looks only at a canister's scheduling credit. */
  refreshPriority(canister: CanisterState): void {
    put(this.#withPriority, canister, canister.accumulatedPriority !== 0)
  }

  /** Forgets a deleted canister. */
  forget(key: string): void {
    for (const set of [this.#withInput, this.#withHeartbeat, this.#withTimer, this.#withHook, this.#stopping]) set.delete(key)
    for (const set of [this.#withLongExecution, this.#inDebt, this.#withPriority]) set.delete(key)
    this.#setMemory(key, noMemory)
  }

  /** Canisters with a message waiting or a hook due, in the order of their ids. */
  withWork(): CanisterState[] {
    return this.#given(new Map([...this.#withInput, ...this.#withHook]))
  }

  /** Canisters with a message waiting. */
  withInput(): CanisterState[] {
    return this.#given(this.#withInput)
  }

  /** Canisters whose heartbeat or timer may be due. Most timers are not: who changes one of the canisters hands it out. */
  withTasks(): CanisterState[] {
    return sorted(new Map([...this.#withHeartbeat, ...this.#withTimer]))
  }

  /** Canisters in the middle of a long execution. */
  withLongExecution(): CanisterState[] {
    return this.#given(this.#withLongExecution)
  }

  get hasLongExecution(): boolean {
    return this.#withLongExecution.size > 0
  }

  /** Canisters that changed memory faster than the rate limit has worked off. */
  inDebt(): CanisterState[] {
    return this.#given(this.#inDebt)
  }

  /** Canisters that have had more or less than their share of the rounds. */
  withPriority(): CanisterState[] {
    return this.#given(this.#withPriority)
  }

  stopping(): CanisterState[] {
    return this.#given(this.#stopping)
  }

  #given(canisters: Map<string, CanisterState>): CanisterState[] {
    const given = sorted(canisters)
    given.forEach(this.#handOut)
    return given
  }

  #setMemory(key: string, memory: Memory): void {
    const before = this.#memory.get(key) ?? noMemory
    this.usedBytes += memory.used - before.used
    this.allocatedBytes += memory.allocated - before.allocated
    if (memory === noMemory) this.#memory.delete(key)
    else this.#memory.set(key, memory)
  }

  get hasInput(): boolean {
    return this.#withInput.size > 0 || this.#withHook.size > 0 || this.#withLongExecution.size > 0
  }
}

function memoryOf(canister: CanisterState): Memory {
  const used = memoryUsage(canister)
  const { memoryAllocation } = canister.settings
  return { used, allocated: memoryAllocation > used ? memoryAllocation : BigInt(used) }
}

function put(set: Map<string, CanisterState>, canister: CanisterState, present: boolean): void {
  if (present) set.set(canister.id.key, canister)
  else set.delete(canister.id.key)
}

function sorted(set: Map<string, CanisterState>): CanisterState[] {
  return [...set.values()].sort((a, b) => (a.id.key < b.id.key ? -1 : 1))
}
