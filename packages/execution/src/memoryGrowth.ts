/** Growth of heap and stable memory during an execution. @see costs reference, "Memory growth and reservation". */
import { checkMemoryGrowth, groupDigits } from '@tidemark/cycles'
import { type CanisterSettings, isController } from '@tidemark/state'
import { ignoresFreezing, isHeapLimited, isInstall, isReplicated } from './entryKind.ts'
import type { Execution } from './execution.ts'
import { Trap } from './trap.ts'

/** Whether the subnet's memory ran out; any other refusal ends the execution. */
export type GrowthResult = 'granted' | 'out_of_memory'

/**
 * Takes memory for a growth, or says that there is none.
 *
 * @throws Trap when cycles or the reserved cycles limit do not allow it
 */
export function growMemory(execution: Execution, bytes: bigint): GrowthResult {
  const { canister, env, kind } = execution
  if (bytes === 0n || isUnchecked(execution)) {
    execution.grownBytes += bytes
    return 'granted'
  }
  const { settings } = canister
  const used = env.memory.usedBytes() + execution.allocatedBytes
  const heldBack = ignoresFreezing(kind) ? 0n : env.memory.callbackReserveBytes
  const check = checkMemoryGrowth(env.pricing, {
    growthBytes: bytes,
    account: {
      balance: execution.balance,
      reservedBalance: canister.reservedBalance + execution.reservedCycles,
      reservedCyclesLimit: settings.reservedCyclesLimit,
      memoryAllocationBytes: settings.memoryAllocation,
      memoryUsageBytes: execution.usageBytes,
      computeAllocationPercent: settings.computeAllocation,
      freezingThresholdSeconds: settings.freezingThreshold,
      messageMemoryBytes: execution.messageBytes,
    },
    subnet: {
      usageBytes: used,
      availableBytes: env.memory.capacityBytes - heldBack - used,
      thresholdBytes: env.memory.thresholdBytes,
      capacityBytes: env.memory.capacityBytes,
    },
    allocationCapsUsage: env.memory.allocationCapsUsage,
    skipFreezingCheck: ignoresFreezing(kind),
  })
  if (check.ok) {
    execution.grownBytes += bytes
    execution.allocatedBytes += check.newBytes
    execution.reservedCycles += check.reservation
    return 'granted'
  }
  if (check.reason === 'subnet_memory' || check.reason === 'allocation_cap') return 'out_of_memory'
  throw growthRefused(execution, bytes, check.reason, check.missing)
}

/** Queries leave nothing behind; of an installation, whoever applies it checks what it leaves in the end. */
function isUnchecked({ kind }: Execution): boolean {
  return isInstall(kind) || !isReplicated(kind) || kind === 'replicated_query'
}

function growthRefused(execution: Execution, bytes: bigint, reason: 'freezing' | 'balance' | 'reserved_limit', missing: bigint): Trap {
  if (reason === 'reserved_limit') {
    const limit = execution.canister.settings.reservedCyclesLimit
    return new Trap({
      errorCode: 'ReservedCyclesLimitExceededInMemoryGrow',
      message: `Canister cannot grow memory by ${bytes} bytes due to its reserved cycles limit. The current limit (${groupDigits(limit)}) would be exceeded by ${groupDigits(missing)}.`,
    })
  }
  // Only a controller learns how much is missing.
  const reveal = isController(execution.canister.settings, execution.input.caller)
  return new Trap({
    errorCode: 'InsufficientCyclesInMemoryGrow',
    message: `Canister cannot grow memory by ${bytes} bytes due to insufficient cycles.${reveal ? ` At least ${groupDigits(missing)} additional cycles are required.` : ''}`,
  })
}

/**
 * Checks a growth of the heap that the engine has already granted.
 *
 * @throws Trap because accounting never turns a success of `memory.grow` into −1
 */
export function heapGrown(execution: Execution, oldPages: number, newPages: number): void {
  const newBytes = BigInt(newPages) * 65_536n
  if (isHeapLimited(execution.kind)) checkHeapLimit(execution.canister.settings, newBytes)
  if (growMemory(execution, newBytes - BigInt(oldPages) * 65_536n) === 'out_of_memory') {
    throw new Trap({ errorCode: 'CanisterOutOfMemory', message: 'Canister cannot grow its memory usage.' })
  }
}

/** @throws Trap when the heap is larger than the canister's own limit */
export function checkHeapLimit({ wasmMemoryLimit: limit }: CanisterSettings, heapBytes: bigint): void {
  if (limit === undefined || limit === 0n || heapBytes <= limit) return
  throw new Trap({
    errorCode: 'CanisterWasmMemoryLimitExceeded',
    message:
      `Canister exceeded its current Wasm memory limit of ${limit} bytes. The peak Wasm memory usage was ${heapBytes} bytes. ` +
      'If the canister reaches 4GiB, then it may stop functioning and may become unrecoverable. ' +
      'Please reach out to the canister owner to investigate the reason for the increased memory usage. ' +
      'It might be necessary to move data from the Wasm memory to the stable memory. ' +
      'If such high Wasm memory usage is expected and safe, then the developer can increase the Wasm memory limit in the canister settings.',
  })
}
