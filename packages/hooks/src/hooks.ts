import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import type { lifecycleHooksExampleTypes as example } from '@tidemark/bindings'
import { judgeLowCycles, judgeLowHeapMemory, judgeOutputQueue } from './crossing.ts'
import { DeadLetters } from './deadLetters.ts'
import { describeError } from './describeError.ts'
import { HookRejection } from './hookRejection.ts'
import type { HookHost } from './host.ts'
import { argumentsOf, hookNameOf, type Notification } from './notification.ts'
import { Pacer } from './pacer.ts'
import { type Mark, Runs } from './runs.ts'
import type { HookStore } from './store.ts'

/** How the hooks of a canister behave. */
export interface HookOptions {
  /**
   * Seconds for which those who ask wait for the calls of post-init; without it they wait only until it has begun.
   */
  readonly gateSeconds?: number | undefined
  /** Threshold in cycles that the canister judges by itself after each guarded method; without it the monitor does. */
  readonly cyclesThreshold?: bigint | undefined
  /** The same in bytes of heap. */
  readonly heapMemoryThreshold?: bigint | undefined
  /** Calls under way above which a paced call waits. Default 500, what networks of today hold towards one canister. */
  readonly outputQueueCapacity?: number | undefined
}

/** What the hooks of one canister are made of. */
export interface HookParts {
  readonly host: HookHost
  readonly store: HookStore
  readonly options?: HookOptions
  /** Gets every event. A hook of its own for each is a switch over the event. */
  handle(event: Notification): Promise<void>
}

/** As the network bounds it. */
const maxWaitingErrors = 16
const told: example.Outcome = { skipped: 'this crossing has been told' }
const network = Principal.managementCanister()
const noArguments = IDL.encode([], [])

/**
 * Lifecycle hooks on any network: native where the network calls them, otherwise raised by this class and a monitor. To be
 * created once when code is installed or upgraded: that is how it learns that new code is in place.
 */
export class Hooks {
  readonly #parts: HookParts
  readonly #runs: Runs
  readonly #deadLetters: DeadLetters
  readonly #pacer: Pacer
  readonly #jobs = new Map<bigint, () => Promise<void>>()
  readonly #postInit: bigint
  readonly #installedNanos: bigint
  // Set by the first call of the network itself. Not kept: the option may be gone at the next installation.
  #isNative = false
  #nextJob = 0n

  constructor(parts: HookParts) {
    const { host, store, options = {} } = parts
    this.#parts = parts
    this.#runs = new Runs(host, store)
    this.#deadLetters = new DeadLetters(host, store)
    this.#installedNanos = host.timeNanos()
    const capacity = options.outputQueueCapacity ?? 500
    this.#pacer = new Pacer({ capacity, onChange: (size) => this.#judgeQueue(size, capacity), pass: () => this.#pass() })
    this.#runs.interrupt()
    this.#runs.skip('canister_post_init', 'newer code was installed')
    this.#postInit = this.#runs.raise({ PostInit: null })
    host.soon(() => this.drain())
  }

  /**
   * Runs a method's work so that its trap is caught: the work is rolled back, the error is kept with the method's arguments,
   * `canister_on_error` is told, and the promise rejects with a `HookRejection`. Waits for the gate first. Where the network has
   * hooks of its own, it tells of the trap, and the work runs as it is.
   */
  async guarded(methodName: string, args: Uint8Array, work: () => Promise<void> | void): Promise<void> {
    await this.open()
    if (this.#isNative) return work()
    try {
      await this.#inOwnMessage(async () => work())
    } catch (error) {
      const described = describeError(error)
      this.#capture({ methodName, args, error: described })
      this.check()
      this.#parts.host.soon(() => this.drain())
      throw new HookRejection(described.message)
    }
    this.check()
    if (this.#runs.next() !== undefined) this.#parts.host.soon(() => this.drain())
  }

  /** Whether the gate is open: post-init has begun, or, when gated, has ended or taken longer than its limit. */
  get isOpen(): boolean {
    const outcome = this.#runs.outcome(this.#postInit) ?? {}
    const { gateSeconds } = this.#parts.options ?? {}
    if (gateSeconds === undefined) return !('pending' in outcome)
    const elapsed = this.#parts.host.timeNanos() - this.#installedNanos
    return !('pending' in outcome || 'running' in outcome) || elapsed >= BigInt(gateSeconds) * 1_000_000_000n
  }

  /** For `inspect_message`: whether messages from outside are let in. Without a gate all are. */
  get admits(): boolean {
    return this.#parts.options?.gateSeconds === undefined || this.isOpen
  }

  /** Starts what is due if the gate is closed, and waits until it is open. While it waits, it costs a call to the network per round. */
  async open(): Promise<void> {
    if (!this.isOpen) void this.drain()
    while (!this.isOpen) await this.#pass()
  }

  /**
   * Takes a call of a hook method. Rejects with a `HookRejection` unless the call comes from the network, the canister itself or one
   * of its monitors, and when the handler trapped. A delivery number that was seen before does not run again, unless that
   * run trapped.
   */
  async receive(caller: Principal, event: Notification, delivery?: example.Delivery): Promise<void> {
    if (!this.mayCall(caller)) throw new HookRejection(`Only the network, this canister and its monitor may call ${hookNameOf(event)}.`)
    if (isSame(caller, network)) {
      this.#isNative = true
      return this.#run(this.#numberOf(event), event)
    }
    const mark = delivery === undefined ? undefined : { sender: caller, number: delivery.number }
    const earlier = mark && this.#runs.delivered(mark)
    if (earlier !== undefined && ('ran' in earlier.outcome || 'skipped' in earlier.outcome)) return
    const isUnderWay = earlier !== undefined && !('trapped' in earlier.outcome)
    const number = isUnderWay ? earlier.number : this.#numberOf(event, mark)
    await this.drain()
    await this.#settle(number)
  }

  /** To be called by the hook of the protocol, `canister_on_low_wasm_memory`. */
  async lowWasmMemory(): Promise<void> {
    const event = { LowWasmMemory: null }
    await this.#run(this.#runs.raise(event), event)
    this.check()
    await this.drain()
  }

  /** Judges the thresholds of the options, as every guarded method does when it ends. What is due runs with `drain`. */
  check(): void {
    if (this.#isNative) return
    const { host, options = {} } = this.#parts
    const { lowCyclesArmed, lowHeapMemoryArmed } = this.#runs.facts
    const { cyclesThreshold, heapMemoryThreshold } = options
    if (cyclesThreshold !== undefined) {
      const verdict = judgeLowCycles(lowCyclesArmed, host.balanceCycles(), cyclesThreshold)
      if (verdict === 'crossed') this.#numberOf({ LowCycles: cyclesThreshold })
      if (verdict === 'rearmed') {
        this.#runs.change({ lowCyclesArmed: true })
        this.#runs.skip('canister_on_low_cycles', 'the balance has risen above the threshold')
      }
    }
    if (heapMemoryThreshold !== undefined && host.heapBytes !== undefined) {
      const verdict = judgeLowHeapMemory(lowHeapMemoryArmed, host.heapBytes(), heapMemoryThreshold)
      if (verdict === 'crossed') this.#numberOf({ LowHeapMemory: heapMemoryThreshold })
      if (verdict === 'rearmed') {
        this.#runs.change({ lowHeapMemoryArmed: true })
        this.#runs.skip('canister_on_low_heap_memory', 'the heap is below the threshold again')
      }
    }
  }

  /** Runs what is due, in the order of `hookNames`. */
  async drain(): Promise<void> {
    for (let due = this.#runs.next(); due !== undefined; due = this.#runs.next()) await this.#run(due.number, due.event)
  }

  /**
   * Makes an outgoing call once there is room for it. When there is none, `canister_on_output_queue_full` is due: once, until
   * a tenth of the room is free again.
   */
  paced<Result>(call: () => Promise<Result>): Promise<Result> {
    return this.#pacer.call(call)
  }

  /** Outgoing calls under way, as far as they were made through `paced`. */
  get outputQueueSize(): number {
    return this.#pacer.size
  }

  /** Makes captured calls again, one after the other. Undefined for a number that is not kept. */
  async redrive(numbers: readonly bigint[]): Promise<[bigint, example.Redriven | undefined][]> {
    const outcomes: [bigint, example.Redriven | undefined][] = []
    for (const number of numbers) outcomes.push([number, await this.#deadLetters.redrive(number)])
    return outcomes
  }

  /** All events that are remembered, oldest first. */
  get runs(): example.Run[] {
    return this.#runs.list()
  }

  /** Captured errors, oldest first. */
  get errors(): example.CapturedError[] {
    return this.#deadLetters.list()
  }

  /** Whether a caller may call the hooks. */
  mayCall(caller: Principal): boolean {
    const allowed = [network, this.#parts.host.self(), ...this.#runs.facts.monitors]
    return allowed.some((each) => isSame(each, caller))
  }

  /** Names the monitors. For the canister to decide who may do so. */
  setMonitors(monitors: readonly Principal[]): void {
    this.#runs.change({ monitors })
  }

  /** The body of the update method `canister_hook_run`, through which work runs in a message of its own. */
  async runJob(caller: Principal, job: bigint): Promise<void> {
    const work = isSame(caller, this.#parts.host.self()) ? this.#jobs.get(job) : undefined
    if (work === undefined) throw new HookRejection('Only the canister itself may call canister_hook_run.')
    await work()
  }

  async #inOwnMessage(work: () => Promise<void>): Promise<void> {
    const { host } = this.#parts
    const job = this.#nextJob++
    this.#jobs.set(job, work)
    try {
      await host.call(host.self(), 'canister_hook_run', IDL.encode([IDL.Nat64], [job]))
    } finally {
      this.#jobs.delete(job)
    }
  }

  async #run(number: bigint, event: Notification): Promise<void> {
    this.#runs.begin(number)
    try {
      // Natively a trap is the network's to roll back and to tell.
      await (this.#isNative ? this.#parts.handle(event) : this.#inOwnMessage(() => this.#parts.handle(event)))
    } catch (error) {
      if (this.#isNative) throw error
      const described = describeError(error)
      this.#runs.end(number, { trapped: described.message })
      if (!('Error' in event)) this.#capture({ methodName: hookNameOf(event), args: argumentsOf(event), error: described })
      return this.#runs.measure(number)
    }
    this.#runs.end(number, { ran: null })
    await this.#runs.measure(number)
  }

  async #settle(number: bigint): Promise<void> {
    for (;;) {
      const outcome = this.#runs.outcome(number) ?? { ran: null }
      if ('trapped' in outcome) throw new HookRejection(outcome.trapped)
      if (!('pending' in outcome || 'running' in outcome)) return
      await this.#pass()
    }
  }

  #capture(call: example.FailedCall): void {
    if (this.#runs.waiting('canister_on_error') < maxWaitingErrors) this.#numberOf({ Error: call })
    else this.#deadLetters.countDropped()
  }

  /** The event's number. An event that was told already gets one, too, and is skipped. */
  #numberOf(event: Notification, mark?: Mark): bigint {
    const isFirstPostInit = 'PostInit' in event && 'pending' in (this.#runs.outcome(this.#postInit) ?? {})
    if (isFirstPostInit) return this.#postInit
    const number = this.#runs.raise(event, mark)
    const { cyclesThreshold, heapMemoryThreshold } = this.#isNative ? {} : (this.#parts.options ?? {})
    const { lowCyclesArmed, lowHeapMemoryArmed } = this.#runs.facts
    if ('PostInit' in event) this.#runs.end(number, { skipped: 'it has run for this code' })
    if ('Error' in event) this.#deadLetters.keep(number, event.Error)
    if ('LowCycles' in event) {
      if (cyclesThreshold !== undefined && !lowCyclesArmed) this.#runs.end(number, told)
      this.#runs.change({ lowCyclesArmed: false })
    }
    if ('LowHeapMemory' in event) {
      if (heapMemoryThreshold !== undefined && !lowHeapMemoryArmed) this.#runs.end(number, told)
      this.#runs.change({ lowHeapMemoryArmed: false })
    }
    return number
  }

  #judgeQueue(size: number, capacity: number): void {
    const verdict = judgeOutputQueue(this.#runs.facts.outputQueueArmed, size, capacity)
    if (verdict === 'unchanged') return
    this.#runs.change({ outputQueueArmed: verdict === 'rearmed' })
    if (verdict === 'rearmed' || this.#isNative) return
    this.#runs.raise({ OutputQueueFull: null })
    this.#parts.host.soon(() => this.drain())
  }

  /** A call to the canister itself would be answered within the round, and again, for as long as the round lasts. */
  async #pass(): Promise<void> {
    await this.#parts.host.call(network, 'raw_rand', noArguments)
  }
}

function isSame(a: Principal, b: Principal): boolean {
  return a.compareTo(b) === 'eq'
}
