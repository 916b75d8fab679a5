/**
 * A state in a folder. Saving never changes a file: it adds packs and a tree, and then puts another `state.json` in the
 * place of the one before, in one step. Whatever stops it, the folder holds the old state or the new one.
 *
 * - `state.json` names the format and the tree.
 * - `trees/<SHA-256>` has everything but long byte strings, and says which packs have those.
 * - `packs/<SHA-256>` have modules, pages of memories and other long byte strings, each once.
 * - `journal` has what happened since, where its owner keeps one.
 * - `in-use` names the process that has the folder open.
 */
import { join } from 'node:path'
import type { PortableValue } from '@tidemark/state'
import { CorruptStateError, ForeignFolderError } from './errors.ts'
import { type Files, nodeFiles, partialEnd, putFile } from './files.ts'
import { claimFolder } from './folderClaim.ts'
import { journalName } from './journal.ts'
import { hashOf } from './pack.ts'
import { PackStore } from './packStore.ts'
import { readTree, writeTree } from './tree.ts'

const format = 'tidemark state'
const version = 1
const headName = 'state.json'

/** What is kept: a state, and whatever its owner wants to know before it is loaded. */
export interface KeptState {
  /** Plain JSON. */
  readonly about: unknown
  readonly state: PortableValue
}

/** How a save went. */
export interface SaveReport {
  /** Bytes written; less than the state has where parts were there already. */
  readonly bytesWritten: number
  /** Bytes of long byte strings in all. */
  readonly blobBytes: number
}

/** A folder that is open: nobody else has it until it is closed. */
export class StateFolder {
  readonly path: string
  readonly #files: Files
  readonly #packs: PackStore
  readonly #release: () => void
  #tree: string | undefined

  private constructor(path: string, files: Files, release: () => void) {
    this.path = path
    this.#files = files
    this.#release = release
    this.#packs = new PackStore(join(path, 'packs'), files)
  }

  /**
   * Opens a folder, or makes one.
   *
   * @param files - where it is; the file system of the machine by default
   * @throws FolderInUseError, ForeignFolderError when there is something else in it, and the system's errors
   */
  static open(path: string, files: Files = nodeFiles): StateFolder {
    files.makeFolder(path)
    const strangers = files.list(path).filter((name) => !ownNames.has(name) && !name.endsWith(partialEnd))
    if (!files.exists(join(path, headName)) && strangers.length > 0) {
      throw new ForeignFolderError(`${path} is not empty and holds no state of a network: ${strangers.slice(0, 3).join(', ')}`)
    }
    const folder = new StateFolder(path, files, claimFolder(path, files))
    try {
      folder.#tree = folder.#readHead()
    } catch (error) {
      folder.close()
      throw error
    }
    return folder
  }

  /** Name of the state that was saved last; undefined in a fresh folder. */
  get tree(): string | undefined {
    return this.#tree
  }

  /** Whether there is a state to load. */
  get isEmpty(): boolean {
    return this.#tree === undefined
  }

  /** The state in a folder, whoever has it open; undefined when there is none. @throws CorruptStateError, ForeignFolderError */
  static read(path: string, files: Files = nodeFiles): KeptState | undefined {
    const folder = new StateFolder(path, files, () => {})
    folder.#tree = folder.#readHead()
    return folder.load()
  }

  /**
   * The state that was saved last; undefined in a fresh folder.
   *
   * @param tree - another one, that was written and perhaps not committed
   * @throws CorruptStateError
   */
  load(tree: string | undefined = this.#tree): KeptState | undefined {
    if (tree === undefined) return undefined
    const file = join(this.path, 'trees', tree)
    const bytes = this.#read(file)
    if (hashOf(bytes) !== tree) throw new CorruptStateError(`${file} holds other bytes than were written`)
    return readTree(bytes, this.#packs, file)
  }

  /** Replaces the state. When it fails, the one before is still there. @throws the system's errors */
  save(kept: KeptState): SaveReport {
    const { tree, ...report } = this.write(kept)
    this.commit(tree)
    return report
  }

  /**
   * Writes a state beside the one that is there, for several folders that change together.
   *
   * @returns its name, for `commit` and `load`. @throws the system's errors
   */
  write({ about, state }: KeptState): SaveReport & { readonly tree: string } {
    const { tree, blobs } = writeTree(about, state, this.#packs)
    const bytesWritten = this.#packs.commit(blobs) + tree.length
    const name = hashOf(tree)
    putFile(this.#files, join(this.path, 'trees'), name, [tree])
    return { tree: name, bytesWritten, blobBytes: blobs.totalBytes }
  }

  /** Puts a state that was written in the place of the one before, and forgets that one. */
  commit(tree: string): void {
    putFile(this.#files, this.path, headName, [Buffer.from(`${JSON.stringify({ format, version, tree })}\n`)])
    this.#tree = tree
    this.#removeUnused()
  }

  /** Lets others have the folder. */
  close(): void {
    this.#release()
  }

  #readHead(): string | undefined {
    const file = join(this.path, headName)
    if (!this.#files.exists(file)) return undefined
    const head = parsed(this.#read(file), file)
    if (head.format !== format) throw new ForeignFolderError(`${file} is not of this program`)
    if (head.version !== version) {
      throw new ForeignFolderError(`${file} has version ${String(head.version)} of the format; this program reads version ${version}`)
    }
    if (typeof head.tree !== 'string') throw new CorruptStateError(`${file} names no tree`)
    return head.tree
  }

  #read(file: string): Uint8Array {
    if (!this.#files.exists(file)) throw new CorruptStateError(`${file} is missing`)
    return this.#files.read(file)
  }

  /** Files that no state needs: of saves before, and of saves that were stopped. */
  #removeUnused(): void {
    const trees = join(this.path, 'trees')
    for (const name of this.#files.list(trees)) if (name !== this.#tree) this.#files.remove(join(trees, name))
    this.#packs.removeUnused()
  }
}

const ownNames: ReadonlySet<string> = new Set([headName, 'trees', 'packs', 'in-use', journalName])

interface Head {
  readonly format?: unknown
  readonly version?: unknown
  readonly tree?: unknown
}

function parsed(bytes: Uint8Array, file: string): Head {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString())
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    throw new CorruptStateError(`${file} is no JSON`)
  }
}
