/** The full stack as a newcomer starts it, in a folder of its own so that a network of the checkout is left alone. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeFlags } from '../../../tools/run/runtime.mjs'

const root = join(import.meta.dirname, '..', '..', '..')
/** What belongs to one network and is not shared with the checkout. */
const own = new Set(['.dfx', '.git', '.tidemark'])

/** How a command of the command line ended. */
export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A running full stack. */
export class Stack {
  readonly folder: string
  readonly port: number
  readonly #child: ChildProcess
  readonly #output: () => string

  private constructor(folder: string, port: number, child: ChildProcess, output: () => string) {
    this.folder = folder
    this.port = port
    this.#child = child
    this.#output = output
  }

  /** Starts everything, or what the arguments of `tidemark start` say, and waits until it is ready. */
  static async start(args: readonly string[] = ['--full-stack']): Promise<Stack> {
    const folder = createProject()
    const port = await freePort()
    const main = join(root, 'apps', 'cli', 'src', 'main.ts')
    const child = spawn(process.execPath, [...nodeFlags, main, 'start', ...args, '--host', `127.0.0.1:${port}`], {
      cwd: folder,
      env: environment(folder),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    await new Promise<void>((resolve, reject) => {
      const listen = (chunk: Buffer): void => {
        output += chunk.toString()
        if (/Press Ctrl\+C|quit with 'Ctrl-C'/.test(output)) resolve()
      }
      child.stdout.on('data', listen)
      child.stderr.on('data', listen)
      child.on('exit', (code) => reject(new Error(`the stack ended with code ${code}:\n${output}`)))
    })
    return new Stack(folder, port, child, () => output)
  }

  get host(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get output(): string {
    return this.#output()
  }

  /** Resolves once the stack has printed the text. */
  async said(text: string): Promise<void> {
    while (!this.output.includes(text)) await once(this.#child.stdout ?? this.#child, 'data')
  }

  /** Id of a canister by its name in dfx.json. */
  id(name: string): string {
    const ids = JSON.parse(readFileSync(join(this.folder, '.dfx', 'local', 'canister_ids.json'), 'utf8')) as Record<
      string,
      { local: string }
    >
    const entry = ids[name]
    if (entry === undefined) throw new Error(`no canister ${name}`)
    return entry.local
  }

  /** Runs the tidemark command in the project. */
  tidemark(...args: string[]): Promise<CommandResult> {
    return this.tidemarkIn(this.folder, ...args)
  }

  /** Runs the tidemark command in another project, as the same user. */
  tidemarkIn(folder: string, ...args: string[]): Promise<CommandResult> {
    return run([join(root, 'apps', 'cli', 'src', 'main.ts'), ...args], folder, environment(this.folder))
  }

  /** Ends it as Ctrl+C does. @returns the exit code */
  async stop(): Promise<number> {
    const ended = new Promise<number>((resolve) => this.#child.once('exit', (code) => resolve(code ?? -1)))
    this.#child.kill('SIGINT')
    const code = await ended
    rmSync(this.folder, { recursive: true, force: true })
    return code
  }
}

/** Runs a program of `tests/e2e/programs` on this Node. */
export function runProgram(name: string, ...args: string[]): Promise<CommandResult> {
  return run([join(import.meta.dirname, '..', 'programs', name), ...args], root, process.env)
}

function run(args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...nodeFlags, ...args], { cwd, env, maxBuffer: 1 << 24 }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}

function environment(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, TIDEMARK_CONFIG_ROOT: join(folder, '.config'), NO_COLOR: '1' }
}

function createProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-stack-'))
  for (const name of readdirSync(root)) if (!own.has(name)) symlinkSync(join(root, name), join(folder, name))
  // Builds are addressed by their content, so the checkout's can be shared.
  mkdirSync(join(root, '.tidemark', 'build'), { recursive: true })
  mkdirSync(join(folder, '.tidemark'))
  symlinkSync(join(root, '.tidemark', 'build'), join(folder, '.tidemark', 'build'))
  return folder
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
