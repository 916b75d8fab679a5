/** Runs programs of the universal canister in any context, without rounds. */
import type { CanisterState } from '@tidemark/state'
import { createPricing } from '@tidemark/cycles'
import {
  type EntryKind,
  type ExecutionInput,
  type ExecutionOutcome,
  type SubnetEnvironment,
  applicationLimits,
  executeMessage,
  keepExecution,
  undoExecution,
} from '../../src/index.ts'
import { type Program, type WasmMode, network, program, universalCanister, user } from '../../../../tests/support/index.ts'

/** A certificate as far as a canister can tell. */
export const certificate = Uint8Array.of(1, 2, 3, 4, 5)

/** One canister on a bench. */
export class Bench {
  readonly canister: CanisterState
  readonly env: SubnetEnvironment

  constructor(mode: WasmMode) {
    const net = network()
    const id = net.install(universalCanister({ mode, exports: ['heartbeat'] }))
    this.canister = net.canister(id)
    this.canister.settings = { ...this.canister.settings, environmentVariables: [{ name: '', value: 'value' }] }
    this.env = {
      subnetId: net.replica.subnetId,
      rootKey: net.replica.rootKey,
      pricing: createPricing({ profile: '2026', subnetSize: 13, subnetType: 'application', costSchedule: 'normal' }),
      limits: applicationLimits,
      memory: {
        capacityBytes: 1n << 41n,
        thresholdBytes: 750n << 30n,
        callbackReserveBytes: 10n << 30n,
        allocationCapsUsage: false,
        usedBytes: () => 0n,
      },
      openCalls: { count: () => 0, guaranteed: () => 0 },
      timeNanos: 1_700_000_000_000_000_000n,
    }
  }

  /** Makes a program the one that `run` runs. */
  load(body: Program): void {
    const setUp = program().on('heartbeat', body)
    const outcome = executeMessage(this.canister, this.env, input('update', setUp.bytes()), {
      kind: 'export',
      name: 'canister_update update',
    })
    if (outcome.error !== undefined) throw new Error(outcome.error.message)
    keepExecution(this.canister)
  }

  /** Runs the loaded program in a context and undoes what it did. */
  run(kind: EntryKind, more: Partial<ExecutionInput> = {}): ExecutionOutcome {
    const outcome = executeMessage(
      this.canister,
      this.env,
      { ...input(kind, new Uint8Array(0)), ...more },
      { kind: 'export', name: 'canister_heartbeat' },
    )
    undoExecution(this.canister)
    return outcome
  }
}

function input(kind: EntryKind, arg: Uint8Array): ExecutionInput {
  return {
    kind,
    caller: user,
    arg,
    methodName: 'method',
    reject: { code: 4, message: 'rejected', errorCode: 'CanisterRejectedMessage' },
    availableCycles: 1000n,
    refundedCycles: 10n,
    canRespond: true,
    instructionLimit: 1_000_000_000,
    dataCertificate: () => certificate,
    version: 7n,
  }
}
