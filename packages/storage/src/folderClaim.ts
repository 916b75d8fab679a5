/** One process at a time has a folder: its number stands in a file. */
import { join } from 'node:path'
import { FolderInUseError } from './errors.ts'
import type { Files } from './files.ts'

/** @returns gives the folder back; the second time nothing happens. @throws FolderInUseError */
export function claimFolder(path: string, files: Files): () => void {
  const file = join(path, 'in-use')
  const holder = holderOf(file, files)
  if (holder !== undefined) throw new FolderInUseError(`${path} is in use by process ${holder}`)
  files.remove(file)
  try {
    files.create(file, [Buffer.from(`${process.pid}\n`)])
  } catch (error) {
    // Somebody else was faster.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw new FolderInUseError(`${path} is in use`)
    throw error
  }
  claimed.add(path)
  return () => {
    if (claimed.delete(path)) files.remove(file)
  }
}

/** Folders that this process has open. */
const claimed = new Set<string>()

/** The process that has a folder; undefined when there is none, or it has ended without a word. */
function holderOf(file: string, files: Files): number | undefined {
  if (!files.exists(file)) return undefined
  const text = Buffer.from(files.read(file)).toString()
  // Without its line end it was cut short, and its writer with it.
  if (!/^[1-9]\d*\n$/.test(text)) return undefined
  const pid = Number(text)
  if (pid === process.pid) return [...claimed].some((path) => join(path, 'in-use') === file) ? pid : undefined
  try {
    process.kill(pid, 0)
    return pid
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? pid : undefined
  }
}
