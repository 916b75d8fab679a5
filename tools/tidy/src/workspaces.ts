import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './repository.ts'

/** A workspace of the monorepo. */
export interface Workspace {
  /** Path from the root, for example `packages/types`. */
  readonly folder: string
  readonly manifest: Manifest
}

/** The parts of a package.json that have rules. */
export interface Manifest {
  readonly name?: string
  readonly description?: string
  readonly license?: string
  readonly private?: boolean
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** Every workspace that the root manifest names, in order. */
export function listWorkspaces(): Workspace[] {
  const { workspaces } = readJson<{ workspaces: string[] }>('package.json')
  return workspaces
    .flatMap((pattern) => {
      if (!pattern.endsWith('/*')) return [pattern]
      const group = pattern.slice(0, -2)
      return readdirSync(join(root, group)).map((name) => `${group}/${name}`)
    })
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readJson<Manifest>(`${folder}/package.json`) }))
}

/** A JSON file of the repository, by its path from the root. The caller names the shape it relies on. */
export function readJson<Shape>(path: string): Shape {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as Shape
}
