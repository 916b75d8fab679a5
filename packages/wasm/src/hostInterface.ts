/**
 * What the host of an instrumented module provides and gets.
 *
 * Names under which the output imports and exports; everything the rewriting adds is named here.
 */

/** Module name of everything that the output imports beyond the module's own imports. */
export const hostModule = 'tidemark'

/** Prefix of everything that the output exports beyond the module's own exports. */
export const exportPrefix = 'tidemark:'

/** Functions of the `tidemark` import module. */
export interface HostFunctions {
  /** The counter fell below zero at a check. Must throw. */
  out_of_instructions(): void
  /** One operation has cost more than the option `operationLimit` allows. May throw, or let it go on. */
  operation_too_costly(instructions: number): void
  /** The call chain used up the stack budget. Must throw. */
  stack_overflow(): void
  /** The logical size grew, in 64 KiB pages. May throw; a rollback then undoes the growth. */
  memory_grown(oldPages: number, newPages: number): void
  /** An access beyond the logical size. Must throw. */
  heap_out_of_bounds(): void
  /** The undo log cannot grow any further. Must throw. */
  out_of_memory(): void
}

/**
 * Functions that the output exports, each under `tidemark:<name>`. Table 0, where there is one, is exported beside them as
 * `tidemark:table`, for a host that calls functions by their index: entries take two more arguments, the instructions and the
 * stack left as bigints, and give back the instructions left behind their results.
 *
 * The counter is a signed 64-bit number of instructions left, exchanged as a double.
 */
export interface InstrumentedControls {
  /** Instructions left; exact whenever the host has control, traps included. */
  counter(): number
  /** Sets the instructions left and gives back the whole stack budget. */
  set_counter(value: number): void
  /** Bytes of the stack budget left where the host was called, or the whole of it between messages. */
  stack_left(): number
  /** Takes off `amount` (saturating), then calls `out_of_instructions` when below zero. */
  charge(amount: number): void
  /** Opens a message: remembers globals, tables and the logical size; forgets all page marks. */
  begin(): void
  /** Keeps the state; forgets page marks and the undo log. Cost grows with the pages touched. */
  commit(): void
  /** Restores pages, logical size, globals and tables as they were at `begin`; then as `commit`. */
  rollback(): void
  /** The host is about to read `[addr, addr + len)`: charges first touches. Length 0 does nothing. */
  touch_read(addr: number, len: number): void
  /** The host is about to write `[addr, addr + len)`: charges and logs. Length 0 does nothing. */
  touch_write(addr: number, len: number): void
  /** The same without any charge: for state that is written outside of messages. */
  log_write(addr: number, len: number): void
  /** Logical memory size in 64 KiB pages. */
  pages(): number
  /** Sets the logical size, for a host that restores a saved state; the memory must be at least that large. */
  set_pages(pages: number): void
  /** 4 KiB pages logged since `begin`. */
  dirty_pages(): number
  /** Index of the n-th logged 4 KiB page. */
  dirty_page(n: number): number
  /** Logged pages whose bytes really differ from what they were at `begin`. */
  changed_pages(): number
  /** 64 KiB pages touched since `begin`. */
  touched_chunks(): number
  /** 1: writes add nothing to the first touch. 0: they do. Stays until set again. */
  set_query_mode(on: number): void
  /** Writes the active data segments, in order, as an instantiation would. Present when there are any. */
  init_data?(): void
  /** The module's start function. Present when it has one. */
  start?(): void
}
