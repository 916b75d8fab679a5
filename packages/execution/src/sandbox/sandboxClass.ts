/** How the live instance of a canister is captured with the rest of the state. */
import { type GlobalValue, PersistentMap, type Pages, type StateClass, Unchanging, osPageBytes, wasmPageBytes } from '@tidemark/state'
import { isZeroPage } from './heap.ts'
import type { ModuleCache } from './preparedModule.ts'
import { rollbackMemories } from './rollback.ts'
import { Sandbox, type SandboxVersion } from './sandbox.ts'

/** A sandbox and one of its versions. */
export type CapturedSandbox = Unchanging<{ readonly sandbox: Sandbox; readonly version: SandboxVersion }>

/** A live instance as data. */
export interface PortableSandbox {
  /** The module as uploaded. */
  readonly module: Uint8Array
  readonly heap: Pages
  /** In 64 KiB pages. */
  readonly heapPages: number
  readonly globals: readonly GlobalValue[]
}

/** Captures sandboxes by version, and makes new ones from data with the modules of the cache. */
export function sandboxClass(modules: ModuleCache): StateClass<Sandbox, CapturedSandbox, PortableSandbox> {
  return {
    name: 'Sandbox',
    type: Sandbox,
    capture: (sandbox) => new Unchanging({ sandbox, version: sandbox.keep() }),
    revive: ({ value: { sandbox, version } }) => {
      sandbox.restoreVersion(version)
      return sandbox
    },
    toPortable: ({ value: { sandbox, version } }) => ({
      module: sandbox.prepared.module.bytes,
      heap: PersistentMap.of(heapPages(sandbox, version)),
      heapPages: version.heapPages,
      globals: version.globals,
    }),
    fromPortable: ({ module, heap, heapPages: sizePages, globals }) => {
      const sandbox = Sandbox.restore(
        modules.prepare(module),
        rollbackMemories(),
        { sizePages, pageEntries: () => heap.entries() },
        globals,
      )
      return new Unchanging({ sandbox, version: sandbox.keep() })
    },
  }
}

/** Copies of the pages that are not all zero. */
function* heapPages(sandbox: Sandbox, version: SandboxVersion): Generator<readonly [number, Uint8Array]> {
  for (let index = 0; index < (version.heapPages * wasmPageBytes) / osPageBytes; index++) {
    const page = sandbox.pageOf(version, index)
    if (!isZeroPage(page)) yield [index, page.slice()]
  }
}
