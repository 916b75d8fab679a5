/** The secret that all keys of a local network derive from, kept so that they stay the same over restarts. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fromHex, toHex } from '@tidemark/types'
import { CliError } from '../output/cliError.ts'
import { readIfPresent, writeWhole } from '../project/files.ts'

const seedBytes = 32

/** Folder of everything that a local network keeps. */
export function networkFolder(root: string): string {
  return join(root, '.tidemark', 'network', 'local')
}

/** The seed of this project's local network; made on first use. @throws CliError when the file is damaged */
export function readOrCreateSeed(root: string): Uint8Array {
  return readOrCreateSeedIn(networkFolder(root))
}

/** A seed that no network has yet. */
export function randomSeed(): Uint8Array {
  return new Uint8Array(randomBytes(seedBytes))
}

/** The seed that a folder keeps; made on first use. @throws CliError when the file is damaged */
export function readOrCreateSeedIn(folder: string): Uint8Array {
  const file = join(folder, 'seed')
  const text = readIfPresent(file)?.trim()
  if (text === undefined) {
    const seed = randomSeed()
    writeWhole(file, `${toHex(seed)}\n`, 0o600)
    return seed
  }
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new CliError({ what: `${file} is damaged.`, why: 'It must hold 64 hexadecimal digits.', remedy: 'Run tidemark start --clean.' })
  }
  return fromHex(text)
}
