/** `tidemark sync-assets`: the files of an asset canister, from a sync step of `icp.yaml`. */
import type { Command } from 'commander'
import { resolve } from 'node:path'
import { scanAssets } from '../deploy/assets/scan.ts'
import { syncAssets } from '../deploy/assets/sync.ts'
import { assetCanisterThroughIcp } from '../deploy/assets/throughIcp.ts'
import { CliError } from '../output/cliError.ts'
import { print, type Terminal } from '../output/terminal.ts'

export function registerSyncAssets(program: Command, terminal: Terminal): void {
  program
    .command('sync-assets')
    .description('upload folders to an asset canister; for the sync steps of icp.yaml, which tell it the canister')
    .argument('<folder...>', 'what the canister is to serve')
    .action((folders: readonly string[]) => sync(terminal, folders))
}

async function sync(terminal: Terminal, folders: readonly string[]): Promise<void> {
  const { ICP_CLI_CID: canisterId, ICP_CLI_ENVIRONMENT: environment, ICP_CLI_PATH: program = 'icp' } = terminal.env
  if (canisterId === undefined || environment === undefined) {
    throw new CliError({
      what: 'ICP_CLI_CID and ICP_CLI_ENVIRONMENT are not set.',
      why: 'The icp command sets them for the sync steps of icp.yaml, which this command is for.',
      remedy: 'Run `icp sync`; or, in a project with a dfx.json, `tidemark deploy`.',
    })
  }
  const files = scanAssets(folders.map((folder) => resolve(terminal.cwd, folder)))
  const canister = assetCanisterThroughIcp({ program, folder: terminal.cwd, canisterId, environment })
  const { uploaded } = await syncAssets(canister, files)
  print(terminal, uploaded === 0 ? 'Files are up to date.' : `Uploaded ${uploaded} contents of ${files.length} files.`)
}
