/**
 * What happened since the last save, in a file beside the state: entries in the order in which they were written, each
 * with its length and a checksum in front. A writer that was stopped leaves a torn entry at the end at the most.
 *
 * The first entry names the state that the others go on from: a journal of another state is of no use, and is one that a
 * save has taken in already.
 */
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { type AppendedFile, type Files, nodeFiles, putFile } from './files.ts'

export const journalName = 'journal'
const format = 'tidemark journal 1'
/** Length and CRC-32 of what follows, four bytes each, the lowest first. */
const frameBytes = 8

/** What a journal goes on from. */
export interface JournalBase {
  /** The state's tree. */
  readonly tree: string
  /** Plain JSON: whatever its owner wants to know before the entries are used. */
  readonly about: unknown
}

/** A journal as it was found. */
export interface FoundJournal extends JournalBase {
  readonly entries: readonly Uint8Array[]
  /** Bytes of whole entries. */
  readonly length: number
  /** Bytes after them. */
  readonly tornBytes: number
}

/** The journal in a state folder; undefined when there is none, or its beginning is torn. */
export function readJournal(folder: string, files: Files = nodeFiles): FoundJournal | undefined {
  const path = join(folder, journalName)
  if (!files.exists(path)) return undefined
  const bytes = files.read(path)
  const entries: Uint8Array[] = []
  let length = 0
  for (let entry = entryAt(bytes, 0); entry !== undefined; entry = entryAt(bytes, length)) {
    entries.push(entry)
    length += frameBytes + entry.length
  }
  const base = baseOf(entries.shift())
  return base && { ...base, entries, length, tornBytes: bytes.length - length }
}

/** A journal that is being written, in a folder that the caller has open. */
export class Journal {
  readonly #folder: string
  readonly #files: Files
  #file: AppendedFile
  #length: number

  private constructor(folder: string, files: Files, length: number) {
    this.#folder = folder
    this.#files = files
    this.#length = length
    this.#file = files.append(join(folder, journalName))
  }

  /** Begins one in the place of another. @throws the system's errors */
  static begin(folder: string, base: JournalBase, files: Files = nodeFiles): Journal {
    return new Journal(folder, files, putBase(folder, base, files))
  }

  /** Goes on with one that was found, without what is torn. @throws the system's errors */
  static goOn(folder: string, { length, tornBytes }: FoundJournal, files: Files = nodeFiles): Journal {
    const journal = new Journal(folder, files, length)
    if (tornBytes > 0) journal.cut(length)
    return journal
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length
  }

  /** Adds entries; when this returns, they outlive the process. @throws the system's errors: then none may be there, or some */
  add(entries: readonly Uint8Array[]): void {
    const bytes = Buffer.concat(entries.flatMap((entry) => [frameOf(entry), entry]))
    this.#file.write(bytes)
    this.#length += bytes.length
  }

  /** Leaves only the entries up to a length that it had. */
  cut(length: number): void {
    this.#file.cut(length)
    this.#length = length
  }

  /** Has what was added brought to the disk soon, so that it outlives the machine's power as well. */
  sync(): void {
    this.#file.sync()
  }

  /** Begins anew after a save. @throws the system's errors */
  restart(base: JournalBase): void {
    const length = putBase(this.#folder, base, this.#files)
    this.#file.close()
    this.#file = this.#files.append(join(this.#folder, journalName))
    this.#length = length
  }

  close(): void {
    this.#file.close()
  }
}

/** @returns its length */
function putBase(folder: string, { tree, about }: JournalBase, files: Files): number {
  const entry = Buffer.from(JSON.stringify({ format, tree, about }))
  putFile(files, folder, journalName, [frameOf(entry), entry])
  return frameBytes + entry.length
}

function frameOf(entry: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(frameBytes)
  frame.writeUInt32LE(entry.length, 0)
  frame.writeUInt32LE(crc32(entry), 4)
  return frame
}

function entryAt(bytes: Uint8Array, at: number): Uint8Array | undefined {
  if (at + frameBytes > bytes.length) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, frameBytes)
  const start = at + frameBytes
  const entry = bytes.subarray(start, start + view.getUint32(0, true))
  const isWhole = entry.length === view.getUint32(0, true) && crc32(entry) === view.getUint32(4, true)
  return isWhole && entry.length > 0 ? entry : undefined
}

function baseOf(entry: Uint8Array | undefined): JournalBase | undefined {
  if (entry === undefined) return undefined
  try {
    const value = JSON.parse(Buffer.from(entry).toString()) as { format?: unknown; tree?: unknown; about?: unknown }
    return value.format === format && typeof value.tree === 'string' ? { tree: value.tree, about: value.about } : undefined
  } catch {
    return undefined
  }
}
