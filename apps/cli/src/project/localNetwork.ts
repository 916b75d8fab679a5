/** Files by which a running local network is found: the same that dfx writes. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { readIfPresent, writeWhole } from './files.ts'

export interface RunningNetwork {
  readonly pid: number
  readonly port: number
  /** Changes with every network that is made anew. */
  readonly networkId: string
}

const folder = (root: string) => join(root, '.dfx', 'network', 'local')

/** What the files say of the local network of a project; undefined when none is running by their word. */
export function readRunningNetwork(root: string): RunningNetwork | undefined {
  const pid = Number(readIfPresent(join(folder(root), 'pid')))
  const port = Number(readIfPresent(join(folder(root), 'webserver-port')))
  if (!(pid > 0) || !(port > 0) || !isAlive(pid)) return undefined
  return { pid, port, networkId: readIfPresent(join(folder(root), 'network-id')) ?? '' }
}

export function writeRunningNetwork(root: string, { pid, port, networkId }: RunningNetwork): void {
  writeWhole(join(folder(root), 'pid'), String(pid))
  writeWhole(join(folder(root), 'webserver-port'), String(port))
  writeWhole(join(folder(root), 'network-id'), networkId)
}

/** Removes what says that this process serves the network; files of another process stay. */
export function removeRunningNetwork(root: string, pid: number): void {
  if (Number(readIfPresent(join(folder(root), 'pid'))) !== pid) return
  for (const name of ['pid', 'webserver-port']) rmSync(join(folder(root), name), { force: true })
}

/** Id of the network that the project's canister ids belong to. */
export function readIdsOwner(root: string): string | undefined {
  return readIfPresent(join(root, '.dfx', 'local', 'network-id'))
}

export function writeIdsOwner(root: string, networkId: string): void {
  writeWhole(join(root, '.dfx', 'local', 'network-id'), networkId)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Not ours to signal, but there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
