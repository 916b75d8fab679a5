/** What a project remembers of its local network, so that it fits the network's state after a snapshot is loaded, or a reset. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Companion } from '@tidemark/admin'
import type { CanisterIds } from '../../project/canisterIds.ts'

/** @param ids - of the canisters, as they stand on disk now */
export function projectCompanion(folder: string, ids: () => CanisterIds): Companion {
  return {
    capture: () => {
      const entries = ids().entries()
      return () => {
        forgetProject(folder, ids())
        for (const [name, id] of entries) ids().set(name, id)
      }
    },
    reset: () => forgetProject(folder, ids()),
  }
}

/** Forgets the ids of canisters, and which files were uploaded to them. */
export function forgetProject(folder: string, ids: CanisterIds): void {
  ids.clear()
  rmSync(join(folder, '.tidemark', 'assets'), { recursive: true, force: true })
}
