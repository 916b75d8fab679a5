import { secondsPerDay } from './limits.ts'

/** `86_400`: digits in groups of three, as every figure of this package is written. */
export const groupDigits = (amount: bigint): string => amount.toString().replace(/\B(?=(\d{3})+$)/g, '_')

/** Every digit, in groups of three: `85_613_760_000_000 cycles`. */
export const formatCyclesExactly = (cycles: bigint): string => `${groupDigits(cycles)} cycles`

const cycleUnits: readonly (readonly [suffix: string, size: bigint])[] = [
  ['T', 1_000_000_000_000n],
  ['B', 1_000_000_000n],
  ['M', 1_000_000n],
]

const tib = 1n << 40n

const byteUnits: readonly (readonly [suffix: string, size: bigint])[] = [
  ['TiB', tib],
  ['GiB', 1n << 30n],
  ['MiB', 1n << 20n],
  ['KiB', 1n << 10n],
]

/** A ratio with up to `places` decimals, cut off, and without decimals when it is whole. */
const decimal = (amount: bigint, unit: bigint, places: number): string => {
  const whole = amount / unit
  const rest = amount % unit
  if (rest === 0n) return whole.toString()
  const digits = ((rest * 10n ** BigInt(places)) / unit).toString().padStart(places, '0')
  return `${whole}.${digits}`
}

/** Short form with its unit: `85.613 T cycles`; decimals are cut, not rounded. Below a million every digit is shown. */
export const formatCycles = (cycles: bigint): string => {
  if (cycles < 0n) return `-${formatCycles(-cycles)}`
  const unit = cycleUnits.find(([, size]) => cycles >= size)
  return unit === undefined ? formatCyclesExactly(cycles) : `${decimal(cycles, unit[1], 3)} ${unit[0]} cycles`
}

/** Binary units: `104 GiB`, `1.46 MiB`; two decimals, cut, show that an amount is not whole. */
export const formatBytes = (bytes: bigint): string => {
  if (bytes < 0n) return `-${formatBytes(-bytes)}`
  const unit = byteUnits.find(([, size]) => bytes >= size && !(size === tib && bytes % size !== 0n))
  return unit === undefined ? `${bytes} ${bytes === 1n ? 'byte' : 'bytes'}` : `${decimal(bytes, unit[1], 2)} ${unit[0]}`
}

const timeUnits: readonly (readonly [name: string, size: bigint])[] = [
  ['day', secondsPerDay],
  ['hour', 3_600n],
  ['minute', 60n],
  ['second', 1n],
]

/** The two largest units: `30 days`, `1 day 3 hours`, `0 seconds`. */
export const formatDuration = (seconds: bigint): string => {
  const first = timeUnits.findIndex(([, size]) => seconds >= size)
  if (first === -1) return '0 seconds'
  let left = seconds
  const parts: string[] = []
  for (const [name, size] of timeUnits.slice(first, first + 2)) {
    const count = left / size
    left %= size
    if (count > 0n) parts.push(`${groupDigits(count)} ${name}${count === 1n ? '' : 's'}`)
  }
  return parts.join(' ')
}
