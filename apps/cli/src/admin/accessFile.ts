/** The file that lets programs of the same user administer a local network: readable by nobody else. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { AdminAccess } from '@tidemark/admin'
import { readIfPresent, writeWhole } from '../project/files.ts'
import { networkFolder } from '../server/networkSeed.ts'

const ownerOnly = 0o600

const fileOf = (root: string) => join(networkFolder(root), 'admin.json')

/** @param pid - of the process that serves it */
export function writeAdminAccess(root: string, { url, token }: AdminAccess, pid: number): void {
  writeWhole(fileOf(root), `${JSON.stringify({ url, token, pid })}\n`, ownerOnly)
}

/** Undefined when no network of the project says how to administer it. */
export function readAdminAccess(root: string): AdminAccess | undefined {
  const text = readIfPresent(fileOf(root))
  try {
    const { url, token } = JSON.parse(text ?? '{}') as Record<string, unknown>
    return typeof url === 'string' && typeof token === 'string' && URL.canParse(url) ? { url, token } : undefined
  } catch {
    return undefined
  }
}

/** Removes the file; that of another process stays. */
export function removeAdminAccess(root: string, pid: number): void {
  const text = readIfPresent(fileOf(root))
  if (text?.includes(`"pid":${pid}}`) === true) rmSync(fileOf(root), { force: true })
}
