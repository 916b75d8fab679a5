/** The block of variables that front ends read from the project's `.env` file. */
import { readIfPresent, writeWhole } from './files.ts'

const start = '# DFX CANISTER ENVIRONMENT VARIABLES'
const end = '# END DFX CANISTER ENVIRONMENT VARIABLES'

export interface EnvBlock {
  readonly networkName: string
  readonly canisterIds: readonly (readonly [name: string, id: string])[]
}

/** Lines of the block, without its marks. */
export function envLines({ networkName, canisterIds }: EnvBlock): string[] {
  const ids = canisterIds.map(([name, id]) => `CANISTER_ID_${name.toUpperCase().replaceAll('-', '_')}='${id}'`)
  return [`DFX_NETWORK='${networkName}'`, ...ids.toSorted()]
}

/** Puts the block into a file, in place of the one that is there; all other lines stay. */
export function writeEnvFile(file: string, block: EnvBlock): void {
  const text = [start, ...envLines(block), end].join('\n')
  const existing = readIfPresent(file) ?? ''
  const from = existing.indexOf(start)
  const to = existing.indexOf(end)
  if (from >= 0 && to > from) writeWhole(file, existing.slice(0, from) + text + existing.slice(to + end.length))
  else writeWhole(file, `${existing === '' || existing.endsWith('\n') ? existing : `${existing}\n`}${text}\n`)
}
