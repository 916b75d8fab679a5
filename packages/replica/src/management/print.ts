/** Numbers as the network's errors print them. */

/** Cycles, and numbers from a decoded argument: digits in groups of three, `1_000_000`. */
export function printNumber(value: bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, '_')
}

/** Bytes by the largest unit of which there is more than one, `1024.00 MiB`, `1.01 GiB`; rounded, whole up to one KiB. */
export function printBytes(bytes: bigint): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const
  let unit = 0
  while (unit < units.length - 1 && bytes > 1n << BigInt(10 * (unit + 1))) unit++
  if (unit === 0) return `${bytes} B`
  const hundredths = roundHalfEven(bytes * 100n, 1n << BigInt(10 * unit))
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')} ${units[unit]}`
}

function roundHalfEven(amount: bigint, unit: bigint): bigint {
  const whole = amount / unit
  const twice = 2n * (amount % unit)
  return twice > unit || (twice === unit && whole % 2n === 1n) ? whole + 1n : whole
}
