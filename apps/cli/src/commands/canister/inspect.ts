/** `tidemark canister id | info | metadata | logs`: what can be known of a canister. */
import { type Command, Option } from 'commander'
import { toHex } from '@tidemark/types'
import { readControllers, readMetadata, readModuleHash } from '../../network/canisterState.ts'
import { managementFor } from '../../network/management.ts'
import { CliError } from '../../output/cliError.ts'
import { print, type Terminal } from '../../output/terminal.ts'
import { openOffline, openSession, requireTarget, type SessionOptions } from '../../session.ts'
import { addSessionOptions, networkHelp } from '../options.ts'

export function registerInspect(canister: Command, terminal: Terminal): void {
  canister
    .command('id')
    .description('id of a canister of the project')
    .argument('<canister>')
    .option('--network <network>', networkHelp)
    .action((name: string, options: SessionOptions) => {
      print(terminal, requireTarget(openOffline(terminal, options), name).id.toText())
    })
  addSessionOptions(
    canister.command('info').description('controllers and module hash, as everybody may read them').argument('<canister>'),
  ).action((name: string, options: SessionOptions) => info(terminal, name, options))
  addSessionOptions(
    canister.command('metadata').description('a metadata section, such as candid:service').argument('<canister>').argument('<section>'),
  ).action((name: string, section: string, options: SessionOptions) => metadata(terminal, name, section, options))
  addSessionOptions(
    canister
      .command('logs')
      .description('what a canister printed')
      .argument('<canister>')
      .addOption(new Option('--tail <lines>', 'only the last lines').argParser(Number)),
  ).action((name: string, options: SessionOptions & { tail?: number }) => logs(terminal, name, options))
}

async function info(terminal: Terminal, name: string, options: SessionOptions): Promise<void> {
  const session = await openSession(terminal, options)
  const { id } = requireTarget(session, name)
  const controllers = (await readControllers(session.agent, id)).map((each) => each.toText()).toSorted()
  const hash = await readModuleHash(session.agent, id)
  print(terminal, `Controllers: ${controllers.join(' ')}`)
  print(terminal, `Module hash: ${hash === undefined ? 'None' : `0x${hash}`}`)
}

async function metadata(terminal: Terminal, name: string, section: string, options: SessionOptions): Promise<void> {
  const session = await openSession(terminal, options)
  const target = requireTarget(session, name)
  const content = await readMetadata(session.agent, target.id, section)
  if (content === undefined) {
    throw new CliError({
      what: `${target.name} has no metadata "${section}" that you may read.`,
      remedy: 'Private sections are for controllers only.',
    })
  }
  terminal.write(new TextDecoder().decode(content))
}

async function logs(terminal: Terminal, name: string, options: SessionOptions & { tail?: number }): Promise<void> {
  const session = await openSession(terminal, options)
  const { id } = requireTarget(session, name)
  const { canister_log_records: records } = await managementFor(session.agent, id).fetch_canister_logs({ canister_id: id, filter: [] })
  const shown = options.tail === undefined ? records : records.slice(-options.tail)
  for (const { idx, timestamp_nanos: time, content } of shown) print(terminal, `[${idx}. ${timeText(time)}]: ${contentText(content)}`)
}

/** UTC with all nine digits of the second. */
function timeText(nanos: bigint): string {
  const whole = new Date(Number(nanos / 1_000_000n)).toISOString()
  return `${whole.slice(0, 19)}.${String(nanos % 1_000_000_000n).padStart(9, '0')}Z`
}

function contentText(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    return `(bytes) 0x${toHex(content)}`
  }
}
