import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '@tidemark/types'
import {
  CertificationError,
  decodeCbor,
  decodeHashTree,
  encodeHashTree,
  encodeSelfDescribed,
  type HashTree,
  hashTreeDigest,
  isWellFormed,
  lookup,
  text,
} from '../src/index.ts'

const leaf = (value: string): HashTree => ({ kind: 'leaf', value: text(value) })
const labeled = (label: string, tree: HashTree): HashTree => ({ kind: 'labeled', label: text(label), tree })
const fork = (left: HashTree, right: HashTree): HashTree => ({ kind: 'fork', left, right })
const pruned = (tree: HashTree): HashTree => ({ kind: 'pruned', digest: hashTreeDigest(tree) })
const empty: HashTree = { kind: 'empty' }

// The example of the interface specification.
const a = fork(fork(labeled('x', leaf('hello')), empty), labeled('y', leaf('world')))
const example = fork(fork(labeled('a', a), labeled('b', leaf('good'))), fork(labeled('c', empty), labeled('d', leaf('morning'))))
const exampleDigest = 'eb5c5b2195e62d996b84c9bcc8259d19a83786a2f59e0878cec84c811f669aa0'
const exampleCbor =
  '8301830183024161830183018302417882034568656c6c6f810083024179820345776f726c6483024162820344676f6f648301830241638100830241648203476d6f726e696e67'

const prunedExample = fork(
  fork(
    labeled('a', fork(pruned(fork(labeled('x', leaf('hello')), empty)), labeled('y', leaf('world')))),
    labeled('b', pruned(leaf('good'))),
  ),
  fork(pruned(labeled('c', empty)), labeled('d', leaf('morning'))),
)

describe('the worked example of the specification', () => {
  test('its root digest', () => {
    expect(toHex(hashTreeDigest(example))).toBe(exampleDigest)
    expect(toHex(hashTreeDigest(prunedExample))).toBe(exampleDigest)
  })

  test('its CBOR, both ways, tagged or not', () => {
    expect(toHex(encodeHashTree(example))).toBe(exampleCbor)
    expect(toHex(encodeHashTree(example, { selfDescribed: true }))).toBe(`d9d9f7${exampleCbor}`)
    expect(decodeHashTree(fromHex(exampleCbor))).toEqual(example)
    expect(decodeHashTree(fromHex(`d9d9f7${exampleCbor}`))).toEqual(example)
  })

  test.each([
    ['a/a', 'unknown'],
    ['a/y', 'world'],
    ['aa', 'absent'],
    ['ax', 'absent'],
    ['b', 'unknown'],
    ['bb', 'unknown'],
    ['d', 'morning'],
    ['e', 'absent'],
    ['a', 'error'],
    ['d/more', 'absent'],
  ])('pruned, a lookup of %s gives %s', (path, expected) => {
    const result = lookup(path.split('/').map(text), prunedExample)
    expect(result.status === 'found' ? new TextDecoder().decode(result.value) : result.status).toBe(expected)
  })
})

describe('the empty path', () => {
  test.each<[string, HashTree, string]>([
    ['an empty tree', empty, 'absent'],
    ['a leaf', leaf('v'), 'found'],
    ['a pruned part', pruned(example), 'unknown'],
    ['a labeled child', labeled('a', empty), 'error'],
    ['a fork', example, 'error'],
  ])('in %s', (_, tree, status) => {
    expect(lookup([], tree).status).toBe(status)
  })
})

describe('a tree is well-formed', () => {
  test.each<[string, HashTree, boolean]>([
    ['the example', example, true],
    ['pruned', prunedExample, true],
    ['labels out of order', fork(labeled('b', empty), labeled('a', empty)), false],
    ['one label twice', fork(labeled('a', empty), labeled('a', empty)), false],
    ['a leaf beside a child', fork(labeled('a', empty), leaf('v')), false],
    ['wrong deep inside', labeled('top', fork(labeled('b', empty), labeled('a', empty))), false],
  ])('%s', (_, tree, expected) => {
    expect(isWellFormed(tree)).toBe(expected)
  })
})

describe('bytes that are no hash tree are refused', () => {
  test.each([
    ['nothing', '', 'not valid CBOR'],
    ['a number', '01', 'expected an array'],
    ['an unknown form', '8105', 'unknown form 5'],
    ['a fork with one side', '82018100', 'form 1 has 3 parts'],
    ['a leaf of text', '82036161', 'expected bytes'],
    ['a short digest', '82044101', '32 bytes'],
    ['bytes after the end', '810000', 'not valid CBOR'],
    ['nested beyond measure', `${'830241'.padEnd(8, '0').repeat(200_000)}8100`, 'nested too deeply'],
  ])('%s', (_, hex, message) => {
    expect(() => decodeHashTree(fromHex(hex))).toThrow(CertificationError)
    expect(() => decodeHashTree(fromHex(hex))).toThrow(message)
  })
})

describe('the CBOR of the interface', () => {
  test('is read with and without its tag', () => {
    expect(decodeCbor(encodeSelfDescribed({ a: [1, 'x'] }), 'value')).toEqual(new Map([['a', [1, 'x']]]))
    expect(decodeCbor(fromHex('a1616101'), 'value')).toEqual(new Map([['a', 1]]))
  })

  test('gives plain byte arrays, whatever kind it was given', () => {
    expect(encodeSelfDescribed(new Uint8Array(5_000)).constructor).toBe(Uint8Array)
    expect(decodeCbor(Buffer.from('420102', 'hex'), 'value')).toEqual(Uint8Array.of(1, 2))
  })

  test.each([
    ['1b17645a1d1c2d0000', 0x17645a1d1c2d0000n],
    ['c249010000000000000000', 1n << 64n],
    ['182a', 42],
  ])('the number %s is read in full', (hex, value) => {
    expect(decodeCbor(fromHex(hex), 'value')).toBe(value)
  })

  test.each([
    ['a key twice', 'a2616101616102'],
    ['a text that is no UTF-8', '61ff'],
    ['undefined', 'f7'],
    ['another tag', 'c100'],
    ['cut short', '4501'],
    ['a byte after the end', '0000'],
  ])('%s is refused', (_, hex) => {
    expect(() => decodeCbor(fromHex(hex), 'value')).toThrow('value is not valid CBOR')
  })
})
