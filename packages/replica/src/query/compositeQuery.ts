/**
 * Composite queries: a tree of queries on this subnet, evaluated depth first, every canister on state of its own that is
 * thrown away.
 *
 * @see Interface specification, "Composite queries".
 */
import {
  type CapturedState,
  type ExecutionInput,
  type ExecutionOutcome,
  type OutgoingCall,
  captureState,
  executeMessage,
  executionReject,
  shortenText,
  undoExecution,
} from '@tidemark/execution'
import type { CanisterState } from '@tidemark/state'
import {
  type Principal,
  type QueryMessage,
  type QueryResult,
  type Reject,
  RejectError,
  createReject,
  managementCanisterId,
} from '@tidemark/types'
import { queryManagement } from '../management/index.ts'
import { countQuery } from '../round/queryStats.ts'
import type { World } from '../world.ts'
import { noResponse, queryEntry, refused, responseBytes } from './queryEntry.ts'

/** What the whole tree still has. */
interface Budget {
  /** Instructions. */
  left: number
  /** Whether it has taken as long as it may. */
  readonly isLate: () => boolean
}

/** One canister's part in the tree. */
interface Node {
  readonly canister: CanisterState
  readonly caller: Principal
  readonly depth: number
  captured: CapturedState | undefined
  instructions: number
  result: QueryResult | undefined
  error: Reject | undefined
  readonly calls: OutgoingCall[]
}

/** Answers a composite query that came from a user. */
export function runCompositeQuery(
  world: World,
  canister: CanisterState,
  message: QueryMessage,
  dataCertificate: () => Uint8Array,
): { result: QueryResult; instructions: number } {
  const budget = { left: world.env.limits.queryInstructions, isLate: stopwatch(world) }
  try {
    return evaluate(world, canister, message, budget, 0, 0, dataCertificate)
  } catch (error) {
    if (!(error instanceof RejectError)) throw error
    return { result: refused(error.reject), instructions: world.env.limits.queryInstructions - budget.left }
  }
}

/**
 * @param overhead - instructions that the call costs besides its execution, when there is a method to call
 * @throws RejectError at a limit of the whole tree: no canister in it gets to handle that
 */
function evaluate(
  world: World,
  canister: CanisterState,
  message: Pick<QueryMessage, 'sender' | 'methodName' | 'arg'>,
  budget: Budget,
  depth: number,
  overhead: number,
  dataCertificate: (() => Uint8Array) | undefined,
): { result: QueryResult; instructions: number } {
  const entry = queryEntry(world, canister, message.methodName)
  if ('errorCode' in entry) return { result: refused(entry), instructions: 0 }
  const node: Node = {
    canister,
    caller: message.sender,
    depth,
    captured: undefined,
    instructions: 0,
    result: undefined,
    error: undefined,
    calls: [],
  }
  const { arg, methodName } = message
  const { error, answer } = step(
    world,
    node,
    budget,
    { kind: entry.kind, arg, methodName, dataCertificate },
    { kind: 'export', name: entry.name },
  )
  budget.left -= overhead
  // What has not answered by itself is looked at again, and that counts as a level: whether it calls anybody or not.
  if (error === undefined && answer === undefined) checkDepth(world, depth)
  for (let call = node.calls.shift(); call !== undefined && node.result === undefined; call = node.calls.shift()) {
    runCall(world, node, call, budget)
  }
  const { result = refused(node.error ?? noResponse(canister)), instructions } = node
  return { result, instructions }
}

/** Runs one execution of a node on what its earlier ones left, and takes aside what this one leaves. */
function step(
  world: World,
  node: Node,
  budget: Budget,
  input: Pick<ExecutionInput, 'kind' | 'arg'> & Partial<ExecutionInput>,
  entry: Parameters<typeof executeMessage>[3],
): ExecutionOutcome {
  const { canister } = node
  const outcome = executeMessage(
    canister,
    world.env,
    {
      ...input,
      caller: node.caller,
      canRespond: node.result === undefined,
      instructionLimit: Math.max(0, budget.left),
      contextInstructions: BigInt(node.instructions),
      resume: node.captured,
      version: canister.version,
    },
    entry,
  )
  if (outcome.error === undefined) node.captured = captureState(canister)
  undoExecution(canister)
  node.instructions += outcome.instructionsUsed
  budget.left -= outcome.instructionsUsed
  if (outcome.error !== undefined) node.error = executionReject(canister, outcome.error, node.caller)
  else {
    node.error = undefined
    node.calls.push(...outcome.calls)
    if (outcome.answer?.kind === 'reply') node.result = { status: 'replied', arg: outcome.answer.data }
    if (outcome.answer?.kind === 'reject')
      node.result = refused(createReject('CanisterRejectedMessage', shortenText(outcome.answer.message)))
  }
  return outcome
}

function runCall(world: World, node: Node, call: OutgoingCall, budget: Budget): void {
  checkBudget(budget)
  const result = callee(world, node, call, budget)
  checkBudget(budget)
  const replied = result.status === 'replied'
  const outcome = step(
    world,
    node,
    budget,
    {
      kind: replied ? 'composite_reply_callback' : 'composite_reject_callback',
      arg: replied ? result.arg : new Uint8Array(0),
      ...(replied ? {} : { reject: result.reject }),
    },
    { kind: 'closure', closure: replied ? call.onReply : call.onReject },
  )
  if (outcome.error === undefined || call.onCleanup === undefined) return
  const input = { kind: 'composite_cleanup', arg: new Uint8Array(0) } as const
  const cleanup = step(world, node, budget, input, { kind: 'closure', closure: call.onCleanup })
  const failure = cleanup.error === undefined ? outcome.error : { ...outcome.error, cleanupError: cleanup.error }
  node.error = executionReject(node.canister, failure, node.caller)
}

function callee(world: World, node: Node, call: OutgoingCall, budget: Budget): QueryResult {
  const { limits } = world.env
  const sender = node.canister.id
  if (call.callee.key === managementCanisterId.key) {
    const { result, instructions } = queryManagement(world.state, world.env, sender, call.methodName, call.arg)
    const isMethod = result.status === 'replied' || result.reject.errorCode !== 'CanisterMethodNotFound'
    if (isMethod) budget.left -= limits.compositeCallInstructions + instructions
    return result
  }
  const canister = world.state.canister(call.callee)
  if (canister === undefined) return refused(createReject('CanisterNotFound', `Canister ${call.callee.toText()} not found`))
  const { result, instructions } = evaluate(
    world,
    canister,
    { sender, methodName: call.methodName, arg: call.arg },
    budget,
    node.depth + 1,
    limits.compositeCallInstructions,
    undefined,
  )
  countQuery(world, canister.id.key, instructions, call.arg.length, responseBytes(result))
  return result
}

function checkDepth({ env }: World, depth: number): void {
  if (depth < env.limits.compositeQueryDepth) return
  throw new RejectError('QueryCallGraphTooDeep', 'Composite query calls exceeded the maximum call depth.')
}

function checkBudget({ left, isLate }: Budget): void {
  if (left <= 0) {
    throw new RejectError('QueryCallGraphTotalInstructionLimitExceeded', 'Composite query calls exceeded the instruction limit.')
  }
  if (isLate()) throw new RejectError('QueryTimeLimitExceeded', 'Composite query call exceeded the time limit.')
}

/** Tells whether the time is over that a tree may take, from now on. */
function stopwatch({ monotonicMillis, env }: World): () => boolean {
  if (monotonicMillis === undefined) return () => false
  const end = monotonicMillis() + env.limits.compositeQueryMillis
  return () => monotonicMillis() >= end
}
