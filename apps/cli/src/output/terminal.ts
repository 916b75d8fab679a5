/** Where a command writes, what it reads, and where it stands: all that commands know of the process around them. */
import { createInterface } from 'node:readline/promises'

export interface Terminal {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether standard output is a screen, so that a line may be rewritten while work goes on. */
  readonly isScreen: boolean
  /** Writes to standard output, without a line end of its own. */
  write(text: string): void
  /** Writes a line to standard error. */
  warn(line: string): void
  /** Asks a question; the answer is empty at the end of input. */
  ask(question: string): Promise<string>
  /** Resolves when the user wants the command to end (Ctrl+C, or a termination signal). */
  untilInterrupted(): Promise<void>
}

/** The terminal of this process. */
export function createProcessTerminal(): Terminal {
  return {
    cwd: process.cwd(),
    env: process.env,
    isScreen: process.stdout.isTTY,
    write: (text) => void process.stdout.write(text),
    warn: (line) => void process.stderr.write(`${line}\n`),
    ask: async (question) => {
      const lines = createInterface({ input: process.stdin, output: process.stderr })
      const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
      const answer = await Promise.race([lines.question(question), ended])
      lines.close()
      return answer.trim()
    },
    untilInterrupted: () =>
      new Promise((resolve) => {
        // The handlers stay: a terminal and a launcher both pass Ctrl+C on, and the second must not cut the clean end short.
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
      }),
  }
}

/** Writes one line to standard output. */
export function print(terminal: Terminal, line: string): void {
  terminal.write(`${line}\n`)
}
