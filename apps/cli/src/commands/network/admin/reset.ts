/** `tidemark network reset`: the network as it began, with the same keys. */
import type { Command } from 'commander'
import { CliError } from '../../../output/cliError.ts'
import { print, type Terminal } from '../../../output/terminal.ts'
import { withAdmin } from './withAdmin.ts'

export function registerReset(network: Command, terminal: Terminal): void {
  network
    .command('reset')
    .description('remove every canister and start from nothing; keys and snapshots stay')
    .option('-y, --yes', 'do not ask')
    .action(({ yes }: { yes?: boolean }) =>
      withAdmin(terminal, async (admin) => {
        if (yes !== true && !/^y(es)?$/i.test((await terminal.ask('All canisters of the local network are lost. Go on? [y/N] ')).trim())) {
          throw new CliError({ what: 'Nothing was reset.' })
        }
        const { round } = await admin.reset()
        print(terminal, `The network is empty again, at round ${round}.`)
      }),
    )
}
