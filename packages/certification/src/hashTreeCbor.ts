/**
 * Hash trees as CBOR: arrays that begin with the number of their form.
 *
 * @see Interface specification, "Certification", "Certificate encoding".
 */
import { decodeCbor, encodeBare, encodeSelfDescribed } from './cborForm.ts'
import { CertificationError } from './errors.ts'
import type { HashTree } from './hashTree.ts'

/** Deeper trees are refused, so that hostile bytes cannot exhaust the stack. */
const depthMax = 1_500

/** CBOR of a hash tree, with the self-described tag if asked for. */
export function encodeHashTree(tree: HashTree, { selfDescribed = false }: { readonly selfDescribed?: boolean } = {}): Uint8Array {
  const value = hashTreeToArrays(tree)
  return selfDescribed ? encodeSelfDescribed(value) : encodeBare(value)
}

/** Reads a hash tree, tagged or not. @throws CertificationError when it is none */
export function decodeHashTree(bytes: Uint8Array): HashTree {
  return hashTreeFromArrays(decodeCbor(bytes, 'hash tree'))
}

/** The nested arrays that CBOR encodes. */
export function hashTreeToArrays(tree: HashTree): unknown[] {
  switch (tree.kind) {
    case 'empty':
      return [0]
    case 'fork':
      return [1, hashTreeToArrays(tree.left), hashTreeToArrays(tree.right)]
    case 'labeled':
      return [2, tree.label, hashTreeToArrays(tree.tree)]
    case 'leaf':
      return [3, tree.value]
    case 'pruned':
      return [4, tree.digest]
  }
}

/** The tree in nested arrays. @throws CertificationError when they hold none */
export function hashTreeFromArrays(value: unknown, depth = 0): HashTree {
  if (depth > depthMax) throw new CertificationError('hash tree: nested too deeply')
  if (!Array.isArray(value)) throw new CertificationError('hash tree: expected an array')
  const [form, first, second]: unknown[] = value
  const expectParts = (count: number): void => {
    if (value.length !== count) throw new CertificationError(`hash tree: form ${String(form)} has ${count} parts, got ${value.length}`)
  }
  switch (form) {
    case 0:
      expectParts(1)
      return { kind: 'empty' }
    case 1:
      expectParts(3)
      return { kind: 'fork', left: hashTreeFromArrays(first, depth + 1), right: hashTreeFromArrays(second, depth + 1) }
    case 2:
      expectParts(3)
      return { kind: 'labeled', label: bytesOf(first), tree: hashTreeFromArrays(second, depth + 1) }
    case 3:
      expectParts(2)
      return { kind: 'leaf', value: bytesOf(first) }
    case 4: {
      expectParts(2)
      const digest = bytesOf(first)
      if (digest.length !== 32) throw new CertificationError(`hash tree: a pruned part has 32 bytes, got ${digest.length}`)
      return { kind: 'pruned', digest }
    }
    default:
      throw new CertificationError(`hash tree: unknown form ${String(form)}`)
  }
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw new CertificationError('hash tree: expected bytes')
}
