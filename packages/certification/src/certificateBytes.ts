/**
 * Writes certificates: one is made for every answered call, and a general encoder would spend most of its time on finding out what
 * it has before it.
 */
import type { Certificate } from './certificate.ts'
import type { HashTree } from './hashTree.ts'
import { text } from './labels.ts'

/** CBOR major types, in the high bits of a head. */
const major = { bytes: 0x40, list: 0x80, map: 0xa0 } as const
const selfDescribed = Uint8Array.of(0xd9, 0xd9, 0xf7)
const forms = { empty: 0, fork: 1, labeled: 2, leaf: 3, pruned: 4 } as const
const [treeName, signatureName, delegationName, subnetIdName, certificateName] = [
  'tree',
  'signature',
  'delegation',
  'subnet_id',
  'certificate',
].map(nameBytes) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array]

/** A certificate as CBOR, self-described. */
export function certificateBytes({ tree, signature, delegation }: Certificate): Uint8Array {
  const writer = new Writer(sizeOf({ tree, signature, ...(delegation && { delegation }) }))
  writer.put(selfDescribed)
  // Names come in the order of deterministic CBOR: the shorter first.
  writer.head(major.map, delegation === undefined ? 2 : 3)
  writer.put(treeName)
  writeTree(writer, tree)
  writer.put(signatureName)
  writer.bytes(signature)
  if (delegation !== undefined) {
    writer.put(delegationName)
    writer.head(major.map, 2)
    writer.put(subnetIdName)
    writer.bytes(delegation.subnetId)
    writer.put(certificateName)
    writer.bytes(delegation.certificate)
  }
  return writer.written
}

function writeTree(writer: Writer, tree: HashTree): void {
  switch (tree.kind) {
    case 'empty':
      return writer.form(1, forms.empty)
    case 'fork':
      writer.form(3, forms.fork)
      writeTree(writer, tree.left)
      return writeTree(writer, tree.right)
    case 'labeled':
      writer.form(3, forms.labeled)
      writer.bytes(tree.label)
      return writeTree(writer, tree.tree)
    case 'leaf':
      writer.form(2, forms.leaf)
      return writer.bytes(tree.value)
    case 'pruned':
      writer.form(2, forms.pruned)
      return writer.bytes(tree.digest)
  }
}

/** A text of fewer than 24 bytes, with its head. */
function nameBytes(name: string): Uint8Array {
  return Uint8Array.of(0x60 | name.length, ...text(name))
}

/** Bytes of the whole certificate. */
function sizeOf({ tree, signature, delegation }: Certificate): number {
  const parts = [treeName, signatureName, selfDescribed].reduce((sum, part) => sum + part.length, 1 + treeSize(tree) + sized(signature))
  if (delegation === undefined) return parts
  const names = delegationName.length + subnetIdName.length + certificateName.length
  return parts + 1 + names + sized(delegation.subnetId) + sized(delegation.certificate)
}

function treeSize(tree: HashTree): number {
  switch (tree.kind) {
    case 'empty':
      return 2
    case 'fork':
      return 2 + treeSize(tree.left) + treeSize(tree.right)
    case 'labeled':
      return 2 + sized(tree.label) + treeSize(tree.tree)
    case 'leaf':
      return 2 + sized(tree.value)
    case 'pruned':
      return 2 + sized(tree.digest)
  }
}

/** Length of bytes with their head. */
function sized({ length }: Uint8Array): number {
  return length + (length < 24 ? 1 : length < 0x100 ? 2 : length < 0x1_0000 ? 3 : 5)
}

/** Fills a buffer of the right length. */
class Writer {
  readonly written: Uint8Array
  #length = 0

  constructor(length: number) {
    this.written = new Uint8Array(length)
  }

  put(bytes: Uint8Array): void {
    this.written.set(bytes, this.#length)
    this.#length += bytes.length
  }

  bytes(bytes: Uint8Array): void {
    this.head(major.bytes, bytes.length)
    this.put(bytes)
  }

  /** A list's head, and its first item: the number of a form of hash trees. */
  form(items: number, form: number): void {
    this.head(major.list, items)
    this.head(0, form)
  }

  head(type: number, count: number): void {
    if (count < 24) this.#put(type | count)
    else if (count < 0x100) this.#put(type | 24, count)
    else if (count < 0x1_0000) this.#put(type | 25, count >> 8, count)
    else this.#put(type | 26, count >> 24, count >> 16, count >> 8, count)
  }

  #put(...bytes: number[]): void {
    for (const byte of bytes) this.written[this.#length++] = byte
  }
}
