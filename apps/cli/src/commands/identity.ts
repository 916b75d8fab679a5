/** `tidemark identity`: who calls. */
import type { Command } from 'commander'
import { configRoot, loadIdentity } from '../network/identity.ts'
import { print, type Terminal } from '../output/terminal.ts'

interface Options {
  readonly identity?: string
}

export function registerIdentity(program: Command, terminal: Terminal): void {
  const identity = program.command('identity').description('show who calls')
  identity
    .command('get-principal')
    .description('principal of an identity')
    .option('--identity <name>', 'identity to show (default: "default")')
    .action(({ identity: name }: Options) => print(terminal, loadIdentity(terminal.env, name).getPrincipal().toText()))
  identity
    .command('whoami')
    .description('name of the identity that calls')
    .action(() => {
      loadIdentity(terminal.env)
      print(terminal, 'default')
    })
  identity
    .command('path')
    .description('folder that holds the identities')
    .action(() => print(terminal, configRoot(terminal.env)))
}
