/** Printing and trapping. @see Interface specification, "Debugging aids". */
import { isReplicated } from '../entryKind.ts'
import type { Execution } from '../execution.ts'
import { Trap } from '../trap.ts'
import { type Machine, type SystemCallGroup, systemCall } from './systemCall.ts'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()
/** Bytes of a trap's text that are read. */
const maxTrapBytes = 32_768
/** Instructions per byte that the log keeps at all, and per byte that this message still may ship. */
const keptByteInstructions = 2
const shippedByteInstructions = 50

/** System calls that write to the log. */
export const debugCalls: SystemCallGroup = {
  debug_print: systemCall('* s', ({ execution, memory, exports }: Machine, source: number, size: number) => {
    exports.charge(logCharge(execution, size) + (execution.env.pricing.subnetType === 'system' ? size : 0))
    // What the log cannot hold is not even copied.
    const content = memory.contains(source, size)
      ? memory.read('ic0.debug_print', source, Math.min(size, logCapacity(execution)))
      : encoder.encode('(debug_print message out of memory bounds)')
    execution.env.onDebugPrint?.(execution.canister.id, content)
    appendRecord(execution, content)
  }),
  trap: systemCall('* s', ({ execution, memory, exports }: Machine, source: number, size: number) => {
    exports.charge(size + logCharge(execution, size))
    const text = memory.contains(source, size)
      ? decoder.decode(memory.read('ic0.trap', source, Math.min(size, maxTrapBytes)))
      : '(trap message out of memory bounds)'
    throw new Trap({
      errorCode: 'CanisterCalledTrap',
      message: `Canister called \`ic0.trap\` with message: '${text}'`,
      logText: `[TRAP]: ${text === '' ? '(no message)' : text}`,
    })
  }),
}

function logCharge(execution: Execution, size: number): number {
  const capacity = logCapacity(execution)
  const remaining = Math.max(0, capacity - execution.log.writtenBytes)
  return keptByteInstructions * Math.min(size, capacity) + shippedByteInstructions * Math.min(size, remaining)
}

/** Adds a record to what this execution logs; kinds that leave no trace in the state log nothing. */
export function appendRecord(execution: Execution, content: Uint8Array): void {
  if (!isReplicated(execution.kind)) return
  execution.log.append(content, logCapacity(execution))
}

function logCapacity(execution: Execution): number {
  return Number(execution.canister.settings.logMemoryLimit)
}
