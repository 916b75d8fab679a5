/** All system calls, by name. @see Interface specification, "Overview of imports". */
import { entryBit, entryName } from '../entryKind.ts'
import { contractViolation } from '../trap.ts'
import { callCalls } from './call.ts'
import { canisterCalls } from './canister.ts'
import { certifiedDataCalls } from './certifiedData.ts'
import { costCalls } from './cost.ts'
import { cyclesCalls } from './cycles.ts'
import { debugCalls } from './debug.ts'
import { messageCalls } from './message.ts'
import { replyCalls } from './reply.ts'
import { stableCalls } from './stable.ts'
import type { Machine, SystemCall, SystemCallGroup } from './systemCall.ts'

/** Every system call that a module may import from `ic0`. */
export const systemCalls: SystemCallGroup = {
  ...messageCalls,
  ...replyCalls,
  ...callCalls,
  ...cyclesCalls,
  ...stableCalls,
  ...certifiedDataCalls,
  ...canisterCalls,
  ...costCalls,
  ...debugCalls,
}

/**
 * The import object for a module.
 *
 * @param machine - the machine of the execution in progress
 */
export function systemImports(names: Iterable<string>, machine: () => Machine): Record<string, (...args: never[]) => unknown> {
  const imports: Record<string, (...args: never[]) => unknown> = {}
  for (const name of names) {
    const call = systemCalls[name]
    if (call !== undefined) imports[name] = bind(name, call, machine)
  }
  return imports
}

function bind(name: string, { contexts, body }: SystemCall, machine: () => Machine): (...args: never[]) => unknown {
  return (...args) => {
    const current = machine()
    if ((contexts & entryBit[current.execution.kind]) === 0) {
      throw contractViolation(`"ic0.${name}" cannot be executed in ${entryName[current.execution.kind]} mode`)
    }
    return body(current, ...args)
  }
}
