/** `tidemark canister redrive`: makes calls again that a canister with one of the hook libraries has captured. */
import type { Command } from 'commander'
import { hookLibraryOf } from '../../network/hookLibrary.ts'
import { CliError } from '../../output/cliError.ts'
import { redriveLine } from '../../output/hooksText.ts'
import { print, type Terminal } from '../../output/terminal.ts'
import { openSession, requireTarget, type SessionOptions } from '../../session.ts'
import { addSessionOptions } from '../options.ts'

interface Options extends SessionOptions {
  readonly all?: boolean
}

export function registerRedrive(canister: Command, terminal: Terminal): void {
  const command = canister
    .command('redrive')
    .description('make calls again whose errors a hook library has captured; `canister hooks` lists them')
    .argument('<canister>')
    .argument('[number...]', 'numbers of the errors')
    .option('--all', 'every one that has not replied yet')
  addSessionOptions(command).action((name: string, numbers: string[], options: Options) => run(terminal, name, numbers, options))
}

async function run(terminal: Terminal, name: string, given: readonly string[], options: Options): Promise<void> {
  const named = given.map(parseNumber)
  if (named.length > 0 === (options.all === true)) throw new CliError({ what: 'Give the numbers of captured errors, or --all.' })
  const session = await openSession(terminal, options)
  const target = requireTarget(session, name)
  const library = hookLibraryOf(session.agent, target.id)
  const waiting =
    options.all === true
      ? (await library.canister_hook_errors()).filter(({ last: [last] }) => last === undefined || 'rejected' in last)
      : []
  const numbers = options.all === true ? waiting.map(({ number }) => number) : named
  if (numbers.length === 0) return print(terminal, `${target.name} has captured no error that could be sent again.`)
  const outcomes = await library.canister_hook_redrive(BigUint64Array.from(numbers))
  for (const outcome of outcomes) print(terminal, redriveLine(outcome))
  const failed = outcomes.filter(([, [outcome]]) => outcome === undefined || 'rejected' in outcome).length
  if (failed > 0) throw new CliError({ what: `${failed} of ${outcomes.length} calls did not succeed.` })
}

function parseNumber(text: string): bigint {
  if (/^\d{1,20}$/.test(text) && BigInt(text) < 1n << 64n) return BigInt(text)
  throw new CliError({ what: `${text} is no number of a captured error.` })
}
