import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toHex } from '@tidemark/types'
import {
  compareLabels,
  decodeHashTree,
  digest,
  encodeHashTree,
  type HashTree,
  hashTreeDigest,
  isWellFormed,
  type LabeledTree,
  leaf,
  lookup,
  lookupSubtree,
  node,
  reveal,
  text,
  witness,
} from '../src/index.ts'

// Short labels over few bytes, so that prefixes, neighbours and repeats are common.
const labels = fc.array(fc.constantFrom(0, 1, 0x61, 0x62, 0x80, 0xff), { maxLength: 3 }).map((bytes) => Uint8Array.from(bytes))
const values = fc.uint8Array({ maxLength: 4 })
const trees: fc.Arbitrary<LabeledTree> = fc.letrec<{ tree: LabeledTree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    values.map(leaf),
    fc.array(fc.tuple(labels, tie('tree')), { maxLength: 8 }).map((entries) => node(entries)),
  ),
})).tree
const paths = fc.array(fc.array(labels, { maxLength: 3 }), { maxLength: 5 })

describe('a node', () => {
  test('holds what was put last under a label, whatever the order of changes, and has one shape for one set of labels', () => {
    const changes = fc.array(fc.tuple(labels, fc.option(values, { nil: undefined })), { maxLength: 40 })
    fc.assert(
      fc.property(changes, (steps) => {
        const plain = new Map<string, readonly [Uint8Array, LabeledTree]>()
        let incremental = node()
        for (const [label, value] of steps) {
          incremental = value === undefined ? incremental.delete(label) : incremental.set(label, leaf(value))
          if (value === undefined) plain.delete(toHex(label))
          else plain.set(toHex(label), [label, leaf(value)])
          // Reading the digest now and then must not spoil later changes.
          if (label.length === 1) expect(incremental.digest).toHaveLength(32)
        }
        const expected = [...plain.values()].sort((x, y) => compareLabels(x[0], y[0]))
        expect([...incremental.entries()].map(([label]) => label)).toEqual(expected.map(([label]) => label))
        expect(incremental.size).toBe(plain.size)
        expect(toHex(digest(incremental))).toBe(toHex(digest(node(plain.values()))))
        expect(toHex(digest(incremental))).toBe(toHex(hashTreeDigest(reveal(incremental))))
        for (const [label, value] of plain.values()) expect(incremental.get(label)?.digest).toEqual(value.digest)
      }),
    )
  })

  test('is not changed by making another of it', () => {
    const before = node([[text('a'), leaf(text('1'))]])
    const rootBefore = toHex(before.digest)
    before.set(text('b'), leaf(text('2'))).set(text('a'), node())
    expect(before.get(text('b'))).toBeUndefined()
    expect(toHex(before.digest)).toBe(rootBefore)
  })

  test('with 100,000 canister ids is at most 20 forks deep', () => {
    const entries = Array.from({ length: 100_000 }, (_, i) => [id(0xffe00000 + i), leaf(Uint8Array.of(i & 0xff))] as const)
    let depth = 0
    let at = reveal(node(entries).set(id(7), leaf(text('system'))))
    for (; at.kind === 'fork'; at = at.right) depth++
    expect(depth).toBeGreaterThan(10)
    expect(depth).toBeLessThanOrEqual(20)
  })
})

describe('a witness', () => {
  test('has the digest of the whole tree, survives CBOR, and answers every wanted path as the tree does', () => {
    fc.assert(
      fc.property(trees, paths, (tree, wanted) => {
        const proof = witness(tree, wanted)
        expect(toHex(hashTreeDigest(proof))).toBe(toHex(tree.digest))
        expect(isWellFormed(proof)).toBe(true)
        expect(decodeHashTree(encodeHashTree(proof))).toEqual(proof)
        for (const path of wanted) expect(lookup(path, proof)).toEqual(lookup(path, reveal(tree)))
      }),
      { numRuns: 300 },
    )
  })

  test('shows the labels beside a missing one and nothing of their content', () => {
    const tree = node(['a', 'c', 'e', 'g', 'i'].map((label) => [text(label), leaf(text(`secret ${label}`))] as const))
    const proof = witness(tree, [[text('d')]])
    expect(lookup([text('d')], proof).status).toBe('absent')
    expect(visible(proof)).toEqual(['c', 'e'])
    expect(lookup([text('c')], proof).status).toBe('unknown')
    expect(lookup([text('a')], proof).status).toBe('unknown')
  })

  test('of no path shows nothing', () => {
    const tree = node([[text('a'), leaf(text('v'))]])
    expect(witness(tree, [])).toEqual({ kind: 'pruned', digest: tree.digest })
  })

  test('of a path that ends at a node reveals all below it', () => {
    const tree = node([
      [
        text('a'),
        node([
          [text('x'), leaf(text('1'))],
          [text('y'), leaf(text('2'))],
        ]),
      ],
      [text('b'), leaf(text('3'))],
    ])
    const proof = witness(tree, [[text('a')], [text('a'), text('x')]])
    expect(lookupSubtree([text('a'), text('y')], proof)).toEqual({ status: 'found', tree: { kind: 'leaf', value: text('2') } })
    expect(lookup([text('b')], proof).status).toBe('unknown')
  })
})

function visible(tree: HashTree): string[] {
  if (tree.kind === 'fork') return [...visible(tree.left), ...visible(tree.right)]
  return tree.kind === 'labeled' ? [new TextDecoder().decode(tree.label)] : []
}

function id(index: number): Uint8Array {
  const bytes = new Uint8Array(10)
  new DataView(bytes.buffer).setUint32(4, index)
  bytes.set([1, 1], 8)
  return bytes
}
