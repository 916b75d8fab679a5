import type { BodyPlan } from '../plan/bodyPlan.ts'

const frameOverhead = 112
const slot = 8

/**
 * Bytes of stack that the model charges for one call: a fixed part, and a slot for every parameter, local and operand.
 *
 * An upper bound of what the engines' compilers use, so that the budget runs out before their own stack does.
 */
export function frameSize(plan: BodyPlan, params: number): number {
  const slots = params + plan.localCount + plan.maxHeight
  const vectorSlots = plan.vectorLocals + (plan.usesVectors ? plan.maxHeight + params : 0)
  return frameOverhead + slot * (slots + vectorSlots)
}
