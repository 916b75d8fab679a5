import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../../src/program.ts'
import type { Terminal } from '../../src/output/terminal.ts'

/** A terminal that keeps what is written to it. */
export interface RecordingTerminal extends Terminal {
  readonly out: () => string
  readonly err: () => string
  /** What Ctrl+C does. */
  readonly interrupt: () => void
}

export function createTerminal(
  cwd: string,
  { env = {}, answers = [] }: { env?: Record<string, string>; answers?: string[] } = {},
): RecordingTerminal {
  let out = ''
  let err = ''
  const interrupted = Promise.withResolvers<void>()
  const waiting = [...answers]
  return {
    cwd,
    env: { TIDEMARK_CONFIG_ROOT: join(cwd, 'config'), ...env },
    isScreen: false,
    write: (text) => void (out += text),
    warn: (line) => void (err += `${line}\n`),
    ask: () => Promise.resolve(waiting.shift() ?? ''),
    untilInterrupted: () => interrupted.promise,
    out: () => out,
    err: () => err,
    interrupt: () => interrupted.resolve(),
  }
}

export interface CommandResult {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs one command line to its end. */
export async function run(
  cwd: string,
  args: readonly string[],
  options: { env?: Record<string, string>; answers?: string[] } = {},
): Promise<CommandResult> {
  const terminal = createTerminal(cwd, options)
  const code = await runCommand(args, terminal)
  return { code, out: terminal.out(), err: terminal.err() }
}

/** A folder that is removed when the scope ends. */
export function temporaryFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'tidemark-cli-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
