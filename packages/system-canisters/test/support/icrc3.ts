import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { toHex } from '@tidemark/types'

type Value =
  | { Nat: bigint }
  | { Int: bigint }
  | { Text: string }
  | { Blob: Uint8Array | number[] }
  | { Array: Value[] }
  | { Map: [string, Value][] }

const utf8 = new TextEncoder()

/** Digest of a value as ICRC-3 defines it, written again to check the ledger's own. */
export function digestOf(value: unknown): Uint8Array {
  return sha256(content(value as Value))
}

function content(value: Value): Uint8Array {
  if ('Nat' in value) return unsigned(value.Nat)
  if ('Int' in value) throw new Error('no block has an Int')
  if ('Text' in value) return utf8.encode(value.Text)
  if ('Blob' in value) return new Uint8Array(value.Blob)
  if ('Array' in value) return concatBytes(...value.Array.map(digestOf))
  const entries = value.Map.map(([name, item]) => concatBytes(sha256(utf8.encode(name)), digestOf(item)))
  return concatBytes(...entries.toSorted((a, b) => (toHex(a) < toHex(b) ? -1 : 1)))
}

function unsigned(value: bigint): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 128n) return new Uint8Array([...bytes, Number(rest)])
    bytes.push(Number(rest & 127n) | 128)
  }
}
