/** The file that lets programs of the same user administer a local network: readable by nobody else. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { AdminAccess } from '@tidemark/admin'
import { readIfPresent, writeWhole } from '../project/files.ts'
import { icpStateFolder } from '../project/icpNetwork.ts'
import { networkFolder } from '../server/networkSeed.ts'

const ownerOnly = 0o600

const fileIn = (folder: string) => join(folder, 'admin.json')

/** @param folder - of what the network keeps; @param pid - of the process that serves it */
export function writeAdminAccess(folder: string, { url, token }: AdminAccess, pid: number): void {
  writeWhole(fileIn(folder), `${JSON.stringify({ url, token, pid })}\n`, ownerOnly)
}

/** That of the project's own network, or of the one that the `icp` command runs; undefined when neither says how to administer it. */
export function readAdminAccess(root: string): AdminAccess | undefined {
  return readFrom(networkFolder(root)) ?? readFrom(icpStateFolder(root))
}

function readFrom(folder: string): AdminAccess | undefined {
  const text = readIfPresent(fileIn(folder))
  try {
    const { url, token } = JSON.parse(text ?? '{}') as Record<string, unknown>
    return typeof url === 'string' && typeof token === 'string' && URL.canParse(url) ? { url, token } : undefined
  } catch {
    return undefined
  }
}

/** Removes the file; that of another process stays. */
export function removeAdminAccess(folder: string, pid: number): void {
  const file = fileIn(folder)
  if (readIfPresent(file)?.includes(`"pid":${pid}}`) === true) rmSync(file, { force: true })
}
