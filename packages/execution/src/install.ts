/**
 * Installing, reinstalling and upgrading code.
 *
 * Stages: pre-upgrade on the old instance; then, on a new one, data segments, start function, init or post-upgrade.
 *
 * @see Interface specification, "IC method `install_code`".
 */
import { type CanisterState, type ExecutionState, type GlobalValue, type LoggedRecords, PagedMemory, memoryUsage } from '@tidemark/state'
import type { Principal, Reject } from '@tidemark/types'
import type { EntryKind } from './entryKind.ts'
import type { SubnetEnvironment } from './environment.ts'
import { executionReject } from './errorText.ts'
import { executeMessage, finish, keepExecution, undoExecution } from './executeMessage.ts'
import { Execution, type ExecutionInput } from './execution.ts'
import { checkHeapLimit } from './memoryGrowth.ts'
import type { ExecutionOutcome } from './outcome.ts'
import type { PreparedModule } from './sandbox/preparedModule.ts'
import { rollbackMemories } from './sandbox/rollback.ts'
import { Sandbox } from './sandbox/sandbox.ts'
import { sandboxOf } from './sandbox/sandboxOf.ts'
import { type ExecutionError, Trap, instantiationError } from './trap.ts'

export interface InstallRequest {
  readonly mode: 'install' | 'reinstall' | 'upgrade'
  /** The new module; asked for once, after the old one has prepared for the upgrade. */
  readonly load: () => LoadedModule
  readonly arg: Uint8Array
  readonly caller: Principal
  readonly skipPreUpgrade: boolean
  /** Keep the heap over the upgrade: enhanced orthogonal persistence. */
  readonly keepHeap: boolean
  readonly instructionLimit: number
}

/** What became of the bytes that were to be installed, and the instructions that this counts as. */
export type LoadedModule = { readonly instructions: number } & ({ readonly prepared: PreparedModule } | { readonly reject: Reject })

/** What an installation would change. */
export interface AppliedInstall {
  readonly execution: ExecutionState
  readonly stableMemory: PagedMemory
  readonly certifiedData: Uint8Array
  readonly globalTimerNanos: bigint
  /** Bytes by which the canister takes more memory than before; below zero if it takes less. */
  readonly growthBytes: bigint
  readonly burnedCycles: bigint
}

/** One function of the canister that an installation ran. */
export interface InstallStage {
  readonly kind: 'pre_upgrade' | 'start' | 'init' | 'post_upgrade'
  readonly outcome: ExecutionOutcome
  /** Memory usage of the canister around it, bytes. */
  readonly memoryBefore: number
  readonly memoryAfter: number
}

export interface InstallOutcome {
  readonly instructionsUsed: number
  /** What its stages logged, in order. */
  readonly logged: readonly LoggedRecords[]
  /** What ran, in order. */
  readonly stages: readonly InstallStage[]
  /** Why it failed; otherwise what it changes. */
  readonly done: { readonly applied: AppliedInstall } | { readonly reject: Reject }
}

/**
 * Runs all stages of an installation. The canister itself stays as it is: the caller applies what is returned.
 */
export function executeInstall(canister: CanisterState, env: SubnetEnvironment, request: InstallRequest): InstallOutcome {
  const installation = new Installation(canister, env, request)
  const failure = runStages(installation, request)
  const { instructionsUsed, logged, stages } = installation
  return {
    instructionsUsed: Math.min(instructionsUsed, request.instructionLimit),
    logged,
    stages,
    done: failure === undefined ? { applied: installation.applied() } : { reject: failure },
  }
}

function runStages(installation: Installation, { load }: InstallRequest): Reject | undefined {
  const unprepared = installation.preUpgrade()
  if (unprepared !== undefined) return installation.rejectOf(unprepared)
  const loaded = load()
  installation.instructionsUsed += loaded.instructions
  if ('reject' in loaded) return loaded.reject
  const error = installation.instantiate(loaded.prepared) ?? installation.initialize(loaded.prepared)
  return error && installation.rejectOf(error)
}

/** An execution state over a heap and globals from a snapshot. */
export function restoreExecution(prepared: PreparedModule, heap: PagedMemory, globals: readonly GlobalValue[]): ExecutionState {
  return { module: prepared.module, live: Sandbox.restore(prepared, rollbackMemories(), heap, globals) }
}

/** One installation in progress. `draft` is the canister as it will be; it shares nothing mutable that a failure could leave changed. */
class Installation {
  readonly #canister: CanisterState
  readonly #env: SubnetEnvironment
  readonly #request: InstallRequest
  readonly #draft: CanisterState
  #keptHeap: PagedMemory | undefined
  #burned = 0n
  instructionsUsed = 0
  readonly logged: LoggedRecords[] = []
  readonly stages: InstallStage[] = []

  constructor(canister: CanisterState, env: SubnetEnvironment, request: InstallRequest) {
    this.#canister = canister
    this.#env = env
    this.#request = request
    const upgrade = request.mode === 'upgrade'
    this.#draft = {
      ...canister,
      stableMemory: new PagedMemory(),
      certifiedData: upgrade ? canister.certifiedData : new Uint8Array(0),
      globalTimerNanos: 0n,
    }
  }

  /** Runs `canister_pre_upgrade` on the old instance, keeps what it leaves behind aside, and undoes it there. */
  preUpgrade(): ExecutionError | undefined {
    const { mode, skipPreUpgrade, keepHeap } = this.#request
    if (mode !== 'upgrade') return undefined
    const old = sandboxOf(this.#canister)
    const name = 'canister_pre_upgrade'
    if (skipPreUpgrade || !old.hasExport(name)) {
      this.#takeOver(old, keepHeap)
      return undefined
    }
    const memoryBefore = memoryUsage(this.#canister)
    const outcome = executeMessage(this.#canister, this.#env, this.#input('pre_upgrade', this.#canister.version), { kind: 'export', name })
    if (outcome.error === undefined) {
      this.#takeOver(old, keepHeap)
      this.#take(outcome)
    }
    undoExecution(this.#canister)
    return this.#gather('pre_upgrade', outcome, memoryBefore, memoryBefore)
  }

  /** Creates the new instance and runs data segments and start function. */
  instantiate(prepared: PreparedModule): ExecutionError | undefined {
    const sandbox = this.#createSandbox(prepared)
    if (!(sandbox instanceof Sandbox)) return sandbox
    this.#draft.execution = { module: prepared.module, live: sandbox }
    const refused = this.#checkHeap(sandbox)
    if (refused !== undefined) return refused
    const memoryBefore = memoryUsage(this.#draft)
    const execution = new Execution(this.#draft, this.#env, this.#input('start', this.#canister.version + 1n))
    sandbox.begin(execution, execution.input.instructionLimit)
    this.#draft.stableMemory.begin()
    const error = (this.#keptHeap === undefined ? sandbox.replayData() : undefined) ?? (sandbox.hasStart ? sandbox.runStart() : undefined)
    return this.#end('start', finish(execution, sandbox, error), memoryBefore, prepared.facts.hasStart)
  }

  #createSandbox(prepared: PreparedModule): Sandbox | ExecutionError {
    try {
      return this.#keptHeap === undefined
        ? Sandbox.create(prepared, rollbackMemories())
        : Sandbox.restoreHeap(prepared, rollbackMemories(), this.#keptHeap)
    } catch (error) {
      return instantiationError(error)
    }
  }

  /** Runs `canister_init` or `canister_post_upgrade`. */
  initialize(prepared: PreparedModule): ExecutionError | undefined {
    const upgrade = this.#request.mode === 'upgrade'
    const name = upgrade ? 'canister_post_upgrade' : 'canister_init'
    if (!prepared.module.exportedFunctions.has(name)) return undefined
    const kind = upgrade ? 'post_upgrade' : 'init'
    const memoryBefore = memoryUsage(this.#draft)
    const outcome = executeMessage(this.#draft, this.#env, this.#input(kind, this.#canister.version + 1n), { kind: 'export', name })
    return this.#end(kind, outcome, memoryBefore)
  }

  /** An error as the one who installs sees it. */
  rejectOf(error: ExecutionError): Reject {
    return executionReject(this.#canister, error, this.#request.caller)
  }

  applied(): AppliedInstall {
    const { execution, stableMemory, certifiedData, globalTimerNanos } = this.#draft
    return {
      execution: execution as ExecutionState,
      stableMemory,
      certifiedData,
      globalTimerNanos,
      growthBytes: BigInt(memoryUsage(this.#draft)) - BigInt(memoryUsage(this.#canister)),
      burnedCycles: this.#burned,
    }
  }

  #takeOver(old: Sandbox, keepHeap: boolean): void {
    this.#draft.stableMemory = new PagedMemory(this.#canister.stableMemory)
    if (keepHeap) this.#keptHeap = old.exportHeap()
  }

  #checkHeap(sandbox: Sandbox): ExecutionError | undefined {
    try {
      checkHeapLimit(this.#canister.settings, BigInt(sandbox.heapPages) * 65_536n)
      return undefined
    } catch (error) {
      if (error instanceof Trap) return error.error
      throw error
    }
  }

  #input(kind: EntryKind, version: bigint): ExecutionInput {
    return {
      kind,
      caller: this.#request.caller,
      arg: kind === 'init' || kind === 'post_upgrade' ? this.#request.arg : new Uint8Array(0),
      canRespond: false,
      instructionLimit: Math.max(0, this.#request.instructionLimit - this.instructionsUsed),
      version,
    }
  }

  /** Ends a stage on the new instance: keeps it in the draft, or undoes it so that the shared undo log is clean. */
  #end(kind: InstallStage['kind'], outcome: ExecutionOutcome, memoryBefore: number, isStage = true): ExecutionError | undefined {
    if (outcome.error !== undefined) undoExecution(this.#draft)
    else {
      keepExecution(this.#draft)
      this.#take(outcome)
      if (outcome.globalTimerNanos !== undefined) this.#draft.globalTimerNanos = outcome.globalTimerNanos
    }
    return this.#gather(kind, outcome, memoryBefore, memoryUsage(this.#draft), isStage)
  }

  /** Effects of a stage that stay whatever stage it was: a timer that a pre-upgrade sets does not. */
  #take({ certifiedData, burnedCycles }: ExecutionOutcome): void {
    if (certifiedData !== undefined) this.#draft.certifiedData = certifiedData
    this.#draft.balance -= burnedCycles
    this.#burned += burnedCycles
  }

  /** @param isStage - false for a module that is instantiated, its data segments included, and has no start function to run */
  #gather(
    kind: InstallStage['kind'],
    outcome: ExecutionOutcome,
    memoryBefore: number,
    memoryAfter: number,
    isStage = true,
  ): ExecutionError | undefined {
    if (isStage) this.stages.push({ kind, outcome, memoryBefore, memoryAfter })
    this.instructionsUsed += outcome.instructionsUsed
    this.logged.push({ logs: outcome.logs, droppedLogs: outcome.droppedLogs })
    return outcome.error
  }
}
