import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listPublicNames } from '../src/exports.ts'
import { root } from '../src/repository.ts'
import { listWorkspaces } from '../src/workspaces.ts'

const packages = listWorkspaces().filter(
  ({ folder }) => folder.startsWith('packages/') && existsSync(join(root, folder, 'src', 'index.ts')),
)

describe.each(packages)('$folder', ({ folder }) => {
  test('documents every name it exports', () => {
    const names = listPublicNames(join(root, folder, 'src', 'index.ts')).filter(({ file }) => !file.includes('generated'))
    expect(names.length).toBeGreaterThan(0)
    const bare = names.filter(({ isDocumented }) => !isDocumented)
    expect(bare.map(({ name, file, line }) => `${name} at ${relative(root, file)}:${line}`)).toEqual([])
  })
})
