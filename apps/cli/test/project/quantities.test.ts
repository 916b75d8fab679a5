import { describe, expect, test } from 'vitest'
import { parseBytes, parseCycles, parsePercent, parseSeconds } from '../../src/project/quantities.ts'

describe('amounts are read as dfx reads them', () => {
  test.each([
    [parseBytes, 5_000_000, 5_000_000n],
    [parseBytes, '5000000', 5_000_000n],
    [parseBytes, '5_000_000', 5_000_000n],
    [parseBytes, '4KB', 4_000n],
    [parseBytes, '8 MiB', 8_388_608n],
    [parseBytes, '1.5gib', 1_610_612_736n],
    [parseBytes, 2 ** 48, 1n << 48n],
    [parseSeconds, 2_592_000, 2_592_000n],
    [parseSeconds, '30days', 2_592_000n],
    [parseSeconds, '15days 2min 2s', 1_296_122n],
    [parseCycles, '5T', 5_000_000_000_000n],
    [parseCycles, '0.5b', 500_000_000n],
    [parsePercent, '50', 50n],
  ] as const)('%o %j', (parse, text, value) => expect(parse(text)).toBe(value))

  test.each([
    [parseBytes, '5q'],
    [parseBytes, -1],
    [parseBytes, 2 ** 48 + 1],
    [parseBytes, '0.3b'],
    [parseSeconds, '30 fortnights'],
    [parseSeconds, 'soon'],
    [parseCycles, '1.5'],
    [parsePercent, 101],
  ] as const)('%o refuses %j', (parse, text) => expect(() => parse(text)).toThrow(/not /))
})
