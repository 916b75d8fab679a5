/**
 * Representation-independent hash of structured data, and request ids.
 *
 * @see Interface specification, "Representation-independent hashing of structured data" and "Request ids".
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { compareLabels, text } from './labels.ts'
import { encodeSignedLeb128, encodeUnsignedLeb128 } from './leb128.ts'

/** What can be hashed: blobs, texts, whole numbers, lists and maps. Fields that are `undefined` count as absent. */
export type HashableValue = Uint8Array | string | bigint | number | readonly HashableValue[] | HashableMap
/** A map from field names; order does not matter. */
export interface HashableMap {
  readonly [field: string]: HashableValue | undefined
}

/** SHA-256 over the sorted pairs of field-name and value hashes, 32 bytes. */
export function hashOfMap(map: HashableMap): Uint8Array {
  return hashOfFields(Object.entries(map))
}

/** The same of a list of fields, in which a name may come more than once, as headers do. */
export function hashOfFields(fields: Iterable<readonly [name: string, value: HashableValue | undefined]>): Uint8Array {
  const hashes: Uint8Array[] = []
  for (const [name, value] of fields) {
    if (value !== undefined) hashes.push(concatBytes(hashOfName(name), hashOfValue(value)))
  }
  return sha256(concatBytes(...hashes.sort(compareLabels)))
}

/** Request id of a request's content, 32 bytes. */
export function requestIdOf(content: HashableMap): Uint8Array {
  return hashOfMap(content)
}

function hashOfValue(value: HashableValue): Uint8Array {
  if (value instanceof Uint8Array) return sha256(value)
  if (typeof value === 'string') return hashOfText(value)
  if (typeof value === 'bigint' || typeof value === 'number')
    return sha256(value < 0 ? encodeSignedLeb128(value) : encodeUnsignedLeb128(value))
  if (isList(value)) return sha256(concatBytes(...value.map(hashOfValue)))
  return hashOfMap(value)
}

/** Requests have the same few names again and again; what comes after the first few is a stranger's, and is not kept. */
const namesKept = 64
const nameHashes = new Map<string, Uint8Array>()

function hashOfName(name: string): Uint8Array {
  const known = nameHashes.get(name)
  if (known !== undefined) return known
  const hash = hashOfText(name)
  if (nameHashes.size < namesKept && name.length <= namesKept) nameHashes.set(name, hash)
  return hash
}

function hashOfText(value: string): Uint8Array {
  return sha256(text(value))
}

function isList(value: readonly HashableValue[] | HashableMap): value is readonly HashableValue[] {
  return Array.isArray(value)
}
