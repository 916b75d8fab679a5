/** Runs the next lifecycle hook of a canister, in the order of their names' list. */
import { prepaidExecution } from '@tidemark/cycles'
import { executeMessage } from '@tidemark/execution'
import { type CanisterState, type LifecycleHookName, type LifecycleHooks, type PendingHook, lifecycleHookNames } from '@tidemark/state'
import { managementCanisterId } from '@tidemark/types'
import { prepay, wasmModeOf } from '../commit/charge.ts'
import { settleMessage } from '../commit/settleMessage.ts'
import { openContext } from '../round/runInput.ts'
import type { World } from '../world.ts'
import { gateIsClosed } from './gate.ts'
import { hookExport } from './queue.ts'

/** Instructions of a warning that is paid for out of the reserve below the freezing threshold: at most, and at least. */
const reserveInstructions = { most: 1_000_000_000, least: 10_000_000 }

/** Runs the first hook that is due, may run now and can be paid for. @returns instructions used; undefined when none ran */
export function runLifecycleHook(world: World, canister: CanisterState, hooks: LifecycleHooks): number | undefined {
  if (hooks.pending.length === 0 || gateIsClosed(world, canister, hooks)) return undefined
  for (const name of lifecycleHookNames) {
    const event = hooks.pending.find((candidate) => candidate.name === name)
    if (event === undefined || !isItsTurn(world, canister, hooks, name)) continue
    const payment = payFor(world, canister, name)
    if (payment !== undefined) return run(world, canister, hooks, event, payment)
  }
  return undefined
}

/** Errors are told once a round at most, and a message that waits goes between two of them. */
function isItsTurn(world: World, canister: CanisterState, hooks: LifecycleHooks, name: LifecycleHookName): boolean {
  if (name !== 'canister_on_error') return true
  return hooks.lastErrorRound < world.state.round && (!hooks.errorsYield || canister.queues.isEmpty)
}

interface Payment {
  readonly prepaid: bigint
  readonly instructionLimit: number
}

function payFor(world: World, canister: CanisterState, name: LifecycleHookName): Payment | undefined {
  const instructionLimit = world.env.limits.messageInstructions
  const prepaid = prepay(world, canister, instructionLimit, managementCanisterId)
  if (typeof prepaid === 'bigint') return { prepaid, instructionLimit }
  return name === 'canister_on_low_cycles' ? payFromReserve(world, canister) : undefined
}

/** The cycles below the freezing threshold are the reserve of the warning: a short run is paid out of them. */
function payFromReserve(world: World, canister: CanisterState): Payment | undefined {
  const { most, least } = reserveInstructions
  for (let instructionLimit = most; instructionLimit >= least; instructionLimit = Math.floor(instructionLimit / 2)) {
    const prepaid = prepaidExecution(world.pricing, BigInt(instructionLimit), wasmModeOf(canister))
    if (prepaid > canister.balance) continue
    canister.balance -= prepaid
    return { prepaid, instructionLimit }
  }
  return undefined
}

function run(world: World, canister: CanisterState, hooks: LifecycleHooks, event: PendingHook, payment: Payment): number {
  const { name, number, arg } = event
  hooks.pending = hooks.pending.filter((candidate) => candidate !== event)
  if (name === 'canister_on_error') {
    hooks.lastErrorRound = world.state.round
    hooks.errorsYield = true
  }
  const context = openContext(world, canister, { kind: 'lifecycle_hook' }, name, 0n)
  const outcome = executeMessage(
    canister,
    world.env,
    {
      kind: 'lifecycle_hook',
      caller: managementCanisterId,
      arg,
      methodName: name,
      canRespond: true,
      instructionLimit: payment.instructionLimit,
      version: canister.version,
    },
    { kind: 'export', name: hookExport(name) },
  )
  return settleMessage(world, canister, context, {
    methodName: name,
    arg,
    startedNanos: world.state.timeNanos,
    steps: [{ outcome, kind: 'lifecycle_hook', ...payment, discardsState: false }],
    closing: outcome,
    hookNumber: number,
  })
}
