import { type Program, program } from './program.ts'

const bytes = 10 * 1_048_576

/**
 * Uses more than so many billions of instructions with hardly any work for the machine: 10 MiB that are appended to a call,
 * at 50 instructions a byte, and thrown away. Only where calls may be made.
 */
export function heavy(billions: number): Program {
  const throwAway = program().sys('call_new', 0, 0, 0, 0, 0, 0, 0, 0).op('dup2').sys('call_data_append')
  return program()
    .int(bytes)
    .op('alloc')
    .repeat(billions * 2, throwAway)
}
