/** What the `icp` command leaves of the local network that it manages in a project. */
import { join } from 'node:path'
import { readIfPresent } from './files.ts'

const folder = (root: string) => join(root, '.icp', 'cache', 'networks', 'local')

/** Folder that it gives the launcher for the network's state, and empties before each start. */
export function icpStateFolder(root: string): string {
  return join(folder(root), 'state')
}

/** Port of the network; undefined when none runs by its word. */
export function readIcpPort(root: string): number | undefined {
  try {
    const { gateway } = JSON.parse(readIfPresent(join(folder(root), 'descriptor.json')) ?? '{}') as { gateway?: { port?: unknown } }
    return Number.isInteger(gateway?.port) ? Number(gateway?.port) : undefined
  } catch {
    return undefined
  }
}

/** Id of one of its canisters by name. */
export function readIcpCanisterId(root: string, name: string): string | undefined {
  try {
    const text = readIfPresent(join(root, '.icp', 'cache', 'mappings', 'local.ids.json'))
    const ids = JSON.parse(text ?? '{}') as Readonly<Record<string, unknown>>
    const id = Object.hasOwn(ids, name) ? ids[name] : undefined
    return typeof id === 'string' ? id : undefined
  } catch {
    return undefined
  }
}
