/** The turn of one canister: the hooks first, then heartbeat and timer, then what waits in its queues. */
import type { CanisterState, InputMessage } from '@tidemark/state'
import type { World } from '../world.ts'
import { touch } from '../commit/commitExecution.ts'
import { awaitsPostInit, isGated, popGated } from '../hooks/gate.ts'
import { runLifecycleHook } from '../hooks/runHook.ts'
import { runInput } from './runInput.ts'
import { runResponse } from './runResponse.ts'
import { type SystemTask, runTask } from './runTask.ts'

/** Heartbeats and timers of this round that have not run yet. */
export type RoundTasks = Map<string, { readonly canister: CanisterState; readonly tasks: SystemTask[] }>

/**
 * Chooses heartbeats and timers for a round. Timer, heartbeat and messages take turns at being first: when it is the
 * turn of the messages and one waits, neither task is planned.
 */
export function planTasks(world: World): RoundTasks {
  const planned: RoundTasks = new Map()
  for (const canister of world.activity.withTasks()) {
    if (canister.hookStatus === 'ready' || canister.longExecution !== undefined || isGated(world, canister)) continue
    const tasks = chooseTasks(world, canister)
    if (tasks.length > 0) planned.set(canister.id.key, { canister, tasks })
  }
  return planned
}

const turns = ['timer', 'heartbeat', 'message'] as const

function chooseTasks(world: World, canister: CanisterState): SystemTask[] {
  const functions = canister.execution?.module.exportedFunctions
  const timerDue =
    canister.globalTimerNanos !== 0n &&
    canister.globalTimerNanos <= world.state.timeNanos &&
    functions?.has('canister_global_timer') === true
  const heartbeat = functions?.has('canister_heartbeat') === true
  const choosable = { timer: timerDue, heartbeat, message: !canister.queues.isEmpty }
  const from = turns.indexOf(canister.nextScheduled)
  for (let step = 0; step < turns.length; step++) {
    const turn = turns[(from + step) % turns.length] as (typeof turns)[number]
    if (!choosable[turn]) continue
    world.state.handOut(canister)
    canister.nextScheduled = turns[(from + step + 1) % turns.length] as (typeof turns)[number]
    if (turn === 'message') return []
    const timer: SystemTask[] = timerDue ? ['global_timer'] : []
    const beat: SystemTask[] = heartbeat ? ['heartbeat'] : []
    return turn === 'timer' ? [...timer, ...beat] : [...beat, ...timer]
  }
  return []
}

/** Runs the next thing of a canister. @returns instructions used; undefined when there is nothing to run */
export function runCanister(world: World, canister: CanisterState, planned: RoundTasks): number | undefined {
  if (canister.status.kind === 'running') {
    const used = runTasks(world, canister, planned)
    if (used !== undefined) return used
  }
  const message = nextMessage(world, canister)
  if (message === undefined) return undefined
  const used = message.kind === 'response' ? runResponse(world, canister, message) : runInput(world, canister, message)
  if (canister.lifecycleHooks !== undefined) canister.lifecycleHooks.errorsYield = false
  touch(world, canister)
  return used
}

/** While one of these hooks is due but cannot be paid for, or post-init is not done, nothing new may start; responses may. */
function nextMessage(world: World, canister: CanisterState): InputMessage | undefined {
  const { queues } = canister
  if (canister.status.kind !== 'running') return queues.pop()
  if (canister.hookStatus === 'ready') return queues.popResponse()
  return awaitsPostInit(world, canister) ? popGated(canister) : queues.pop()
}

function runTasks(world: World, canister: CanisterState, planned: RoundTasks): number | undefined {
  if (canister.hookStatus === 'ready') {
    const used = runTask(world, canister, 'on_low_wasm_memory')
    if (used !== undefined) return used
  }
  if (canister.lifecycleHooks !== undefined) {
    const used = runLifecycleHook(world, canister, canister.lifecycleHooks)
    if (used !== undefined) return used
  }
  const entry = planned.get(canister.id.key)
  if (canister.hookStatus === 'ready' || awaitsPostInit(world, canister)) return undefined
  for (let task = entry?.tasks.shift(); task !== undefined; task = entry?.tasks.shift()) {
    if (entry?.tasks.length === 0) planned.delete(canister.id.key)
    const used = runTask(world, canister, task)
    if (used !== undefined) return used
  }
  return undefined
}
