import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../../src/program.ts'
import { type CommandResult, createTerminal, run, temporaryFolder } from './terminal.ts'

const repository = fileURLToPath(new URL('../../../..', import.meta.url))
/** Builds that no test changes the inputs of: taken from the repository, and left there for the next run. */
const sharedBuilds = ['low_wasm_memory_hook', 'low_wasm_memory_hook_wasm']

export interface TestProject {
  readonly path: string
  /** Runs a command in the project. */
  readonly run: (line: string | readonly string[], options?: { answers?: string[] }) => Promise<CommandResult>
  /** Starts a network (or the full stack) in this process; resolves when it says that it is ready. */
  readonly start: (args?: readonly string[]) => Promise<RunningCommand>
  [Symbol.asyncDispose](): Promise<void>
}

export interface RunningCommand {
  readonly out: () => string
  /** Presses Ctrl+C and waits for the end. */
  readonly stop: () => Promise<CommandResult>
}

type Canisters = Record<string, Record<string, unknown>>

/** This repository's project in a folder of its own, listening on any free port. @param change - adapts its canisters */
export function createProject(change: (canisters: Canisters) => Canisters = (canisters) => canisters): TestProject {
  const folder = temporaryFolder()
  const dfx: { canisters: Canisters } = JSON.parse(readFileSync(join(repository, 'dfx.json'), 'utf8'))
  const networks = { local: { bind: '127.0.0.1:0', type: 'ephemeral' } }
  writeFileSync(join(folder.path, 'dfx.json'), JSON.stringify({ ...dfx, canisters: change(dfx.canisters), networks }, null, 2))
  for (const name of ['apps', 'canisters', 'packages', 'tools', 'node_modules', 'package.json', 'package-lock.json', 'mops.toml']) {
    if (existsSync(join(repository, name))) symlinkSync(join(repository, name), join(folder.path, name))
  }
  mkdirSync(join(folder.path, '.tidemark', 'build'), { recursive: true })
  for (const name of sharedBuilds) {
    mkdirSync(join(repository, '.tidemark', 'build', name), { recursive: true })
    symlinkSync(join(repository, '.tidemark', 'build', name), join(folder.path, '.tidemark', 'build', name))
  }
  return projectIn(folder)
}

/** A project outside of this repository, with nothing in it but its dfx.json. */
export function createForeignProject(dfx: Record<string, unknown>): TestProject {
  const folder = temporaryFolder()
  writeFileSync(join(folder.path, 'dfx.json'), JSON.stringify({ ...dfx, networks: { local: { bind: '127.0.0.1:0' } } }))
  return projectIn(folder)
}

function projectIn(folder: ReturnType<typeof temporaryFolder>): TestProject {
  const running = new Set<RunningCommand>()
  return {
    path: folder.path,
    run: (line, options) => run(folder.path, typeof line === 'string' ? wordsOf(line) : line, options),
    start: async (args = ['start']) => {
      const command = await startCommand(folder.path, args)
      running.add(command)
      return command
    },
    [Symbol.asyncDispose]: async () => {
      for (const command of running) await command.stop()
      folder[Symbol.dispose]()
    },
  }
}

async function startCommand(cwd: string, args: readonly string[]): Promise<RunningCommand> {
  const ready = Promise.withResolvers<void>()
  const inner = createTerminal(cwd)
  const terminal = {
    ...inner,
    write: (text: string) => {
      inner.write(text)
      if (/Replica API running|Press Ctrl\+C/.test(inner.out())) ready.resolve()
    },
  }
  const ended = runCommand(args, terminal).then((code): CommandResult => ({ code, out: inner.out(), err: inner.err() }))
  const first = await Promise.race([ready.promise, ended])
  if (first !== undefined) throw new Error(`the command ended at once: ${first.err}`)
  return {
    out: inner.out,
    stop: () => {
      inner.interrupt()
      return ended
    },
  }
}

/** Words of a command line as a shell would split it: single and double quotes, no expansion. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, plain]) => single ?? double ?? plain ?? '')
}

/** Repeats a command until its output fits; fails with the last output after so many tries. */
export async function repeatUntil(action: () => Promise<CommandResult>, wanted: RegExp, tries = 2_000): Promise<CommandResult> {
  let last: CommandResult | undefined
  for (let i = 0; i < tries; i++) {
    last = await action()
    if (wanted.test(last.out)) return last
  }
  throw new Error(`never saw ${wanted} in:\n${last?.out}\n${last?.err}`)
}
