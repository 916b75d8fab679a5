/** `tidemark stop`: ends the local network of the project. */
import type { Command } from 'commander'
import { setTimeout as delay } from 'node:timers/promises'
import { CliError } from '../../output/cliError.ts'
import { print, type Terminal } from '../../output/terminal.ts'
import { findProject } from '../../project/dfxJson.ts'
import { readRunningNetwork } from '../../project/localNetwork.ts'

const graceMilliseconds = 10_000
const pollMilliseconds = 50

export function registerStop(program: Command, terminal: Terminal): void {
  program
    .command('stop')
    .description('stop the local network of this project')
    .action(() => stop(terminal))
}

async function stop(terminal: Terminal): Promise<void> {
  const folder = findProject(terminal.cwd)?.root ?? terminal.cwd
  const running = readRunningNetwork(folder)
  if (running === undefined) {
    print(terminal, 'No local network of this project is running.')
    return
  }
  process.kill(running.pid, 'SIGTERM')
  for (let waited = 0; waited < graceMilliseconds; waited += pollMilliseconds) {
    if (readRunningNetwork(folder) === undefined) {
      print(terminal, 'Stopped.')
      return
    }
    await delay(pollMilliseconds)
  }
  throw new CliError({
    what: `The network did not end within ${graceMilliseconds / 1000} s.`,
    remedy: `End its process by hand: kill -9 ${running.pid}`,
  })
}
