/** What the `icp` command asks of a network launcher. */
import { parseArgs } from 'node:util'
import type { SubnetKind } from '@tidemark/network'
import { CliError } from '../output/cliError.ts'

/** How the launcher was asked to run. */
export interface LauncherOptions {
  /** Folder for `status.json` and `custom-domains.txt`. */
  readonly statusFolder: string
  readonly stateFolder: string | undefined
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  readonly subnets: readonly SubnetKind[]
  readonly verbose: boolean
}

const options = {
  'interface-version': { type: 'string' },
  'state-dir': { type: 'string' },
  'status-dir': { type: 'string' },
  bind: { type: 'string' },
  'gateway-port': { type: 'string' },
  'config-port': { type: 'string' },
  'artificial-delay-ms': { type: 'string' },
  subnet: { type: 'string', multiple: true },
  'bitcoind-addr': { type: 'string', multiple: true },
  'dogecoind-addr': { type: 'string', multiple: true },
  domain: { type: 'string', multiple: true },
  ii: { type: 'boolean' },
  nns: { type: 'boolean' },
  verbose: { type: 'boolean' },
} as const

const kinds: Readonly<Record<string, SubnetKind>> = {
  application: 'application',
  system: 'system',
  'verified-application': 'verified_application',
  bitcoin: 'bitcoin',
  fiduciary: 'fiduciary',
  nns: 'nns',
  sns: 'sns',
}

/**
 * Reads the arguments; flags that only a newer interface has are passed over.
 *
 * @throws CliError for an interface of another major version, a missing status folder, an unknown subnet or a bad port
 */
export function parseLauncherArguments(args: readonly string[]): LauncherOptions {
  const { values } = parseArgs({ args: [...args], options, strict: false })
  const text = (name: keyof typeof options): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  requireInterface(text('interface-version') ?? '1.0.0')
  const statusFolder = text('status-dir')
  if (statusFolder === undefined) {
    throw new CliError({
      what: '--status-dir is missing.',
      why: 'This program is started by the icp command, which waits for a file in that folder.',
      remedy: 'Set ICP_CLI_NETWORK_LAUNCHER_PATH to this program and run `icp network start`.',
    })
  }
  const asked = values.subnet ?? []
  return {
    statusFolder,
    stateFolder: text('state-dir'),
    host: text('bind') ?? '127.0.0.1',
    port: portOf(text('gateway-port')),
    subnets: withSystemSubnets(
      asked.map((name) => kindOf(String(name))),
      values.nns === true,
    ),
    verbose: values.verbose === true,
  }
}

function requireInterface(version: string): void {
  if (/^1\.\d+\.\d+$/.test(version)) return
  throw new CliError({
    what: `This launcher does not speak version ${version} of the launcher interface.`,
    why: 'It speaks version 1.',
    remedy: 'Use the icp command in version 1, or a newer tidemark.',
  })
}

function portOf(text: string | undefined): number {
  const port = Number(text ?? '0')
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  throw new CliError({ what: `${text} is no port.`, remedy: 'Give a number from 0 to 65535.' })
}

function kindOf(name: string): SubnetKind {
  const kind = kinds[name]
  if (kind !== undefined) return kind
  throw new CliError({ what: `There is no kind of subnet ${name}.`, remedy: `Use one of ${Object.keys(kinds).join(', ')}.` })
}

/** The ledgers live on the root subnet and on that of Internet Identity; canisters of projects on one of applications. */
function withSystemSubnets(asked: readonly SubnetKind[], nns: boolean): readonly SubnetKind[] {
  const system: SubnetKind[] = ['nns', 'ii', ...(nns ? (['sns'] as const) : [])]
  const own = asked.filter((kind) => !system.includes(kind))
  return [...system, ...(own.length === 0 ? (['application'] as const) : own)]
}
