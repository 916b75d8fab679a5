import type { FunctionType } from '../facts.ts'
import type { BodyPlan } from '../plan/bodyPlan.ts'

const frameOverhead = 64
/** What checks of memory accesses keep beside the function's own locals. */
const accessOverhead = 48
const slot = 8
/** What a call of the host takes, which may call an export again. */
export const hostFrame = 1024

/**
 * Bytes of stack that the model charges for one call: a fixed part, and a slot for every local, operand and result and two for
 * every parameter, which is where the caller left it and where the callee keeps it.
 *
 * An upper bound of what the engines' baseline compilers use, so that the budget runs out before their own stack does.
 */
export function frameSize(plan: BodyPlan, { params, results }: FunctionType): number {
  const slots = 2 * params.length + results.length + plan.localCount + plan.maxHeight
  const vectorSlots = plan.vectorLocals + (plan.usesVectors ? plan.maxHeight + 2 * params.length + results.length : 0)
  return frameOverhead + (plan.accessesMemory ? accessOverhead : 0) + slot * (slots + vectorSlots)
}

/** Largest frame that fits beside a whole budget into the smallest stack that an engine gives: 500 KiB in workers of Chromium. */
const largestSpare = 50_000

/**
 * The budget of a module, given the largest frame in it: engines lay a frame out before its code can test the budget, so what
 * a very large one takes has to be kept free.
 */
export function budgetBeside(largestFrame: number, budget: number): number {
  return Math.max(0, budget - Math.max(0, largestFrame - largestSpare))
}
