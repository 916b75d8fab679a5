/** `tidemark network snapshot`: the whole network, to come back to. */
import type { SnapshotFacts } from '@tidemark/admin'
import type { Command } from 'commander'
import { print, type Terminal } from '../../../output/terminal.ts'
import { timeText } from './timeText.ts'
import { withAdmin } from './withAdmin.ts'

export function registerSnapshots(network: Command, terminal: Terminal): void {
  const snapshot = network.command('snapshot').description('snapshots of the whole network; they last as long as it runs')
  snapshot
    .command('take')
    .description('keep the network as it is now')
    .argument('[name]', 'by default snapshot-1, snapshot-2, …')
    .option('--replace', 'take the place of the one with this name')
    .action((name: string | undefined, { replace = false }: { replace?: boolean }) =>
      withAdmin(terminal, async (admin) => {
        const facts = await admin.takeSnapshot({ replace, ...(name === undefined ? {} : { name }) })
        print(terminal, `Took ${factsText(facts)}`)
      }),
    )
  snapshot
    .command('list')
    .description('list the snapshots, the oldest first')
    .option('--json', 'print them as JSON')
    .action(({ json }: { json?: boolean }) =>
      withAdmin(terminal, async (admin) => {
        const all = await admin.snapshots()
        if (json === true) return print(terminal, JSON.stringify(all, null, 2))
        for (const line of all.length === 0 ? ['There are no snapshots.'] : all.map(factsText)) print(terminal, line)
      }),
    )
  snapshot
    .command('load')
    .description('put the network back to a snapshot')
    .argument('<name>')
    .action((name: string) =>
      withAdmin(terminal, async (admin) => {
        print(terminal, `The network is at ${factsText(await admin.loadSnapshot(name))} again.`)
      }),
    )
  snapshot
    .command('delete')
    .description('forget a snapshot')
    .argument('<name>')
    .action((name: string) =>
      withAdmin(terminal, async (admin) => {
        print(terminal, `Deleted ${factsText(await admin.deleteSnapshot(name))}`)
      }),
    )
}

function factsText({ name, round, blockTimeNanos }: SnapshotFacts): string {
  return `${name}  (round ${round}, ${timeText(BigInt(blockTimeNanos))})`
}
