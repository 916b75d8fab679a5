/** `tidemark canister start | stop | delete | uninstall-code`: one management call each. */
import type { Command } from 'commander'
import type { ActorSubclass } from '@dfinity/agent'
import type { ManagementService } from '@tidemark/bindings'
import { managementFor } from '../../network/management.ts'
import { print, type Terminal } from '../../output/terminal.ts'
import { namedOrAll, openSession, requireTarget, type Session, type SessionOptions, type Target } from '../../session.ts'
import { addSessionOptions } from '../options.ts'

interface Options extends SessionOptions {
  readonly all?: boolean
}

interface Verb {
  readonly name: string
  readonly description: string
  readonly gerund: string
  readonly act: (management: ActorSubclass<ManagementService>, target: Target, session: Session) => Promise<void>
}

const verbs: readonly Verb[] = [
  {
    name: 'start',
    description: 'let a stopped canister take messages again',
    gerund: 'Starting',
    act: async (management, { id }) => void (await management.start_canister({ canister_id: id })),
  },
  {
    name: 'stop',
    description: 'take no more messages; ends when all calls have been answered',
    gerund: 'Stopping',
    act: async (management, { id }) => void (await management.stop_canister({ canister_id: id })),
  },
  {
    name: 'uninstall-code',
    description: 'take code and memory away; id, settings and cycles stay',
    gerund: 'Uninstalling',
    act: async (management, { id }) => void (await management.uninstall_code({ canister_id: id, sender_canister_version: [] })),
  },
  {
    name: 'delete',
    description: 'delete a stopped canister with its cycles',
    gerund: 'Deleting',
    act: async (management, { id, name }, { ids }) => {
      await management.delete_canister({ canister_id: id })
      ids.remove(name)
    },
  },
]

export function registerLifecycle(canister: Command, terminal: Terminal): void {
  for (const verb of verbs) {
    const command = canister
      .command(verb.name)
      .description(verb.description)
      .argument('[canister]')
      .option('--all', 'every canister of the project that has an id')
      .option('-y, --yes', 'accepted for compatibility')
      .option('--no-withdrawal', 'accepted for compatibility')
    addSessionOptions(command).action((name: string | undefined, options: Options) => run(terminal, verb, name, options))
  }
}

async function run(terminal: Terminal, verb: Verb, name: string | undefined, options: Options): Promise<void> {
  const session = await openSession(terminal, options)
  for (const each of namedOrAll(session, name, options.all)) {
    const target = requireTarget(session, each)
    const what = verb.name === 'uninstall-code' ? 'code of canister' : 'canister'
    print(terminal, `${verb.gerund} ${what} ${target.name}, with canister_id ${target.id.toText()}`)
    await verb.act(managementFor(session.agent, target.id), target, session)
  }
}
