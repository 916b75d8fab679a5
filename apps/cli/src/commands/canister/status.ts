/** `tidemark canister status`. */
import type { Command } from 'commander'
import { managementFor } from '../../network/management.ts'
import { toHex } from '@tidemark/types'
import { statusLines } from '../../output/statusText.ts'
import { print, type Terminal } from '../../output/terminal.ts'
import { namedOrAll, openSession, requireTarget, type SessionOptions } from '../../session.ts'
import { addSessionOptions } from '../options.ts'

interface Options extends SessionOptions {
  readonly all?: boolean
  readonly json?: boolean
}

export function registerStatus(canister: Command, terminal: Terminal): void {
  const command = canister
    .command('status')
    .description('settings, memory, balance and module of a canister; for its controllers')
    .argument('[canister]')
    .option('--all', 'every canister of the project that has an id')
    .option('--json', 'print the record as JSON, numbers as strings')
  addSessionOptions(command).action((name: string | undefined, options: Options) => run(terminal, name, options))
}

async function run(terminal: Terminal, name: string | undefined, options: Options): Promise<void> {
  const session = await openSession(terminal, options)
  for (const each of namedOrAll(session, name, options.all)) {
    const target = requireTarget(session, each)
    const status = await managementFor(session.agent, target.id).canister_status({ canister_id: target.id })
    if (options.json === true) print(terminal, JSON.stringify(status, plain, 2))
    else for (const line of statusLines(target.name, status)) print(terminal, line)
  }
}

/** Replacer for JSON: integers and principals as text, blobs in hexadecimal. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Uint8Array) return toHex(value)
  if (typeof value === 'object' && value !== null && '__principal__' in value) return value.__principal__
  return value
}
