/** What the `icp` command asks of a network launcher. */
import { parseArgs } from 'node:util'
import type { SubnetKind } from '@tidemark/network'
import { CliError } from '../output/cliError.ts'

/** How the launcher was asked to run. */
export interface LauncherOptions {
  /** Folder for `status.json` and `custom-domains.txt`. */
  readonly statusFolder: string | undefined
  /** Folder that the network goes on from, and leaves its state in. */
  readonly stateFolder: string | undefined
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  /** Of the administration; 0 for any free port. */
  readonly configPort: number
  /** Least time between rounds, milliseconds: what calls take longer. */
  readonly delayMillis: number
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
  'pocketic-server-path': { type: 'string' },
  'stdout-file': { type: 'string' },
  'stderr-file': { type: 'string' },
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
  'cloud-engine': 'cloud_engine',
}

/** The newest version of the interface that is known here whole. */
const knownMinor = 1

/**
 * Reads the arguments; flags that only a newer interface has are passed over.
 *
 * @param version - of the interface, where no argument names it
 * @throws CliError for an interface of another major version, an unknown flag or subnet, a bad port or delay
 */
export function parseLauncherArguments(args: readonly string[], version?: string): LauncherOptions {
  const { values } = parseArgs({ args: [...args], options, strict: false })
  const text = (name: keyof typeof options): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  const minor = interfaceMinor(text('interface-version') ?? version ?? '1.0.0')
  if (minor <= knownMinor) requireKnown(Object.keys(values))
  const asked = (values.subnet ?? []).map((name) => kindOf(String(name)))
  const hasBitcoin = (values['bitcoind-addr'] ?? values['dogecoind-addr']) !== undefined
  return {
    statusFolder: text('status-dir'),
    stateFolder: text('state-dir'),
    host: text('bind') ?? '127.0.0.1',
    port: numberOf(text('gateway-port'), 65_535, 'port'),
    configPort: numberOf(text('config-port'), 65_535, 'port'),
    delayMillis: numberOf(text('artificial-delay-ms'), 600_000, 'number of milliseconds'),
    subnets: withSystemSubnets(hasBitcoin && !asked.includes('bitcoin') ? [...asked, 'bitcoin'] : asked, values.nns === true),
    verbose: values.verbose === true,
  }
}

/** The minor version. */
function interfaceMinor(version: string): number {
  const [, minor] = /^1\.(\d+)\.\d+$/.exec(version) ?? []
  if (minor !== undefined) return Number(minor)
  throw new CliError({
    what: `This launcher does not speak version ${version} of the launcher interface.`,
    why: 'It speaks version 1.',
    remedy: 'Use the icp command in version 1, or a newer tidemark.',
  })
}

function requireKnown(names: readonly string[]): void {
  const unknown = names.find((name) => !Object.hasOwn(options, name))
  if (unknown === undefined) return
  throw new CliError({ what: `There is no flag --${unknown}.`, remedy: `Use one of ${Object.keys(options).join(', ')}.` })
}

function numberOf(text: string | undefined, most: number, what: string): number {
  const number = Number(text ?? '0')
  if (text !== '' && Number.isInteger(number) && number >= 0 && number <= most) return number
  throw new CliError({ what: `${text} is no ${what}.`, remedy: `Give a number from 0 to ${most}.` })
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
