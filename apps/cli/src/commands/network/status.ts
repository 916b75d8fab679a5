/** `tidemark status`: whether a local network of the project runs, and what is on it. */
import type { Command } from 'commander'
import { requireAnswer } from '../../network/connect.ts'
import { CliError } from '../../output/cliError.ts'
import { print, type Terminal } from '../../output/terminal.ts'
import { readRunningNetwork } from '../../project/localNetwork.ts'
import { openOffline } from '../../session.ts'

export function registerNetworkStatus(program: Command, terminal: Terminal): void {
  program
    .command('status')
    .description('show the local network of this project and its canisters')
    .option('--json', 'print it as JSON')
    .action((options: { json?: boolean }) => status(terminal, options))
}

async function status(terminal: Terminal, { json }: { json?: boolean }): Promise<void> {
  const { folder, network, ids } = openOffline(terminal, { network: 'local' })
  const running = readRunningNetwork(folder)
  if (running === undefined)
    throw new CliError({ what: 'No local network of this project is running.', remedy: 'Start one: tidemark start' })
  await requireAnswer(network)
  const canisters = ids.entries()
  if (json === true) {
    print(terminal, JSON.stringify({ url: network.url, pid: running.pid, canisters: Object.fromEntries(canisters) }, null, 2))
    return
  }
  print(terminal, `Local network: running at ${network.url} (process ${running.pid})`)
  print(terminal, canisters.length === 0 ? 'Canisters: none yet' : 'Canisters:')
  const width = Math.max(0, ...canisters.map(([name]) => name.length))
  for (const [name, id] of canisters) print(terminal, `  ${name.padEnd(width)}  ${id}`)
}
