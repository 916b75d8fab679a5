/** Keys by their seed: networks are often created alike, and a key takes longer to work out than a small network to create. */
import { type BlsKey, createBlsKey, createNodeKey, type NodeKey } from '@tidemark/certification'
import { toHex } from '@tidemark/types'

/** Keys of each kind that are kept; a program that needs more begins anew. */
const keysMax = 1_024

const blsKeys = new Map<string, BlsKey>()
const nodeKeys = new Map<string, NodeKey>()

/** The key of a subnet. */
export function blsKeyOf(seed: Uint8Array): BlsKey {
  return keep(blsKeys, seed, createBlsKey)
}

/** The key of a node. */
export function nodeKeyOf(seed: Uint8Array): NodeKey {
  return keep(nodeKeys, seed, createNodeKey)
}

function keep<Key>(known: Map<string, Key>, seed: Uint8Array, create: (seed: Uint8Array) => Key): Key {
  const name = toHex(seed)
  const key = known.get(name) ?? create(seed)
  if (known.size >= keysMax) known.clear()
  known.set(name, key)
  return key
}
