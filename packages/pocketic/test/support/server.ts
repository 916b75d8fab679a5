/** The executable, started as clients start it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const executable = join(import.meta.dirname, '..', '..', 'bin', 'tidemark-pocket-ic.mjs')

/** Points PicJS to the executable, and to a folder of its own for the file with the port. */
export function useExecutable(): void {
  process.env['POCKET_IC_BIN'] = executable
  process.env['TMPDIR'] = process.env['TEMP'] = newFolder()
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'pocketic-'))
}

export interface StartedServer {
  readonly process: ChildProcess
  readonly portFile: string
  readonly url: string
  /** What it wrote to standard error so far. */
  errors(): string
  /** Waits for its end. @returns the exit code */
  ended(): Promise<number | null>
}

/** Runs the executable with a new port file until it listens. */
export async function startServer(...args: string[]): Promise<StartedServer> {
  const portFile = join(newFolder(), 'server.port')
  const server = spawn(process.execPath, [executable, '--port-file', portFile, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  server.stderr.on('data', (text: Buffer) => (errors += text.toString()))
  const exit = once(server, 'exit')
  const port = await eventually(() =>
    existsSync(portFile) && readFileSync(portFile, 'utf8').endsWith('\n') ? readFileSync(portFile, 'utf8').trim() : undefined,
  )
  return {
    process: server,
    portFile,
    url: `http://127.0.0.1:${port}`,
    errors: () => errors,
    ended: async () => (await exit)[0] as number | null,
  }
}

/** Asks again until there is an answer; the test's own time limit ends it. */
export async function eventually<Answer>(ask: () => Answer | undefined | Promise<Answer | undefined>): Promise<Answer> {
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await sleep(10)
  }
}
