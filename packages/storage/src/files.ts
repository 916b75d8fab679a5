/** What the storage asks of a file system: few operations, so that a test can let each of them fail. */
import {
  closeSync,
  existsSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

/** All paths are absolute. Every operation may throw the system's error. */
export interface Files {
  exists(path: string): boolean
  /** @throws the system's error when there is no such file */
  read(path: string): Uint8Array
  /** Names in a folder; empty when there is none. */
  list(folder: string): readonly string[]
  makeFolder(path: string): void
  /** Writes a file that is not there yet, and brings it to the disk. @throws when it is there */
  create(path: string, parts: readonly Uint8Array[]): void
  /** Puts a file in the place of another, in one step. */
  rename(from: string, to: string): void
  /** Brings to the disk which names a folder has. */
  syncFolder(folder: string): void
  /** Removes a file, if it is there. */
  remove(path: string): void
  /** Opens a file that is there, to write at its end. */
  append(path: string): AppendedFile
}

/** A file that grows. What was written outlives the process; what was brought to the disk, the machine's power as well. */
export interface AppendedFile {
  write(bytes: Uint8Array): void
  /** Leaves only so many bytes of it. */
  cut(length: number): void
  /** Has what was written brought to the disk soon. */
  sync(): void
  close(): void
}

/** End of the names of files that are being written. */
export const partialEnd = '.partial'

/** Puts a whole file in its place: whoever looks finds the old content or the new one, also after a crash. */
export function putFile(files: Files, folder: string, name: string, parts: readonly Uint8Array[]): void {
  const file = join(folder, name)
  files.makeFolder(folder)
  // Of a save that was stopped.
  files.remove(`${file}${partialEnd}`)
  files.create(`${file}${partialEnd}`, parts)
  files.rename(`${file}${partialEnd}`, file)
  files.syncFolder(folder)
}

/** The file system of the machine. */
export const nodeFiles: Files = {
  exists: existsSync,
  read: (path) => readFileSync(path),
  list: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
  makeFolder: (path) => void mkdirSync(path, { recursive: true }),
  create: (path, parts) => {
    const file = openSync(path, 'wx')
    try {
      for (const part of parts) writeAll(file, part)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  },
  rename: renameSync,
  syncFolder: (folder) => {
    // Windows keeps names by itself, and opens no folders.
    if (process.platform === 'win32') return
    const handle = openSync(folder, 'r')
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  },
  remove: (path) => rmSync(path, { force: true }),
  append: (path) => {
    const file = openSync(path, 'r+')
    let end = fstatSync(file).size
    return {
      write: (bytes) => {
        for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, end + at)
        end += bytes.length
      },
      cut: (length) => {
        ftruncateSync(file, length)
        end = length
      },
      // A disk that takes nothing any more fails the next write, which is told.
      sync: () => fdatasync(file, () => {}),
      close: () => closeSync(file),
    }
  },
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
}
