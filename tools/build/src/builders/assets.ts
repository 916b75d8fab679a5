import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BuildError } from '../buildError.ts'
import type { Builder } from '../builder.ts'
import type { AssetsSpec } from '../spec.ts'
import { sourceFiles, workspaceOf, workspaceSources } from '../workspace.ts'
import { runCommands } from './command.ts'
import { motokoBuilder } from './motoko.ts'
import { assetCanister } from './own.ts'

/** Sites: the asset canister's module, and the files that the site's own commands make. */
export const assetsBuilder: Builder<AssetsSpec> = {
  async inputs(root, spec) {
    const module = await motokoBuilder.inputs(root, assetCanister)
    const site = await Promise.all(workspacesOf(root, spec).map((folder) => workspaceSources(root, folder)))
    return { files: [...new Set([...module.files, ...site.flat()])].sort(), versions: { ...module.versions, node: process.version } }
  },

  async build(place, spec) {
    const [product] = await Promise.all([
      motokoBuilder.build(place, { ...assetCanister, name: spec.name }),
      runCommands(place.root, spec.name, spec.commands),
    ])
    const source = spec.sources.find((path) => existsSync(join(place.root, path)))
    if (source === undefined) {
      throw new BuildError(
        spec.name,
        `None of the folders ${spec.sources.join(', ')} is there.`,
        `Correct \`source\` or \`build\` of canister \`${spec.name}\` in dfx.json.`,
      )
    }
    return product
  },

  async leaves(root, spec) {
    const present = spec.sources.filter((path) => existsSync(join(root, path)))
    return (await Promise.all(present.map((path) => sourceFiles(root, path)))).flat()
  },
}

function workspacesOf(root: string, spec: AssetsSpec): readonly string[] {
  return [...new Set(spec.sources.map((path) => workspaceOf(root, path)))].filter((folder) => folder !== '.')
}
