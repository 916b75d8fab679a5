/** Starts the network as a process of its own that outlives the command. */
import { spawn } from 'node:child_process'
import { mkdirSync, openSync, closeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { CliError } from '../../output/cliError.ts'
import { print, type Terminal } from '../../output/terminal.ts'
import { readIfPresent } from '../../project/files.ts'
import { readRunningNetwork } from '../../project/localNetwork.ts'
import { networkFolder } from '../../server/networkSeed.ts'
import type { ServeOptions } from './serve.ts'

const startMilliseconds = 30_000
const pollMilliseconds = 50

/** @throws CliError with what the process said when it does not come up */
export async function startInBackground(terminal: Terminal, options: ServeOptions & { readonly systemCanisters: boolean }): Promise<void> {
  const { folder, host, port, clean, profile, experimentalHooks, systemCanisters, adminPort } = options
  const logFile = join(folder, '.tidemark', 'network', 'log')
  mkdirSync(networkFolder(folder), { recursive: true })
  const log = openSync(logFile, 'w')
  const main = fileURLToPath(new URL('../../main.ts', import.meta.url))
  const switches = [
    ...(clean ? ['--clean'] : []),
    ...(experimentalHooks ? ['--experimental-hooks'] : []),
    ...(systemCanisters ? ['--system-canisters'] : []),
  ]
  const args = [
    ...process.execArgv,
    main,
    'start',
    '--host',
    `${host}:${port}`,
    '--profile',
    profile,
    '--admin-port',
    String(adminPort),
    ...switches,
  ]
  const child = spawn(process.execPath, args, { cwd: folder, detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  const ended = new Promise<'ended'>((resolve) => child.once('exit', () => resolve('ended')))
  for (let waited = 0; waited < startMilliseconds; waited += pollMilliseconds) {
    const running = readRunningNetwork(folder)
    if (running?.pid === child.pid && running !== undefined) {
      child.unref()
      print(terminal, `Replica API running in the background on ${host}:${running.port}`)
      return
    }
    if ((await Promise.race([ended, delay(pollMilliseconds)])) === 'ended') break
  }
  if (child.exitCode === null) child.kill()
  const said = (readIfPresent(logFile) ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('Running tidemark start'))
  throw new CliError({
    what: said[0]?.replace(/^Error: /, '') ?? 'The network did not start.',
    why: said.slice(1, 20).join('\n') || `It did not say why; see ${logFile}.`,
  })
}
