/** A network on which Motoko programs appear under names, and the record of what ran. */
import { createReplica, type ReplicaOptions } from '@tidemark/replica'
import { type TraceEvent, type TraceRecorder, createTraceRecorder } from '@tidemark/trace'
import type { Principal } from '@tidemark/types'
import { type Outcome, type SettingsChange, TestNetwork, expectReply } from '../../support/index.ts'
import { Actor } from './actor.ts'
import { type Argument, encodeArguments } from './candid.ts'

export interface InstallOptions {
  /** Name in traces. Default: the program's. */
  readonly as?: string
  readonly args?: readonly Argument[]
  readonly cycles?: bigint
  readonly settings?: SettingsChange
}

export class Stage extends TestNetwork {
  readonly #programs: ReadonlyMap<string, Uint8Array>
  readonly #recorder: TraceRecorder
  readonly #names = new Map<string, string>()

  constructor(programs: ReadonlyMap<string, Uint8Array>, options: Omit<ReplicaOptions, 'trace'> = {}) {
    const recorder = createTraceRecorder({ capacity: 10_000 })
    super(createReplica({ ...options, trace: recorder }))
    this.#programs = programs
    this.#recorder = recorder
  }

  /** Creates a canister with a program. */
  actor(program: string, options: InstallOptions = {}): Actor {
    const actor = this.empty(options.as ?? program, options)
    expectReply(actor.install(program, options.args))
    return actor
  }

  /** Creates a canister without a program. */
  empty(name: string, options: InstallOptions = {}): Actor {
    const { cycles, settings } = options
    const id = this.create({ ...(cycles === undefined ? {} : { cycles }), ...(settings === undefined ? {} : { settings }) })
    this.#names.set(id.toText(), name)
    return new Actor(this, id)
  }

  /** The actor of a canister that was created by another one. */
  created(name: string, id: Principal): Actor {
    this.#names.set(id.toText(), name)
    return new Actor(this, id)
  }

  module(program: string): Uint8Array {
    const bytes = this.#programs.get(program)
    if (bytes === undefined) throw new Error(`the program ${program} is not among those compiled`)
    return bytes
  }

  /** Installs a program; the enhanced persistence of Motoko keeps the heap in an upgrade. */
  put(id: Principal, program: string, mode: 'install' | 'upgrade' | 'reinstall', args: readonly Argument[]): Outcome {
    const upgrade = { upgrade: [{ skip_pre_upgrade: [], wasm_memory_persistence: [{ keep: null }] }] }
    return this.installInto(id, this.module(program), encodeArguments(args), mode === 'upgrade' ? upgrade : { [mode]: null })
  }

  /** What ran during a piece of a test, a line per message: `actor kind method`, and `!` when it trapped. */
  trace(body: () => void): string[] {
    return this.events(body).map((event) => this.#line(event))
  }

  /** Events of what ran during a piece of a test. */
  events(body: () => void): readonly TraceEvent[] {
    const from = this.#recorder.nextSeq()
    body()
    return this.#recorder.events(from)
  }

  #line(event: TraceEvent): string {
    const actor = this.#names.get(event.canisterId) ?? event.canisterId
    const method = event.methodName === undefined ? '' : ` ${event.methodName}`
    return `${actor} ${event.kind}${method}${event.outcome === 'trapped' ? '!' : ''}`
  }
}
