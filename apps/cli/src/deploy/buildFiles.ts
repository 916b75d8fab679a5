/** What building and deploying a canister leaves for other tools of a project, under the names that dfx gives it. */
import { join } from 'node:path'
import { writeWhole } from '../project/files.ts'
import { folderName } from '../project/canisterIds.ts'
import type { Built } from './deployCanisters.ts'
import { interfaceParts } from './interfaceParts.ts'

export interface BuildFilesOptions {
  readonly root: string
  readonly networkName: string
  readonly name: string
  readonly id: string
  readonly built: Built
}

/** Writes module and interface to `.dfx/<network>/canisters/<name>`, and the interface by the canister's id for editors and imports. */
export function writeBuildFiles({ root, networkName, name, id, built }: BuildFilesOptions): void {
  const network = join(root, '.dfx', folderName(networkName))
  const folder = join(network, 'canisters', name)
  const { bytes } = built.module
  writeWhole(join(folder, `${name}.wasm${isGzip(bytes) ? '.gz' : ''}`), bytes)
  if (built.did === undefined) return
  const { service, initArguments } = interfaceParts(built.did)
  writeWhole(join(folder, `${name}.did`), service)
  writeWhole(join(folder, 'service.did'), service)
  writeWhole(join(folder, 'constructor.did'), built.did)
  writeWhole(join(folder, 'init_args.txt'), initArguments)
  writeWhole(join(network, 'canisters', 'idl', `${id}.did`), service)
  writeWhole(join(network, 'lsp', `${id}.did`), service)
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}
