/** Options that many commands share. */
import type { Command } from 'commander'
import { CliError, messageOf } from '../output/cliError.ts'

export const networkHelp = 'network to talk to: local, ic, a name from dfx.json, or a URL'

/** Adds `--network` and `--identity`. */
export function addSessionOptions(command: Command): Command {
  return command.option('--network <network>', networkHelp).option('--identity <name>', 'identity to call with (default: "default")')
}

/** A parser for an option's value whose complaint names the option. */
export function parsedBy<T>(flag: string, parse: (value: unknown) => T): (value: string) => T {
  return (value) => {
    try {
      return parse(value)
    } catch (error) {
      throw new CliError({ what: `${flag} must be ${messageOf(error)}.` })
    }
  }
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value]
}
