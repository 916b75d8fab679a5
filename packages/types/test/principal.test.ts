import { describe, expect, test } from 'vitest'
import { Principal, PrincipalError, anonymousPrincipal, errorCodeText, fromHex, managementCanisterId, rejectCodeOf } from '../src/index.ts'

const vectors: [hex: string, text: string][] = [
  ['', 'aaaaa-aa'],
  ['04', '2vxsx-fae'],
  ['abcd01', 'em77e-bvlzu-aq'],
  ['00000000000000000101', 'rwlgt-iiaaa-aaaaa-aaaaa-cai'],
  ['00000000000000010101', 'rrkah-fqaaa-aaaaa-aaaaq-cai'],
  ['00000000000000020101', 'ryjl3-tyaaa-aaaaa-aaaba-cai'],
  ['00000000000fffff0101', 'n5n4y-3aaaa-aaaaa-p777q-cai'],
  ['80000000001000010101', 'bkyz2-fmaaa-aaaaa-qaaaq-cai'],
  ['ffffffffffe000000101', 'lxzze-o7777-77777-aaaaa-cai'],
  ['ffffffffffe000010101', 'lqy7q-dh777-77777-aaaaq-cai'],
]

describe('the textual form of principals', () => {
  test.each(vectors)('%s is %s', (hex, text) => {
    expect(Principal.fromBytes(fromHex(hex)).toText()).toBe(text)
    expect(Principal.fromText(text).key).toBe(hex)
    expect(Principal.fromText(text.toUpperCase()).key).toBe(hex)
  })

  test.each(['', 'aaaaa', '2vxsx-fa', '2vxs-xfae', '2vxsx-faf', 'aaaaa-a1', 'rwlgt-iiaaa-aaaaa-aaaaa-cai-'])('%j is refused', (text) => {
    expect(() => Principal.fromText(text)).toThrow(PrincipalError)
  })

  test('more than 29 bytes are refused', () => {
    expect(() => Principal.fromBytes(new Uint8Array(30))).toThrow('at most 29 bytes')
  })

  test('canister ids count up', () => {
    expect(Principal.canister(0xffffffffffe00000n).toText()).toBe('lxzze-o7777-77777-aaaaa-cai')
  })

  test('the well-known ones', () => {
    expect(managementCanisterId.toText()).toBe('aaaaa-aa')
    expect(anonymousPrincipal.isAnonymous()).toBe(true)
  })
})

test('an error code carries its reject code and prints with four digits', () => {
  expect(rejectCodeOf('CanisterCalledTrap')).toBe(5)
  expect(errorCodeText('CanisterCalledTrap')).toBe('IC0503')
})

test('tests run on Node 24 or later', () => {
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(24)
})
