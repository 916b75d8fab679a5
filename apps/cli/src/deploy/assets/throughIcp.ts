/** An asset canister that is called through the `icp` command, so that the identity which deploys also uploads. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IDL } from '@dfinity/candid'
import { assets } from '@tidemark/bindings'
import { fromHex } from '@tidemark/types'
import { CliError } from '../../output/cliError.ts'
import type { AssetCanister } from './sync.ts'

const methods = ['list', 'get_asset_properties', 'create_batch', 'create_chunks', 'commit_batch'] as const
const outputBytesMax = 64 * 1024 * 1024

export interface IcpTarget {
  /** The `icp` program: a name to look up in `PATH`, or a path. */
  readonly program: string
  readonly folder: string
  readonly canisterId: string
  /** Of `icp.yaml`; its network is the one that is called. */
  readonly environment: string
}

/** @throws CliError from every method when `icp` is not there, or what it calls is refused */
export function assetCanisterThroughIcp(target: IcpTarget): AssetCanister {
  const types = new Map(assets.idlFactory({ IDL })._fields)
  // One process at a time, however many calls wait.
  let last: Promise<unknown> = Promise.resolve()
  const entries = methods.map((name) => {
    const type = types.get(name)
    if (type === undefined) throw new Error(`the interface of asset canisters has no ${name}`)
    const queued = (...args: unknown[]): Promise<unknown> => (last = last.then(() => call(target, name, type, args)))
    return [name, queued] as const
  })
  return Object.fromEntries(entries) as unknown as AssetCanister
}

async function call(target: IcpTarget, name: string, type: IDL.FuncClass, args: unknown[]): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-sync-'))
  try {
    const file = join(folder, 'arguments')
    writeFileSync(file, new Uint8Array(IDL.encode(type.argTypes, args)))
    const query = type.annotations.includes('query') ? ['--query'] : []
    const how = ['--args-file', file, '--args-format', 'bin', '--output', 'hex', '--environment', target.environment, ...query]
    const reply = await run(target, ['canister', 'call', target.canisterId, name, ...how])
    return IDL.decode(type.retTypes, fromHex(reply.trim()))[0]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run({ program, folder }: IcpTarget, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: folder, maxBuffer: outputBytesMax }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout)
      const missing = error.code === 'ENOENT'
      reject(
        new CliError({
          what: missing ? `The icp command is not there: ${program}.` : `icp ${args.slice(0, 4).join(' ')} failed.`,
          why: missing ? 'Files are uploaded through it, with its identity.' : stderr.trim(),
          ...(missing ? { remedy: 'Put it into PATH, or set ICP_CLI_PATH to where it is.' } : {}),
        }),
      )
    })
  })
}
