/** The real `icp` command, fetched through npm when a test needs it: too large for everybody's install. */
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const version = '1.5.0'
const tools = join(import.meta.dirname, '..', '..', '..', '.tidemark', 'tools', `icp-${version}`)
const packageName = `@icp-sdk/icp-cli-${process.platform}-${process.arch}`
/** Where the binary is, once it was fetched. */
export const icpBinary = join(tools, 'node_modules', packageName, 'bin', 'icp')

/** npm carries the binary for this platform only. */
export const hasIcp = process.platform === 'linux' && process.arch === 'x64'

if (!hasIcp) process.stdout.write(`SKIPPED: tests with the real icp command; npm has none for ${process.platform} ${process.arch}.\n`)

/** Makes sure that the binary is there. */
export function fetchIcp(): void {
  if (existsSync(icpBinary)) return
  mkdirSync(tools, { recursive: true })
  writeFileSync(join(tools, 'package.json'), '{ "private": true }')
  execFileSync('npm', ['install', '--ignore-scripts', '--no-save', '--workspaces=false', `${packageName}@${version}`], {
    cwd: tools,
    stdio: 'pipe',
  })
}

/** What a run of the command left. */
export interface IcpRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs it in a folder, with a home of its own and no telemetry. @param more - environment beside that of the tests */
export function icp(cwd: string, home: string, more: Readonly<Record<string, string>>, ...args: string[]): Promise<IcpRun> {
  const env = { ...process.env, ICP_HOME: home, DO_NOT_TRACK: '1', NO_COLOR: '1', ...more }
  return new Promise((resolve) => {
    const child = execFile(icpBinary, args, { cwd, env, maxBuffer: 1 << 24 }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}
