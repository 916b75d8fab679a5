import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatPlainly, formatSetting, memorySettingMaxBytes, parseSize, typedSizeOf, type TypedSize } from '../../src/model/byteSize.ts'

describe('typed sizes', () => {
  const good: readonly { readonly typed: TypedSize; readonly bytes: bigint }[] = [
    { typed: { amount: '8', unit: 'MiB' }, bytes: 8_388_608n },
    { typed: { amount: '1.5', unit: 'MiB' }, bytes: 1_572_864n },
    { typed: { amount: ' 5_000_000 ', unit: 'bytes' }, bytes: 5_000_000n },
    { typed: { amount: '5', unit: 'MB' }, bytes: 5_000_000n },
    { typed: { amount: '0', unit: 'GiB' }, bytes: 0n },
    { typed: { amount: '262144', unit: 'GiB' }, bytes: memorySettingMaxBytes },
  ]
  test.each(good)('$typed.amount $typed.unit', ({ typed, bytes }) => {
    expect(parseSize(typed)).toEqual({ ok: true, bytes })
  })

  const bad: readonly { readonly typed: TypedSize; readonly message: string }[] = [
    { typed: { amount: '', unit: 'MiB' }, message: 'Enter a size.' },
    { typed: { amount: 'eight', unit: 'MiB' }, message: '"eight" is not a size. Use digits, such as 8 or 1.5.' },
    { typed: { amount: '-1', unit: 'MiB' }, message: '"-1" is not a size. Use digits, such as 8 or 1.5.' },
    { typed: { amount: '0.5', unit: 'bytes' }, message: '0.5 bytes is not a whole number of bytes.' },
    { typed: { amount: '262145', unit: 'GiB' }, message: 'At most 256 TiB (2^48 bytes).' },
  ]
  test.each(bad)('"$typed.amount" $typed.unit is refused: $message', ({ typed, message }) => {
    expect(parseSize(typed)).toEqual({ ok: false, message })
  })

  test('whatever a canister has can be shown and read back', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, memorySettingMaxBytes), (bytes) => {
        expect(parseSize(typedSizeOf(bytes))).toEqual({ ok: true, bytes })
      }),
    )
  })

  test('settings are shown in the unit they were typed in', () => {
    expect([5_000_000n, 8n << 20n, 5n << 19n, 2_500_000n, 65_537n].map(formatSetting)).toEqual([
      '5 MB',
      '8 MiB',
      '2.5 MiB',
      '2.5 MB',
      '65_537 bytes',
    ])
    expect([6n << 20n, 2_000_000n].map(formatPlainly)).toEqual(['6 MiB', '1.90 MiB (2_000_000 bytes)'])
  })
})
