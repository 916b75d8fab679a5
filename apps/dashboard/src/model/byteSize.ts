import { formatBytes } from '@tidemark/cycles'

/** Units that a size may be typed in, largest first. */
export const byteUnits = {
  GiB: 1n << 30n,
  GB: 1_000_000_000n,
  MiB: 1n << 20n,
  MB: 1_000_000n,
  KiB: 1n << 10n,
  kB: 1_000n,
  bytes: 1n,
} as const

export type ByteUnit = keyof typeof byteUnits

export const byteUnitNames: readonly ByteUnit[] = ['GiB', 'GB', 'MiB', 'MB', 'KiB', 'kB', 'bytes']

/** Largest value that `wasm_memory_limit` and `wasm_memory_threshold` take. */
export const memorySettingMaxBytes = 1n << 48n

/** A size as it stands in a form. */
export type TypedSize = { readonly amount: string; readonly unit: ByteUnit }

/** The largest unit in which the size has at most two decimals: `8 MiB`, `5 MB`, `2.5 MiB`, `65537 bytes`. */
export const typedSizeOf = (bytes: bigint): TypedSize => {
  if (bytes === 0n) return { amount: '0', unit: 'MiB' }
  const unit = byteUnitNames.find((name) => bytes >= byteUnits[name] && (bytes * 100n) % byteUnits[name] === 0n) ?? 'bytes'
  const hundredths = (bytes * 100n) / byteUnits[unit]
  const decimals = (hundredths % 100n).toString().padStart(2, '0').replace(/0+$/, '')
  return { amount: `${hundredths / 100n}${decimals === '' ? '' : `.${decimals}`}`, unit }
}

export type ParsedSize = { readonly ok: true; readonly bytes: bigint } | { readonly ok: false; readonly message: string }

const refuse = (message: string): ParsedSize => ({ ok: false, message })

/** Reads a typed size. Decimals and digit separators are fine as long as a whole number of bytes comes out. */
export const parseSize = ({ amount, unit }: TypedSize): ParsedSize => {
  const plain = amount.trim().replaceAll(/[_,\s]/g, '')
  const match = /^(\d{1,20})(?:\.(\d{1,9}))?$/.exec(plain)
  if (match === null)
    return refuse(amount.trim() === '' ? 'Enter a size.' : `"${amount.trim()}" is not a size. Use digits, such as 8 or 1.5.`)
  const decimals = match[2] ?? ''
  const scaled = BigInt(`${match[1]}${decimals}`) * byteUnits[unit]
  const divisor = 10n ** BigInt(decimals.length)
  if (scaled % divisor !== 0n) return refuse(`${amount.trim()} ${unit} is not a whole number of bytes.`)
  const bytes = scaled / divisor
  return bytes > memorySettingMaxBytes ? refuse('At most 256 TiB (2^48 bytes).') : { ok: true, bytes }
}

/** `6 MiB`, or `1.90 MiB (2_000_000 bytes)` where the short form hides digits that people know the size by. */
export const formatPlainly = (bytes: bigint): string =>
  bytes % byteUnits.KiB === 0n ? formatBytes(bytes) : `${formatBytes(bytes)} (${groupDigits(bytes)} bytes)`

const groupDigits = (bytes: bigint): string => bytes.toString().replaceAll(/\B(?=(\d{3})+$)/g, '_')

/** A size in the unit in which it is whole, for settings that people typed: `5 MB`, where binary units would round. */
export const formatSetting = (bytes: bigint): string => {
  const { amount, unit } = typedSizeOf(bytes)
  return unit === 'bytes' ? `${groupDigits(bytes)} bytes` : `${amount} ${unit}`
}
