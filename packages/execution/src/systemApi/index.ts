/** All system calls, by name. @see Interface specification, "Overview of imports". */
import type { ImportFact } from '@tidemark/wasm'
import { entryBit } from '../entryKind.ts'
import { experimentalModule } from '../validation/systemApiTable.ts'
import { callCalls } from './call.ts'
import { canisterCalls } from './canister.ts'
import { certifiedDataCalls } from './certifiedData.ts'
import { costCalls } from './cost.ts'
import { cyclesCalls } from './cycles.ts'
import { debugCalls } from './debug.ts'
import { lifecycleHookCalls } from './lifecycleHooks.ts'
import { messageCalls } from './message.ts'
import { replyCalls } from './reply.ts'
import { stableCalls } from './stable.ts'
import { type Machine, type SystemCall, type SystemCallGroup, wrongMode } from './systemCall.ts'

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

const modules: Readonly<Record<string, SystemCallGroup>> = { ic0: systemCalls, [experimentalModule]: lifecycleHookCalls }

type Imports = Record<string, (...args: never[]) => unknown>

/**
 * The system's part of the import object for a module.
 *
 * @param machine - the machine of the execution in progress
 */
export function systemImports(imported: readonly ImportFact[], machine: () => Machine): Record<string, Imports> {
  const imports: Record<string, Imports> = {}
  for (const { module, name } of imported) {
    const call = modules[module]?.[name]
    if (call !== undefined) (imports[module] ??= {})[name] = bind(module, name, call, machine)
  }
  return imports
}

function bind(module: string, name: string, { contexts, body }: SystemCall, machine: () => Machine): (...args: never[]) => unknown {
  return (...args) => {
    const current = machine()
    if ((contexts & entryBit[current.execution.kind]) === 0) {
      throw wrongMode(module === 'ic0' ? nameInErrors(name) : `${module}.${name}`, current.execution.kind)
    }
    return body(current, ...args)
  }
}

// The reference writes these two with a dot.
function nameInErrors(name: string): string {
  return name === 'root_key_copy' || name === 'subnet_self_copy' ? `ic0.${name}` : `ic0_${name}`
}
