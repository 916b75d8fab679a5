// Runs a child process as a visible step. Plain JavaScript: it runs on the host's Node before anything is installed.
import { spawn } from 'node:child_process'
import { delimiter, dirname } from 'node:path'

/** A failure that the user can do something about: printed as two lines, without a stack. */
export class Problem extends Error {
  /**
   * @param {string} what - what happened, and where
   * @param {string} remedy - what to do next
   */
  constructor(what, remedy) {
    super(what)
    this.remedy = remedy
  }
}

/** Prints a problem and sets the exit code; anything else keeps its stack, because it is our defect. */
export function report(error) {
  if (error instanceof Problem) process.stderr.write(`\n${error.message}\n${error.remedy}\n`)
  else process.stderr.write(`\n${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 1
}

/**
 * Runs npm in a folder, showing one line while it works and npm's own words only when it fails.
 *
 * @param {string[]} args
 * @param {string} cwd
 * @param {string} title - what the line says
 */
export async function runNpm(args, cwd, title) {
  const started = Date.now()
  process.stdout.write(`${title} ...`)
  const ticker = process.stdout.isTTY ? setInterval(() => process.stdout.write('.'), 1000) : undefined
  const { code, output } = await collect(args, cwd)
  clearInterval(ticker)
  process.stdout.write(` ${code === 0 ? 'done' : 'failed'} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`)
  if (code === 0) return
  process.stderr.write(output.slice(-4000))
  throw new Problem(`\`npm ${args.join(' ')}\` ended with code ${code} in ${cwd}.`, remedyFor(output))
}

function remedyFor(output) {
  if (/ENOSPC/.test(output)) return 'The disk is full: free some space and run the command again.'
  if (/ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT/.test(output))
    return 'npm cannot reach its registry: check the network or the npm configuration.'
  if (/EACCES|EPERM/.test(output)) return 'The folder cannot be written: check its owner and permissions.'
  return 'Read what npm says above, mend it and run the command again.'
}

function collect(args, cwd) {
  return new Promise((resolve, reject) => {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const child = spawn(npm, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
    let output = ''
    child.stdout.on('data', (text) => (output += text))
    child.stderr.on('data', (text) => (output += text))
    child.on('error', () => reject(new Problem('npm could not be started.', 'Install npm and see that it is on the PATH.')))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/**
 * Runs a program in the foreground with the chosen Node first on the PATH; passes signals on and waits for its end.
 *
 * @param {string} runtime - Node to put first on the PATH
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env?: Record<string, string> }} options
 * @returns {Promise<number>} the exit code
 */
export function runInForeground(runtime, command, args, { cwd, env = {} }) {
  return new Promise((resolve, reject) => {
    const path = `${dirname(runtime)}${delimiter}${process.env.PATH ?? ''}`
    const child = spawn(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env, PATH: path } })
    const forward = (signal) => child.kill(signal)
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, forward)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      for (const name of signals) process.off(name, forward)
      resolve(code ?? (signal === null ? 1 : 130))
    })
  })
}
