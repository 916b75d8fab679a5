/** The program behind the command `tidemark-pocket-ic`. */
import { FlagError, parseFlags, usage } from './process/flags.ts'
import { claimPortFile } from './process/portFile.ts'

/** The protocol that is spoken: clients ask for a server of their own major version. */
const protocolVersion = process.env['TIDEMARK_POCKET_IC_VERSION'] ?? '14.0.0'

async function main(args: readonly string[]): Promise<void> {
  const flags = parseFlags(args)
  if (flags.help) return void process.stdout.write(usage)
  if (flags.version) return void process.stdout.write(`pocket-ic-server ${protocolVersion}\n`)
  const portFile = flags.portFile === undefined ? undefined : claimPortFile(flags.portFile)
  if (flags.portFile !== undefined && portFile === undefined) return
  process.on('exit', () => portFile?.remove())
  // Loaded only now: a server that is not needed has ended, and the file is claimed as early as can be.
  const { serve } = await import('./process/serve.ts')
  // Clients that start the server by themselves hand on their environment, but no flags of ours.
  const experimentalHooks = flags.experimentalHooks || process.env['TIDEMARK_EXPERIMENTAL_HOOKS'] === '1'
  await serve({ ...flags, experimentalHooks }, portFile)
}

main(process.argv.slice(2)).then(
  () => {},
  (error: unknown) => {
    process.stderr.write(error instanceof FlagError ? `${error.message}\n\n${usage}` : `${String(error)}\n`)
    process.exit(error instanceof FlagError ? 2 : 1)
  },
)
