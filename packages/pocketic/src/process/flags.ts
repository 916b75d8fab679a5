/** The command line, as clients of the PocketIC server write it. */
import { parseArgs } from 'node:util'

export interface Flags {
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  readonly portFile: string | undefined
  /** How long the server lives without a request, milliseconds. */
  readonly ttlMillis: number
  /** How long it lives at all, milliseconds. */
  readonly hardTtlMillis: number | undefined
  /** Whether instances that do not say have experimental hooks. */
  readonly experimentalHooks: boolean
  readonly version: boolean
  readonly help: boolean
}

export class FlagError extends Error {
  override readonly name = 'FlagError'
}

const defaultTtlSeconds = 60

export const usage = `Usage: tidemark-pocket-ic [options]

  -i, --ip-addr <address>   address to listen on (127.0.0.1)
  -p, --port <port>         port to listen on (0: any free one)
      --port-file <path>    file that gets the port; if it exists, another server owns it and this one ends
      --ttl <seconds>       end after so long without a request (${defaultTtlSeconds})
      --hard-ttl <seconds>  end after so long in any case
      --experimental-hooks  lifecycle hooks that no network has yet, in every instance;
                            so does TIDEMARK_EXPERIMENTAL_HOOKS=1
  -l, --log-levels <text>   accepted; this server logs failures only
  -V, --version             print the version of the protocol
  -h, --help                print this text
`

/** @throws FlagError */
export function parseFlags(args: readonly string[]): Flags {
  const { values } = parse(args)
  return {
    host: values['ip-addr'] ?? '127.0.0.1',
    port: wholeNumber('--port', values.port ?? '0', 65_535),
    portFile: values['port-file'],
    ttlMillis: 1000 * wholeNumber('--ttl', values.ttl ?? String(defaultTtlSeconds)),
    hardTtlMillis: values['hard-ttl'] === undefined ? undefined : 1000 * wholeNumber('--hard-ttl', values['hard-ttl']),
    experimentalHooks: values['experimental-hooks'] === true,
    version: values.version === true,
    help: values.help === true,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'ip-addr': { type: 'string', short: 'i' },
        port: { type: 'string', short: 'p' },
        'port-file': { type: 'string' },
        ttl: { type: 'string' },
        'hard-ttl': { type: 'string' },
        'experimental-hooks': { type: 'boolean' },
        'log-levels': { type: 'string', short: 'l' },
        version: { type: 'boolean', short: 'V' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new FlagError(error instanceof Error ? error.message : String(error))
  }
}

function wholeNumber(flag: string, text: string, max = Number.MAX_SAFE_INTEGER / 1000): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (!(number <= max)) throw new FlagError(`${flag} must be a whole number from 0, got "${text}"`)
  return number
}
