/** The one door to the management canister for replicated calls. */
import { createReject, type Reject, RejectError } from '@tidemark/types'
import { withAdvice } from './advice.ts'
import type { ManagementCall, ManagementResult } from './call.ts'
import { isMethodName } from './codec.ts'
import { isInternalMethod, refuseInternal } from './internalMethods.ts'
import { ingressRightOf, methods } from './methods.ts'

/** Executes one call. What the protocol rejects comes back as a value; anything thrown is a defect of ours. */
export function executeManagement(call: ManagementCall): ManagementResult {
  const { methodName } = call
  if (isInternalMethod(methodName)) {
    return { kind: 'reject', reject: call.origin.kind === 'ingress' ? forCanisters(methodName) : refuseInternal(methodName, call.caller) }
  }
  if (!isMethodName(methodName)) {
    return { kind: 'reject', reject: createReject('CanisterMethodNotFound', `Management canister has no method '${methodName}'`) }
  }
  const method = methods[methodName]
  if (call.origin.kind === 'ingress' && ingressRightOf(methodName, call.env) === undefined) {
    return { kind: 'reject', reject: forCanisters(methodName) }
  }
  try {
    return method.run(call)
  } catch (thrown) {
    if (thrown instanceof RejectError) return { kind: 'reject', reject: withAdvice(thrown.reject) }
    throw thrown
  }
}

function forCanisters(methodName: string): Reject {
  return createReject('CanisterContractViolation', `${methodName} cannot be called by a user.`)
}
