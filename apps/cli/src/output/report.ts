/** Turns whatever a command threw into text for the user and an exit code. */
import { CommanderError } from 'commander'
import { CandidError } from '@tidemark/candid'
import { explainAgentError } from '../network/agentError.ts'
import { writeRemedy } from '../project/files.ts'
import { CliError, systemCodeOf } from './cliError.ts'
import type { Terminal } from './terminal.ts'

/** Prints an error: what, why, what to do. Only our own defects show a stack. Returns the exit code. */
export function report(error: unknown, terminal: Terminal): number {
  // Commander has printed its own message already.
  if (error instanceof CommanderError) return error.exitCode
  const known = asCliError(error)
  if (known === undefined) {
    terminal.warn(`Error: an internal defect of tidemark\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    return 70
  }
  terminal.warn(`Error: ${known.message}`)
  if (known.why !== undefined) terminal.warn(known.why)
  if (known.remedy !== undefined) terminal.warn(known.remedy)
  return known.exitCode
}

function asCliError(error: unknown): CliError | undefined {
  if (error instanceof CliError) return error
  if (error instanceof CandidError) return new CliError({ what: error.message })
  return explainAgentError(error) ?? explainFileError(error)
}

/** A file that cannot be read or written is an obstacle of the machine, wherever it was met. */
function explainFileError(error: unknown): CliError | undefined {
  const code = systemCodeOf(error)
  if (code === undefined || !(error instanceof Error) || !('path' in error || code === 'ENOSPC')) return undefined
  return new CliError({ what: 'A file cannot be read or written.', why: error.message, remedy: writeRemedy(error) })
}
