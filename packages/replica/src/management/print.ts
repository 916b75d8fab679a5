/** Numbers as the network's errors print them. */

/** Cycles, and numbers from a decoded argument: digits in groups of three, `1_000_000`. */
export function printNumber(value: bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, '_')
}

/** Bytes by their largest unit, `1.00 GiB`; whole below one KiB. */
export function printBytes(bytes: bigint): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const
  let unit = 0
  while (unit < units.length - 1 && bytes >> BigInt(10 * (unit + 1)) > 0n) unit++
  if (unit === 0) return `${bytes} B`
  const hundredths = (bytes * 100n) >> BigInt(10 * unit)
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')} ${units[unit]}`
}
