/** `tidemark canister hooks`: the lifecycle hooks of a canister, where the network has them and where a library brings them about. */
import type { Principal } from '@dfinity/principal'
import type { HookFacts } from '@tidemark/admin'
import type { Command } from 'commander'
import type { experimentalManagementTypes } from '@tidemark/bindings'
import { readAdminAccess } from '../../admin/accessFile.ts'
import { experimentalManagementFor } from '../../network/management.ts'
import { readLibrary } from '../../network/hookLibrary.ts'
import { CliError } from '../../output/cliError.ts'
import { hookLines, libraryLines, protocolHookLines } from '../../output/hooksText.ts'
import { print, type Terminal } from '../../output/terminal.ts'
import { parseBytes, parseCycles, parseSeconds } from '../../project/quantities.ts'
import { openSession, requireTarget, type Session, type SessionOptions } from '../../session.ts'
import { withAdmin } from '../network/admin/withAdmin.ts'
import { addSessionOptions, parsedBy } from '../options.ts'

interface Options extends SessionOptions {
  readonly lowCyclesThreshold?: bigint
  readonly lowHeapMemoryThreshold?: bigint
  readonly postInitGate?: bigint
}

export function registerHooks(canister: Command, terminal: Terminal): void {
  const command = canister
    .command('hooks')
    .description('show the lifecycle hooks of a canister, after changing the thresholds that are named; 0 switches one off')
    .argument('<canister>')
    .option('--low-cycles-threshold <cycles>', 'balance that is low', parsedBy('--low-cycles-threshold', parseCycles))
    .option('--low-heap-memory-threshold <bytes>', 'main memory that is much', parsedBy('--low-heap-memory-threshold', parseBytes))
    .option('--post-init-gate <seconds>', 'time that post-init may keep messages waiting', parsedBy('--post-init-gate', parseSeconds))
  addSessionOptions(command).action((name: string, options: Options) => run(terminal, name, options))
}

async function run(terminal: Terminal, name: string, options: Options): Promise<void> {
  const session = await openSession(terminal, options)
  const target = requireTarget(session, name)
  const management = experimentalManagementFor(session.agent, target.id)
  const settings = settingsFrom(options)
  const changes = Object.values(settings).some((value) => value.length > 0)
  const before = await management.canister_status({ canister_id: target.id })
  const isNative = before.lifecycle_hooks.length > 0
  const library = await readLibrary(session.agent, target.id)
  const ofProtocol = isNative || changes ? undefined : await readProtocolHooks(session, target.id)
  if (!isNative && (changes || (library === undefined && ofProtocol === undefined))) throw noHooks(target.name, library !== undefined)
  if (changes) await management.update_settings({ canister_id: target.id, settings })
  const status = changes ? await management.canister_status({ canister_id: target.id }) : before
  const native = isNative ? hookLines(target.name, status) : protocolHookLines(target.name, ofProtocol)
  for (const line of [...native, ...(library === undefined ? [] : libraryLines(target.name, library))]) print(terminal, line)
}

/** What the protocol itself shows nobody: the state of its own hook, from the administration of a local network. */
async function readProtocolHooks({ terminal, folder, network }: Session, id: Principal): Promise<readonly HookFacts[] | undefined> {
  if (network.name !== 'local' || readAdminAccess(folder) === undefined) return undefined
  return withAdmin(terminal, (admin) => admin.hooks(id.toText()))
}

function noHooks(name: string, hasLibrary: boolean): CliError {
  const what = 'This network has no experimental hooks.'
  return hasLibrary
    ? new CliError({ what, why: `${name} has a library's: their thresholds are the library's or the monitor's to set.` })
    : new CliError({ what, remedy: 'Start a local network with `tidemark start --experimental-hooks`, or use one of the hook libraries.' })
}

function settingsFrom({ lowCyclesThreshold, lowHeapMemoryThreshold, postInitGate }: Options): experimentalManagementTypes.HookSettings {
  const optional = (value: bigint | undefined): [] | [bigint] => (value === undefined ? [] : [value])
  return {
    low_cycles_threshold: optional(lowCyclesThreshold),
    low_heap_memory_threshold: optional(lowHeapMemoryThreshold),
    post_init_gate_seconds: optional(postInitGate),
  }
}
