/** `tidemark network`: what only the owner of a local network may do with it. */
import type { Command } from 'commander'
import type { Terminal } from '../../../output/terminal.ts'
import { registerReset } from './reset.ts'
import { registerSnapshots } from './snapshots.ts'
import { registerNetworkReport } from './status.ts'
import { registerTime } from './time.ts'
import { registerTrace } from './trace.ts'

export function registerNetworkAdmin(program: Command, terminal: Terminal): void {
  const network = program.command('network').description('time, snapshots, resets and traces of the local network')
  registerNetworkReport(network, terminal)
  registerTime(network, terminal)
  registerSnapshots(network, terminal)
  registerReset(network, terminal)
  registerTrace(network, terminal)
}
