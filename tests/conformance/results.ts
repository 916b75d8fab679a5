/** Reads what the test runs of the packages left behind. */
import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One test case; `skipped` covers every reason for which it did not run. */
export interface Case {
  readonly file: string
  readonly title: string
  readonly status: 'passed' | 'failed' | 'todo' | 'skipped'
}

export const root = fileURLToPath(new URL('../..', import.meta.url))

interface ResultFile {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly fullName: string; readonly title: string; readonly status: string }[]
  }[]
}

/**
 * All cases of the packages, by file.
 *
 * @throws Error when the tests of a file have not been run: figures of a part would be wrong
 */
export function readCases(): Case[] {
  const cases: Case[] = []
  for (const folder of globSync('packages/*', { cwd: root })) {
    const files = globSync(`${folder}/test/**/*.test.ts`, { cwd: root }).map(slashed)
    if (files.length === 0) continue
    const path = join(root, folder, 'test-results.json')
    const results = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ResultFile).testResults : []
    const seen = new Map(results.map((result) => [slashed(relative(realpathSync(root), result.name)), result.assertionResults]))
    for (const file of files) {
      const found = seen.get(file)
      if (found === undefined) throw new Error(`no results of ${file}: run the tests of all packages first, then again`)
      for (const { title, status } of found) cases.push({ file, title, status: statusOf(status) })
    }
  }
  return cases
}

function statusOf(status: string): Case['status'] {
  return status === 'passed' || status === 'failed' || status === 'todo' ? status : 'skipped'
}

function slashed(path: string): string {
  return path.split(sep).join('/')
}
