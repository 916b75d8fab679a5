import type { monitorTypes } from '@tidemark/bindings'
import { judgeLowCycles, judgeLowHeapMemory, type Verdict } from '@tidemark/hooks'

/** What the monitor remembers of a canister between two looks, so that each crossing counts once. */
export interface WatchState {
  readonly cyclesArmed: boolean
  readonly heapMemoryArmed: boolean
  readonly topUpArmed: boolean
  /** Whether it was seen frozen and has not been seen able to run since. */
  readonly frozen: boolean
}

/** A canister that was never looked at. */
export const freshState: WatchState = { cyclesArmed: true, heapMemoryArmed: true, topUpArmed: true, frozen: false }

/** An event that a look raises, or a condition that it finds over. */
export interface Finding {
  /** A hook, or `deposit_cycles`. */
  readonly hook: string
  readonly verdict: Verdict
  /** What was seen, and against what it was held. */
  readonly value: bigint
  readonly threshold: bigint
  /** Argument of the hook, or cycles to send. */
  readonly argument: bigint
}

const secondsPerDay = 86_400n

/**
 * Whether a canister's balance is below its freezing threshold, as far as its status tells: what it burns while idle over the
 * seconds of the setting.
 */
export function isFrozen({ cycles, idle_cycles_burned_per_day: idle, settings }: monitorTypes.Sample): boolean {
  return cycles * secondsPerDay < idle * settings.freezing_threshold
}

/** Holds a sample against a plan. Findings are in the order in which they are to be told. */
export function judge(
  plan: monitorTypes.HookPlan,
  state: WatchState,
  sample: monitorTypes.Sample,
): { state: WatchState; findings: Finding[] } {
  const [cyclesThreshold] = plan.cycles_threshold
  const [heapThreshold] = plan.heap_memory_threshold
  const [topUp] = plan.top_up
  const { cycles } = sample
  const heap = sample.memory_metrics.wasm_memory_size
  const frozen = isFrozen(sample)
  const all = [
    cyclesThreshold === undefined
      ? undefined
      : of('canister_on_low_cycles', judgeLowCycles(state.cyclesArmed, cycles, cyclesThreshold), cycles, cyclesThreshold),
    heapThreshold === undefined
      ? undefined
      : of('canister_on_low_heap_memory', judgeLowHeapMemory(state.heapMemoryArmed, heap, heapThreshold), heap, heapThreshold),
    plan.unfreeze && state.frozen && !frozen ? { ...of('canister_on_unfreeze', 'crossed', cycles, 0n), argument: 0n } : undefined,
    topUp === undefined
      ? undefined
      : { ...of('deposit_cycles', judgeLowCycles(state.topUpArmed, cycles, topUp.below), cycles, topUp.below), argument: topUp.amount },
  ]
  const findings = all.filter((finding) => finding !== undefined).filter(({ verdict }) => verdict !== 'unchanged')
  const armed = (hook: string, before: boolean) => {
    const found = findings.find((finding) => finding.hook === hook)
    return found === undefined ? before : found.verdict === 'rearmed'
  }
  return {
    findings,
    state: {
      cyclesArmed: armed('canister_on_low_cycles', state.cyclesArmed),
      heapMemoryArmed: armed('canister_on_low_heap_memory', state.heapMemoryArmed),
      topUpArmed: armed('deposit_cycles', state.topUpArmed),
      frozen,
    },
  }
}

function of(hook: string, verdict: Verdict, value: bigint, threshold: bigint): Finding {
  return { hook, verdict, value, threshold, argument: threshold }
}
