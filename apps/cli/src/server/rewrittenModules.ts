/** Keeps modules that the replica has rewritten, so that a second start need not rewrite them. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ReplicaOptions } from '@tidemark/replica'

type RewrittenModules = NonNullable<ReplicaOptions['rewrittenModules']>

const digestBytes = 32
/** What decides how a module is rewritten: a change in any of these files makes the kept ones worthless. */
const rewriters = ['@tidemark/wasm', '@tidemark/execution']

/**
 * @param folder - where to keep them; results of other versions of the rewriter found there are removed
 * @param profile - price profile, which metering depends on
 */
export function createRewrittenModules(folder: string, profile: string): RewrittenModules {
  const generation = `${rewriterDigest()}-${profile}`
  const place = join(folder, generation)
  const fileOf = (key: string) => join(place, `${key}.bin`)
  return {
    load: (key) => {
      try {
        const stored = readFileSync(fileOf(key))
        const content = stored.subarray(digestBytes)
        return stored.subarray(0, digestBytes).equals(digest(content)) ? new Uint8Array(content) : undefined
      } catch {
        return undefined
      }
    },
    save: (key, rewritten) => {
      const temporary = `${fileOf(key)}.${process.pid}.tmp`
      try {
        removeOthers(folder, generation.slice(0, generation.lastIndexOf('-')))
        mkdirSync(place, { recursive: true })
        writeFileSync(temporary, Buffer.concat([digest(rewritten), rewritten]))
        renameSync(temporary, fileOf(key))
      } catch {
        // Without the kept result the next start is slower, and nothing else.
        rmSync(temporary, { force: true })
      }
    },
  }
}

function removeOthers(folder: string, current: string): void {
  for (const name of readdirIfPresent(folder)) if (!name.startsWith(current)) rmSync(join(folder, name), { recursive: true, force: true })
}

function readdirIfPresent(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function rewriterDigest(): string {
  const hash = createHash('sha256')
  for (const name of rewriters) {
    const sources = dirname(fileURLToPath(import.meta.resolve(name)))
    for (const file of readdirSync(sources, { recursive: true, encoding: 'utf8' }).toSorted()) {
      if (file.endsWith('.ts')) hash.update(file).update(readFileSync(join(sources, file)))
    }
  }
  return hash.digest('hex').slice(0, 16)
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
