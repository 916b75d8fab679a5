import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of the whole repository. */
export const root = join(import.meta.dirname, '..', '..', '..')

/** A file as the repository knows it: its path from the root, with `/`. */
export interface RepositoryFile {
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
}

/** All text files that are committed or about to be, in order of their paths. */
export function listFiles(): RepositoryFile[] {
  const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  const paths = [...new Set(output.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path)))
  return paths
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'))
    .map(({ path, text }) => ({ path, text, lines: text.split('\n') }))
}

/** Whether a file's first line says that it is generated, or a table of many equal rows. */
export function isExemptFromSize(file: RepositoryFile): boolean {
  return /\b(generated|table)\b/i.test(file.lines[0] ?? '')
}
