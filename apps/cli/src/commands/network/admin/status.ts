/** `tidemark network status`: what the administration tells of the network. */
import type { Command } from 'commander'
import { print, type Terminal } from '../../../output/terminal.ts'
import { timeLines } from './timeText.ts'
import { withAdmin } from './withAdmin.ts'

export function registerNetworkReport(network: Command, terminal: Terminal): void {
  network
    .command('status')
    .description('show time, rounds, snapshots and trace of the network')
    .option('--json', 'print it as JSON')
    .action(({ json }: { json?: boolean }) =>
      withAdmin(terminal, async (admin) => {
        const status = await admin.status()
        if (json === true) return print(terminal, JSON.stringify(status, null, 2))
        const { url, rootKey, canisters, snapshots, trace } = status
        const recorded = `${trace.recording ? 'recording' : 'off'}, ${trace.streams} readers, ${trace.nextSeq} events so far`
        const lines = [`Network:   ${url}`, ...timeLines(status), `Canisters: ${canisters}`, `Snapshots: ${snapshots}`]
        for (const line of [...lines, `Trace:     ${recorded}`, `Root key:  ${rootKey}`]) print(terminal, line)
      }),
    )
}
