/** What a snapshot must bring back, copied when it is taken. */
import type { Principal } from '@tidemark/types'
import { type PagedMemory, osPageBytes } from '@tidemark/state'
import type { TestNetwork } from '../../support/index.ts'

/** Everything of a canister that a snapshot keeps, as plain values. */
export interface Kept {
  readonly heap: Memory
  readonly stable: Memory
  readonly globals: readonly unknown[]
  readonly certifiedData: string
  readonly moduleHash: string
  readonly chunks: readonly string[]
}

interface Memory {
  readonly bytes: number
  readonly pages: readonly string[]
}

/** Copies what a snapshot of this canister keeps; undefined for an empty one. */
export function keptOf(net: TestNetwork, id: Principal): Kept | undefined {
  const { execution, stableMemory, certifiedData, chunkStore } = net.canister(id)
  if (execution === undefined) return undefined
  return {
    heap: memoryOf(execution.live.exportHeap()),
    stable: memoryOf(stableMemory),
    globals: execution.live.exportGlobals(),
    certifiedData: hex(certifiedData),
    moduleHash: hex(execution.module.hash),
    chunks: [...chunkStore.keys()].sort(),
  }
}

/** Size, and the pages that are not all zero. */
function memoryOf(memory: PagedMemory): Memory {
  const pages: string[] = []
  for (const [index, bytes] of memory.pageEntries())
    if (bytes.some((byte) => byte !== 0)) pages.push(`${index * osPageBytes}: ${hex(bytes)}`)
  return { bytes: memory.sizeBytes, pages: pages.sort() }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
