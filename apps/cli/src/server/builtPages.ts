/** Where the build leaves the pages that a local network serves itself. */
import { fileURLToPath } from 'node:url'

/** Folders of pages that answer at the root of hosts of their own. */
export interface PageFolders {
  /** The page on which the methods of any canister can be called. */
  readonly candid: string
}

const built = (name: string): string => fileURLToPath(new URL(`../../../dashboard/dist/${name}`, import.meta.url))

export const builtPages: PageFolders = { candid: built('candid') }
