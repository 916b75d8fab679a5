/** The shape of a system call, and how a group of them is declared. */
import { type EntryKind, contextMask, entryName } from '../entryKind.ts'
import type { Execution } from '../execution.ts'
import { type Trap, contractViolation } from '../trap.ts'
import type { HostMemory, RewrittenExports } from './hostMemory.ts'

/** What a system call works on. */
export interface Machine {
  readonly execution: Execution
  readonly memory: HostMemory
  readonly exports: RewrittenExports
  readonly wasmMode: 'wasm32' | 'wasm64'
}

/**
 * Arguments as the adapter hands them over: pointers, sizes and 32-bit integers as unsigned numbers, 64-bit amounts and
 * times as bigint (signed, so callers take them modulo 2^64).
 */
export type SystemCallBody = (machine: Machine, ...args: never[]) => number | bigint | void

export interface SystemCall {
  /** Kinds of execution that may use it, as bits. */
  readonly contexts: number
  readonly body: SystemCallBody
}

export type SystemCallGroup = Readonly<Record<string, SystemCall>>

/** Declares a system call with the letters of the specification's table. */
export function systemCall(contexts: string, body: SystemCallBody): SystemCall {
  return { contexts: contextMask(contexts), body }
}

/** A 64-bit argument as the unsigned number it stands for. */
export function unsigned(value: bigint): bigint {
  return BigInt.asUintN(64, value)
}

/** A 128-bit amount from its two halves. */
export function amount(high: bigint, low: bigint): bigint {
  return (unsigned(high) << 64n) | unsigned(low)
}

/** The error of a system call in an execution of a kind that may not use it. @param name - of the call, as errors write it */
export function wrongMode(name: string, kind: EntryKind): Trap {
  return contractViolation(`"${name}" cannot be executed in ${entryName[kind]} mode`, {
    suggestion: 'Check the ICP documentation to make sure APIs are being called in the correct message types.',
    anchor: 'calling-a-system-api-from-the-wrong-mode',
  })
}

/** Declares the pair `NAME_size` and `NAME_copy` that hands out a blob; `part` is what errors call the blob. */
export function blobCalls(name: string, part: string, contexts: string, blob: (machine: Machine) => Uint8Array): SystemCallGroup {
  return {
    [`${name}_size`]: systemCall(contexts, (machine) => blob(machine).length),
    [`${name}_copy`]: systemCall(contexts, (machine, destination: number, offset: number, size: number) => {
      machine.memory.copyOut(`ic0.${name}_copy`, part, blob(machine), destination, offset, size)
    }),
  }
}
