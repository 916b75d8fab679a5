import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../src/repository.ts'
import { listWorkspaces, readJson } from '../src/workspaces.ts'

const workspaces = listWorkspaces()
const typeChecked = readJson<{ references: { path: string }[] }>('tsconfig.json').references.map(({ path }) => path)
const linted = readJson<{ overrides: { files: string[]; rules: Record<string, unknown> }[] }>('.oxlintrc.json')
  .overrides.filter(({ rules }) => 'no-restricted-imports' in rules)
  .flatMap(({ files }) => files)

describe.each(workspaces)('$folder', ({ folder, manifest }) => {
  const has = (...path: string[]): boolean => existsSync(join(root, folder, ...path))
  const readme = has('README.md') ? readFileSync(join(root, folder, 'README.md'), 'utf8') : ''

  test('has a README of at most 80 lines', () => {
    expect(readme).toMatch(/^# \S/)
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(80)
  })

  test('says in its manifest what it is', () => {
    expect(manifest.name).toMatch(/^@tidemark\/[a-z-]+$/)
    expect(manifest.description).toMatch(/\.$/)
    expect(manifest).toMatchObject({ license: 'Apache-2.0', private: true })
  })

  test('pins every dependency to one version', () => {
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^(?:npm:.+@)?\d/.test(version),
    )
    expect(ranges).toEqual([])
  })

  test('has tests that run and types that are checked', () => {
    expect(manifest.scripts?.['test']).toBeDefined()
    const isTypeScript = ['src', 'test'].some((part) => has(part) && readdirSync(join(root, folder, part)).length > 0)
    if (isTypeScript) expect(typeChecked).toContain(`./${folder}`)
  })
})

test('every package and app has its row in the table of who may import whom', () => {
  const rows = workspaces.map(({ folder }) => folder).filter((folder) => /^(packages|apps)\//.test(folder))
  expect(linted).toEqual(expect.arrayContaining(rows.map((folder) => `${folder}/src/**`)))
  expect(linted).toContain('canisters/*/src/**')
})

test('every reference of the type check leads somewhere', () => {
  expect(typeChecked.filter((path) => !existsSync(join(root, path, 'tsconfig.json')))).toEqual([])
})
