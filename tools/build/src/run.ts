import { spawn } from 'node:child_process'
import { delimiter, dirname } from 'node:path'

/** How a child process ended and the last part of what it wrote. */
export interface Finished {
  readonly code: number
  readonly output: string
}

/** A child process to run. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Whether `program` is a line for the system's shell. */
  readonly shell?: boolean
}

const kept = 20_000

/**
 * Runs a program to its end. The Node that runs this comes first on the PATH, so that `node` and `npx` mean it. Builds are
 * for production, also when a test asks for them.
 */
export function run({ program, args, cwd, env = {}, shell = false }: Command): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const PATH = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`
    const child = spawn(program, args, {
      cwd,
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production', ...env, PATH },
    })
    let output = ''
    const collect = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-kept))
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
