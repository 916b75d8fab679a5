/** The nodes of a subnet. One of them answers; the others are there to be counted and named. */
import type { NodeKey } from '@tidemark/certification'
import { Principal } from '@tidemark/types'
import { sha224 } from '@noble/hashes/sha2.js'
import { nodeKeyOf } from './keyCache.ts'

export interface SubnetNode {
  readonly id: Principal
  readonly key: NodeKey
}

/** The node that a key belongs to. Its id is worked out when first asked for. */
export function nodeOf(key: NodeKey): SubnetNode {
  let id: Principal | undefined
  return {
    get id() {
      id ??= Principal.selfAuthenticating(sha224(key.publicKeyDer))
      return id
    },
    key,
  }
}

/** @param seedOf - the seed of a node's key, by its number */
export function createNodes(count: number, seedOf: (index: number) => Uint8Array): SubnetNode[] {
  return Array.from({ length: count }, (_, index) => nodeOf(nodeKeyOf(seedOf(index))))
}
