/** Makes the files of a site in a project that has no asset canister of its own. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuiltCanister } from '@tidemark/build'
import { CliError } from '../output/cliError.ts'
import type { CanisterConfig } from '../project/dfxJson.ts'
import { build } from './build.ts'

/** The checkout that this program runs from: its asset canister serves every project. */
const ownRoot = fileURLToPath(new URL('../../../..', import.meta.url))
const assetCanisterSource = join('canisters', 'assets', 'src', 'main.mo')
const shownOutput = 2_000

/** Whether a canister's files are served by the asset canister of this program. */
export function isForeignSite(root: string, canister: CanisterConfig): boolean {
  return canister.type === 'assets' && !existsSync(join(root, assetCanisterSource))
}

/** Runs the site's own build commands, then gives the asset canister. @throws CliError with the end of a failed command's output */
export async function buildSite(root: string, canister: CanisterConfig): Promise<BuiltCanister> {
  for (const command of canister.build) {
    const { status, stdout, stderr } = spawnSync(command, {
      cwd: root,
      shell: true,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` },
    })
    if (status === 0) continue
    throw new CliError({
      what: `Canister ${canister.name} does not build: \`${command}\` ended with code ${status ?? 'none'}.`,
      why: `${stdout}${stderr}`.trim().slice(-shownOutput),
      remedy: 'Mend what it says and run the command again.',
    })
  }
  return build(ownRoot, 'assets')
}
