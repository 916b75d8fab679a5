import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '@tidemark/types'
import {
  CertificationError,
  decodeUnsignedLeb128,
  encodeSignedLeb128,
  encodeUnsignedLeb128,
  hashOfMap,
  requestIdOf,
  text,
} from '../src/index.ts'

const call = {
  request_type: 'call',
  sender: fromHex('04'),
  ingress_expiry: 1685570400000000000n,
  canister_id: fromHex('00000000000004d2'),
  method_name: 'hello',
  arg: fromHex('4449444c00fd2a'),
}

test('the request id of the specification', () => {
  expect(toHex(requestIdOf(call))).toBe('1d1091364d6bb8a6c16b203ee75467d59ead468f523eb058880ae8ec80e2b101')
})

describe('the hash of a map', () => {
  test('does not depend on the order of fields, nor on absent ones', () => {
    expect(hashOfMap(Object.fromEntries(Object.entries(call).reverse()))).toEqual(hashOfMap(call))
    expect(hashOfMap({ ...call, nonce: undefined })).toEqual(hashOfMap(call))
  })

  test('tells apart every value', () => {
    const hashes = [{ a: 1 }, { a: -1 }, { a: '1' }, { a: text('2') }, { a: [1] }, { a: [1, 1] }, { a: { b: 1 } }, { b: 1 }].map((map) =>
      toHex(hashOfMap(map)),
    )
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  test('takes a number and the same big integer as one', () => {
    expect(hashOfMap({ n: 624485 })).toEqual(hashOfMap({ n: 624485n }))
  })
})

describe('LEB128', () => {
  test.each([
    [0n, '00'],
    [127n, '7f'],
    [128n, '8001'],
    [624485n, 'e58e26'],
  ])('%d is %s', (value, hex) => {
    expect(toHex(encodeUnsignedLeb128(value))).toBe(hex)
  })

  test.each([
    [0n, '00'],
    [-1n, '7f'],
    [63n, '3f'],
    [64n, 'c000'],
    [-64n, '40'],
    [-123456n, 'c0bb78'],
  ])('%d signed is %s', (value, hex) => {
    expect(toHex(encodeSignedLeb128(value))).toBe(hex)
  })

  test('reads what it wrote', () => {
    const naturals = fc.bigInt({ min: 0n, max: 1n << 130n })
    fc.assert(fc.property(naturals, (value) => decodeUnsignedLeb128(encodeUnsignedLeb128(value)) === value))
  })

  test.each(['', '80', '0001'])('%j is no number', (hex) => {
    expect(() => decodeUnsignedLeb128(fromHex(hex))).toThrow(CertificationError)
  })
})
