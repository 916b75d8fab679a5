/** A file system in memory that can stop at any step, and then looks as a disk would after the power went. */
import { dirname } from 'node:path'
import type { AppendedFile, Files } from '../../src/index.ts'

/** What a crash leaves of changes that were not brought to the disk. */
export type Loss = 'everything kept' | 'names kept, content cut' | 'nothing kept'

export class Crash extends Error {
  override readonly name = 'Crash'
}

interface Entry {
  bytes: Uint8Array
  isContentSynced: boolean
  /** Bytes that were brought to the disk before others were added. */
  safeLength?: number
}

export class MemoryFiles implements Files {
  #names = new Map<string, Entry>()
  /** What is on the disk for sure. */
  #synced = new Map<string, Entry>()
  #stepsLeft = Infinity
  /** Steps so far. */
  steps = 0

  /** Stops everything at a step from here on, counted from 0. */
  crashAt(step: number): void {
    this.#stepsLeft = step
  }

  /** The disk after a crash. */
  afterCrash(loss: Loss): MemoryFiles {
    const disk = new MemoryFiles()
    const names = loss === 'nothing kept' ? this.#synced : this.#names
    for (const [path, { bytes, isContentSynced, safeLength = 0 }] of names) {
      const kept = loss === 'everything kept' || isContentSynced ? bytes : bytes.slice(0, Math.max(safeLength, bytes.length >> 1))
      disk.#put(path, { bytes: kept, isContentSynced: true })
    }
    disk.#synced = new Map(disk.#names)
    return disk
  }

  paths(): string[] {
    return [...this.#names.keys()].sort()
  }

  /** Changes a file behind everybody's back. */
  damage(path: string, change: (bytes: Uint8Array) => Uint8Array | undefined): void {
    const bytes = change(this.read(path).slice())
    if (bytes === undefined) this.#names.delete(path)
    else this.#put(path, { bytes, isContentSynced: true })
  }

  exists(path: string): boolean {
    return this.#names.has(path) || this.list(path).length > 0
  }

  read(path: string): Uint8Array {
    const entry = this.#names.get(path)
    if (entry === undefined) throw new Error(`ENOENT ${path}`)
    return entry.bytes
  }

  list(folder: string): readonly string[] {
    const below = [...this.#names.keys()].filter((path) => path.startsWith(`${folder}/`))
    return [...new Set(below.map((path) => path.slice(folder.length + 1).split('/')[0] as string))]
  }

  makeFolder(): void {
    this.#step()
  }

  create(path: string, parts: readonly Uint8Array[]): void {
    const content = Buffer.concat(parts)
    const entry = { bytes: new Uint8Array(content.subarray(0, content.length >> 1)), isContentSynced: false }
    this.#step()
    this.#put(path, entry)
    this.#step()
    entry.bytes = new Uint8Array(content)
    this.#step()
    entry.isContentSynced = true
  }

  rename(from: string, to: string): void {
    this.#step()
    const entry = this.#names.get(from)
    if (entry === undefined) throw new Error(`ENOENT ${from}`)
    this.#names.delete(from)
    this.#put(to, entry)
  }

  syncFolder(folder: string): void {
    this.#step()
    for (const path of this.#synced.keys()) if (dirname(path) === folder && !this.#names.has(path)) this.#synced.delete(path)
    for (const [path, entry] of this.#names) if (dirname(path) === folder) this.#synced.set(path, entry)
  }

  remove(path: string): void {
    this.#step()
    this.#names.delete(path)
  }

  append(path: string): AppendedFile {
    this.#step()
    const entry = this.#names.get(path)
    if (entry === undefined) throw new Error(`ENOENT ${path}`)
    return {
      write: (bytes) => {
        const whole = new Uint8Array(Buffer.concat([entry.bytes, bytes]))
        if (entry.isContentSynced) entry.safeLength = entry.bytes.length
        entry.isContentSynced = false
        // A write that is stopped has done a part of its work.
        entry.bytes = whole.slice(0, whole.length - (bytes.length >> 1))
        this.#step()
        entry.bytes = whole
      },
      cut: (length) => {
        this.#step()
        entry.bytes = entry.bytes.slice(0, length)
      },
      sync: () => {
        this.#step()
        entry.isContentSynced = true
      },
      close: () => {},
    }
  }

  #put(path: string, entry: Entry): void {
    this.#names.set(path, entry)
  }

  #step(): void {
    if (this.#stepsLeft-- <= 0) throw new Crash(`stopped at step ${this.steps}`)
    this.steps++
  }
}
