/**
 * What happens once a message was executed: a short one is committed at once; one of more than a slice is put aside, and its
 * effects become state in the round of its last slice.
 *
 * V8 cannot be stopped in the middle of a function. So a long execution runs in one go when it begins, what it wrote is taken
 * aside, and the canister is put back until its slices have passed.
 */
import { type CapturedState, type ExecutionOutcome, captureState, undoExecution } from '@tidemark/execution'
import {
  type CallContext,
  type CanisterState,
  type LongExecution,
  type LongResult,
  type Response,
  type StateClass,
  Unchanging,
  type WasmClosure,
  osPageBytes,
} from '@tidemark/state'
import { closeGate } from '../hooks/gate.ts'
import { keepArgument } from '../hooks/openArguments.ts'
import type { World } from '../world.ts'
import { consume } from './charge.ts'
import { closeContext, commitExecution, type ExecutedStep, markProcessing, touch } from './commitExecution.ts'

/** Bytes of heap that one message may change before copying them takes a slice of its own. */
const copiedInPassingBytes = 1_073_741_824

/** A cleanup callback, and the response that it belongs to. */
export interface Cleanup {
  readonly closure: WasmClosure
  readonly response: Response
}

/** A message that was executed and not committed. */
export interface ExecutedMessage {
  readonly methodName: string | undefined
  /** Argument of a method, for whoever is told that it failed. */
  readonly arg?: Uint8Array
  /** Block time at which it began, nanoseconds. */
  readonly startedNanos: bigint
  /** One; or two, of a failed callback and its cleanup. */
  readonly steps: readonly ExecutedStep[]
  /** How the call ended, for whoever waits for its answer. */
  readonly closing: ExecutionOutcome
  /** Number of the lifecycle hook that ran. */
  readonly hookNumber?: bigint
  /** What cleans up should this callback turn out to have failed. */
  readonly cleanup?: Cleanup
}

/** An executed message that waits for its slices to pass. All of it is data. */
export class HeldMessage implements LongResult {
  readonly kind = 'message'
  readonly contextId: bigint
  readonly executed: ExecutedMessage
  /** What it wrote; undefined when nothing of that stays. */
  readonly captured: CapturedState | undefined

  constructor(contextId: bigint, executed: ExecutedMessage, captured: CapturedState | undefined) {
    this.contextId = contextId
    this.executed = executed
    this.captured = captured
  }
}

type HeldParts = Pick<HeldMessage, 'contextId' | 'executed' | 'captured'>

/** Captures messages that wait for their slices. */
export const heldMessageClass: StateClass<HeldMessage, Unchanging<HeldParts>, HeldParts> = {
  name: 'HeldMessage',
  type: HeldMessage,
  capture: ({ contextId, executed, captured }) => new Unchanging({ contextId, executed, captured }),
  revive: ({ value: { contextId, executed, captured } }) => new HeldMessage(contextId, executed, captured),
  toPortable: ({ value }) => value,
  fromPortable: (parts) => new Unchanging(parts),
}

/**
 * Commits or puts aside what was just executed.
 *
 * @param done instructions of steps that have had their slices already
 * @returns instructions that it uses of this round
 */
export function settleMessage(world: World, canister: CanisterState, context: CallContext, executed: ExecutedMessage, done = 0): number {
  let instructions = -done
  for (const step of executed.steps) instructions += step.outcome.instructionsUsed
  const slice = world.env.limits.sliceInstructions
  if (instructions <= slice) {
    commitMessage(world, canister, context, executed)
    return instructions
  }
  const last = executed.steps.at(-1)
  const stays = last?.outcome.error === undefined && last?.discardsState !== true
  const captured = stays ? captureState(canister) : undefined
  undoExecution(canister)
  const dirtyBytes = executed.steps.reduce((sum, { outcome }) => Math.max(sum, outcome.dirtyHeapPages * osPageBytes), 0)
  canister.longExecution = {
    startedRound: world.state.round,
    instructions,
    slices: Math.ceil(instructions / slice) + (dirtyBytes > copiedInPassingBytes ? 1 : 0),
    slicesDone: 1,
    prepaidCycles: executed.steps.reduce((sum, { prepaid }) => sum + prepaid, 0n),
    ingressDebitCycles: 0n,
    result: new HeldMessage(context.id, executed, captured),
  }
  if (context.origin.kind === 'ingress') markProcessing(world, context.origin.requestKey)
  touch(world, canister)
  return slice
}

/** Makes state of what a message did. */
export function commitMessage(world: World, canister: CanisterState, context: CallContext, executed: ExecutedMessage): void {
  for (const step of executed.steps) commitExecution(world, { canister, context, executed, ...step })
  closeContext(world, canister, context, executed.closing)
  const { methodName, arg, hookNumber } = executed
  const hooks = canister.lifecycleHooks
  if (hooks === undefined) return
  if (arg !== undefined) keepArgument(canister, context, arg)
  if (methodName === 'canister_post_init' && hookNumber !== undefined) closeGate(world, canister, hooks, context.id)
}

/** Takes the fees of messages that came while the execution was on. */
export function payIngressDebit(world: World, canister: CanisterState, { ingressDebitCycles }: LongExecution): void {
  canister.balance -= ingressDebitCycles
  consume(world, canister, 'ingress_induction', ingressDebitCycles)
}
