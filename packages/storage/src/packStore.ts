/** The packs of a folder: which byte strings are there, and where. */
import { join } from 'node:path'
import { CorruptStateError } from './errors.ts'
import { type Files, putFile } from './files.ts'
import { blobsOf, hashOf, packOf } from './pack.ts'

/** A pack is written anew when less than this part of it is still used. */
const usedPartMin = 0.5

/** Byte strings of one state by their hashes. */
export interface UsedBlobs {
  readonly byHash: ReadonlyMap<string, Uint8Array>
  readonly totalBytes: number
}

/** Which packs a save is to refer to, and what the one that it adds has. */
export interface PackPlan {
  /** Names of all packs that are needed, the new one last. */
  readonly packs: readonly string[]
  readonly added: ReadonlyMap<string, Uint8Array>
}

interface KnownPack {
  /** Length of each of its byte strings, by hash. */
  readonly lengths: ReadonlyMap<string, number>
}

export class PackStore {
  readonly #folder: string
  readonly #files: Files
  /** Packs that the state in the folder needs. */
  #known = new Map<string, KnownPack>()

  constructor(folder: string, files: Files) {
    this.#folder = folder
    this.#files = files
  }

  /** What is to be written so that all byte strings are there. */
  plan({ byHash }: UsedBlobs): PackPlan {
    const missing = new Map(byHash)
    const packs: string[] = []
    for (const [name, pack] of this.#known) {
      if (!this.#isWorthKeeping(pack, byHash)) continue
      packs.push(name)
      for (const hash of pack.lengths.keys()) missing.delete(hash)
    }
    return { packs: missing.size === 0 ? packs : [...packs, nameOf(missing)], added: missing }
  }

  /** Writes what the plan adds. @returns bytes written */
  commit(blobs: UsedBlobs): number {
    const { packs, added } = this.plan(blobs)
    const lengths = new Map([...added].map(([hash, bytes]) => [hash, bytes.length]))
    const known = packs.map((name): [string, KnownPack] => [name, this.#known.get(name) ?? { lengths }])
    const bytes = added.size === 0 ? 0 : this.#write(nameOf(added), added)
    this.#known = new Map(known)
    return bytes
  }

  /** The byte strings of packs, each checked against its hash. @throws CorruptStateError */
  load(names: readonly string[]): Map<string, Uint8Array> {
    const all = new Map<string, Uint8Array>()
    const known = new Map<string, KnownPack>()
    for (const name of names) {
      const lengths = new Map<string, number>()
      for (const [hash, bytes] of this.#read(name)) {
        all.set(hash, bytes)
        lengths.set(hash, bytes.length)
      }
      known.set(name, { lengths })
    }
    this.#known = known
    return all
  }

  /** Removes the packs that the state in the folder does not need. */
  removeUnused(): void {
    for (const name of this.#files.list(this.#folder)) if (!this.#known.has(name)) this.#files.remove(join(this.#folder, name))
  }

  #isWorthKeeping({ lengths }: KnownPack, used: ReadonlyMap<string, Uint8Array>): boolean {
    let total = 0
    let needed = 0
    for (const [hash, length] of lengths) {
      total += length
      if (used.has(hash)) needed += length
    }
    return needed >= usedPartMin * total
  }

  #write(name: string, blobs: ReadonlyMap<string, Uint8Array>): number {
    const parts = packOf(blobs)
    putFile(this.#files, this.#folder, name, parts)
    return parts.reduce((sum, part) => sum + part.length, 0)
  }

  #read(name: string): Map<string, Uint8Array> {
    const file = join(this.#folder, name)
    if (!this.#files.exists(file)) throw new CorruptStateError(`${file} is missing`)
    try {
      const blobs = blobsOf(this.#files.read(file))
      for (const [hash, bytes] of blobs) if (hashOf(bytes) !== hash) throw new RangeError(`the byte string ${hash} has changed`)
      return blobs
    } catch (error) {
      if (error instanceof RangeError) throw new CorruptStateError(`${file} holds other bytes than were written: ${error.message}`)
      throw error
    }
  }
}

/** A pack is called after what is in it. */
function nameOf(blobs: ReadonlyMap<string, Uint8Array>): string {
  return hashOf(Buffer.from([...blobs.keys()].join()))
}
