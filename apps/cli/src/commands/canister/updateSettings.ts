/** `tidemark canister update-settings`: changes what is named, leaves the rest; says nothing when all went well. */
import type { Command } from 'commander'
import type { Principal } from '@dfinity/principal'
import type { managementTypes } from '@tidemark/bindings'
import { updateSettings } from '../../deploy/createCanister.ts'
import { managementFor } from '../../network/management.ts'
import { CliError } from '../../output/cliError.ts'
import type { Terminal } from '../../output/terminal.ts'
import type { WantedSettings } from '../../project/settings.ts'
import { namedOrAll, openSession, requireTarget, type Session, type SessionOptions } from '../../session.ts'
import { addSessionOptions, collect } from '../options.ts'
import { addSettingsOptions, principalFrom, type SettingsFlags, settingsFrom } from './settingsFlags.ts'

interface Options extends SessionOptions, SettingsFlags {
  readonly all?: boolean
  readonly setController?: string[]
  readonly addController?: string[]
  readonly removeController?: string[]
  readonly setLogViewer?: string[]
  readonly addLogViewer?: string[]
  readonly removeLogViewer?: string[]
  readonly yes?: boolean
}

export function registerUpdateSettings(canister: Command, terminal: Terminal): void {
  const command = canister
    .command('update-settings')
    .description('change settings of a canister; what is not named stays as it is')
    .argument('[canister]')
    .option('--all', 'every canister of the project that has an id')
    .option('--set-controller <principal>', 'only controller(s) from now on', collect)
    .option('--add-controller <principal>', 'one more controller', collect)
    .option('--remove-controller <principal>', 'one controller less', collect)
    .option('--set-log-viewer <principal>', 'only viewer(s) of the logs from now on', collect)
    .option('--add-log-viewer <principal>', 'one more viewer of the logs', collect)
    .option('--remove-log-viewer <principal>', 'one viewer of the logs less', collect)
    .option('-y, --yes', 'answer yes to every question')
  addSessionOptions(addSettingsOptions(command)).action((name: string | undefined, options: Options) => run(terminal, name, options))
}

async function run(terminal: Terminal, name: string | undefined, options: Options): Promise<void> {
  const session = await openSession(terminal, options)
  for (const each of namedOrAll(session, name, options.all)) {
    const { id } = requireTarget(session, each)
    const settings = await wantedSettings(session, id, options)
    if (Object.keys(settings).length === 0) {
      throw new CliError({ what: 'No setting is named.', remedy: 'See `tidemark canister update-settings --help` for the flags.' })
    }
    await confirmLockOut(session, settings, options)
    await updateSettings(session, id, settings)
  }
}

async function wantedSettings(session: Session, id: Principal, options: Options): Promise<WantedSettings> {
  const known = session.ids.entries()
  const plain = settingsFrom({ ...options, ...(options.setController === undefined ? {} : { controller: options.setController }) }, known)
  const edits = [options.addController, options.removeController, options.addLogViewer, options.removeLogViewer]
  if (edits.every((list) => list === undefined) && options.setLogViewer === undefined) return plain
  const { settings } = await managementFor(session.agent, id).canister_status({ canister_id: id })
  const principals = (texts: readonly string[] | undefined) => (texts ?? []).map((text) => principalFrom(text, known))
  const editsControllers = options.addController !== undefined || options.removeController !== undefined
  const editsViewers = options.setLogViewer !== undefined || options.addLogViewer !== undefined || options.removeLogViewer !== undefined
  const viewers = options.setLogViewer === undefined ? viewersOf(settings.log_visibility) : principals(options.setLogViewer)
  return {
    ...plain,
    ...(editsControllers
      ? {
          controllers: edited(
            plain.controllers ?? settings.controllers,
            principals(options.addController),
            principals(options.removeController),
          ),
        }
      : {}),
    ...(editsViewers
      ? { logVisibility: { allowed_viewers: edited(viewers, principals(options.addLogViewer), principals(options.removeLogViewer)) } }
      : {}),
  }
}

function edited(present: readonly Principal[], added: readonly Principal[], removed: readonly Principal[]): Principal[] {
  const gone = new Set(removed.map((principal) => principal.toText()))
  const all = new Map([...present, ...added].map((principal) => [principal.toText(), principal]))
  return [...all.values()].filter((principal) => !gone.has(principal.toText()))
}

function viewersOf(visibility: managementTypes.Visibility): readonly Principal[] {
  return 'allowed_viewers' in visibility ? visibility.allowed_viewers : []
}

/** Whoever gives up control by mistake can never get it back. */
async function confirmLockOut({ terminal, identity }: Session, { controllers }: WantedSettings, { yes }: Options): Promise<void> {
  const caller = identity.getPrincipal().toText()
  if (yes === true || controllers === undefined || controllers.some((principal) => principal.toText() === caller)) return
  terminal.warn('You are about to remove yourself from the controllers: you will not be able to change this canister any more.')
  const answer = await terminal.ask('Do you want to proceed? yes/No\n')
  if (!/^y(?:es)?$/i.test(answer)) throw new CliError({ what: 'Nothing was changed.', remedy: 'Answer yes, or pass --yes.' })
}
