/** Small files that must never be half written. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { CliError, messageOf, systemCodeOf } from '../output/cliError.ts'

/** Content of a file; undefined when there is none. */
export function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw new CliError({ what: `${file} cannot be read.`, why: messageOf(error) })
  }
}

/** Replaces a file in one step, so that a crash leaves the old or the new content. @throws CliError when it cannot be written */
export function writeWhole(file: string, content: string | Uint8Array, mode = 0o644): void {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(temporary, content, { mode })
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw new CliError({ what: `${file} cannot be written.`, why: messageOf(error), remedy: writeRemedy(error) })
  }
}

/** What to do about a file that could not be written. */
export function writeRemedy(error: unknown): string {
  const code = systemCodeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'The disk is full: free some space and run the command again.'
  if (code === 'EROFS') return 'The file system is mounted read-only: work in a folder that can be written.'
  return 'Check the owner and the permissions of the folder.'
}
