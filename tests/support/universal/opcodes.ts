/** Instructions of the universal canister's programs: a byte each, in one order for both memory widths. */
import { systemFunctions } from '../systemApi.ts'

/**
 * Instructions of the machine itself. The stack holds 64-bit values; a blob is two of them, address below length.
 *
 * Immediates: `push_int` 8 bytes, `push_blob` a length of 4 bytes and the bytes, all little-endian.
 */
export const machineOpcodes = [
  'push_int',
  'push_blob',
  'drop',
  'dup',
  'dup2',
  'swap',
  'rot',
  'nip',
  'add',
  'sub',
  'eq',
  'less',
  'alloc',
  'concat',
  'int_to_blob',
  'blob_to_int',
  'peek',
  'poke',
  'fill',
  'copy',
  'memory_size',
  'memory_grow',
  'get_state',
  'set_state',
  'append_state',
  'set_program',
  'closure',
  'eval',
  'when',
  'repeat',
  'burn',
  'stop',
  'unreachable',
  'divide',
  'recurse',
] as const

export type MachineOpcode = (typeof machineOpcodes)[number]

/** Every instruction with its byte: those of the machine, then the system functions. */
export const opcodeByName: ReadonlyMap<string, number> = new Map(
  [...machineOpcodes, ...Object.keys(systemFunctions)].map((name, index) => [name, index]),
)

/** Programs that do not come with a message, by the entry point that runs them; from `post_init` on experimental hooks. */
export const programSlots = [
  'heartbeat',
  'global_timer',
  'inspect_message',
  'pre_upgrade',
  'on_low_wasm_memory',
  'post_init',
  'on_error',
  'on_low_cycles',
  'on_low_heap_memory',
  'on_output_queue_full',
  'on_unfreeze',
] as const
export type ProgramSlot = (typeof programSlots)[number]
