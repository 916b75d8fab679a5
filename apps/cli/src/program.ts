/** The command line: every verb by its noun. */
import { Command } from 'commander'
import { registerCall } from './commands/canister/call.ts'
import { registerCreate } from './commands/canister/create.ts'
import { registerInspect } from './commands/canister/inspect.ts'
import { registerInstall } from './commands/canister/install.ts'
import { registerLifecycle } from './commands/canister/lifecycle.ts'
import { registerHooks } from './commands/canister/hooks.ts'
import { registerRedrive } from './commands/canister/redrive.ts'
import { registerStatus } from './commands/canister/status.ts'
import { registerUpdateSettings } from './commands/canister/updateSettings.ts'
import { registerDeploy } from './commands/deploy.ts'
import { registerIdentity } from './commands/identity.ts'
import { registerNetworkAdmin } from './commands/network/admin/register.ts'
import { registerStart } from './commands/network/start.ts'
import { registerNetworkStatus } from './commands/network/status.ts'
import { registerStop } from './commands/network/stop.ts'
import { registerPing } from './commands/ping.ts'
import { registerSyncAssets } from './commands/syncAssets.ts'
import { report } from './output/report.ts'
import type { Terminal } from './output/terminal.ts'
import { version } from './version.ts'

/** Runs one command line. @param args - without the program's own name. @returns the exit code */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    return report(error, terminal)
  }
}

function createProgram(terminal: Terminal): Command {
  const program = new Command('tidemark')
    .description('A local Internet Computer, and the commands to run canisters on it.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({ writeOut: (text) => terminal.write(text), writeErr: (text) => terminal.warn(text.trimEnd()) })
  registerStart(program, terminal, version)
  registerStop(program, terminal)
  registerNetworkStatus(program, terminal)
  registerDeploy(program, terminal)
  registerNetworkAdmin(program, terminal)
  const canister = program.command('canister').description('create, inspect, call and manage canisters')
  registerCreate(canister, terminal)
  registerStatus(canister, terminal)
  registerHooks(canister, terminal)
  registerRedrive(canister, terminal)
  registerUpdateSettings(canister, terminal)
  registerCall(canister, terminal)
  registerInstall(canister, terminal)
  registerLifecycle(canister, terminal)
  registerInspect(canister, terminal)
  registerIdentity(program, terminal)
  registerPing(program, terminal)
  registerSyncAssets(program, terminal)
  return program
}
