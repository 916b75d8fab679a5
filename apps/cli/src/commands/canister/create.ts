/** `tidemark canister create`. */
import type { Command } from 'commander'
import { createCanister } from '../../deploy/createCanister.ts'
import { CliError } from '../../output/cliError.ts'
import { print, type Terminal } from '../../output/terminal.ts'
import { requireCanister, requireProject } from '../../project/dfxJson.ts'
import { parseCycles } from '../../project/quantities.ts'
import { openSession, type SessionOptions } from '../../session.ts'
import { addSessionOptions, parsedBy } from '../options.ts'
import { addSettingsOptions, type SettingsFlags, settingsFrom } from './settingsFlags.ts'

interface Options extends SessionOptions, SettingsFlags {
  readonly all?: boolean
  readonly specifiedId?: string
  readonly withCycles?: bigint
  readonly controller?: string[]
}

export function registerCreate(canister: Command, terminal: Terminal): void {
  const command = canister
    .command('create')
    .description('make an empty canister for a name in dfx.json, with the settings it has there')
    .argument('[canister]')
    .option('--all', 'every canister of the project')
    .option('--specified-id <id>', 'id that the canister is to have')
    .option('--with-cycles <amount>', 'balance to start with, such as 5T', parsedBy('--with-cycles', parseCycles))
    .option('--no-wallet', 'accepted for compatibility; there are no wallets')
  addSessionOptions(addSettingsOptions(command)).action((name: string | undefined, options: Options) => create(terminal, name, options))
}

async function create(terminal: Terminal, name: string | undefined, options: Options): Promise<void> {
  const project = requireProject(terminal.cwd)
  if (name === undefined && options.all !== true) throw new CliError({ what: 'Name a canister, or pass --all.' })
  const configs = name === undefined ? [...project.canisters.values()] : [requireCanister(project, name)]
  const session = await openSession(terminal, options)
  const given = settingsFrom(options, [])
  for (const config of configs) {
    const existing = session.ids.get(config.name)
    if (existing !== undefined) {
      print(terminal, `${config.name} canister was already created and has canister id: ${existing}`)
      continue
    }
    const id = await createCanister(session, {
      name: config.name,
      settings: { ...config.initialSettings, ...given },
      specifiedId: options.specifiedId ?? config.specifiedId,
      cycles: options.withCycles,
    })
    print(terminal, `${config.name} canister created with canister id: ${id}`)
  }
}
