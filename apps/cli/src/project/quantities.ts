/** Amounts as dfx.json and the command line write them. */

const byteUnits: Readonly<Record<string, bigint>> = {
  '': 1n,
  b: 1n,
  kb: 1000n,
  mb: 1000n ** 2n,
  gb: 1000n ** 3n,
  tb: 1000n ** 4n,
  kib: 1024n,
  mib: 1024n ** 2n,
  gib: 1024n ** 3n,
  tib: 1024n ** 4n,
}

const secondsOf: Readonly<Record<string, bigint>> = {
  s: 1n,
  sec: 1n,
  m: 60n,
  min: 60n,
  h: 3600n,
  hour: 3600n,
  d: 86_400n,
  day: 86_400n,
  w: 604_800n,
  week: 604_800n,
}
const cyclesOf: Readonly<Record<string, bigint>> = { '': 1n, k: 10n ** 3n, m: 10n ** 6n, b: 10n ** 9n, t: 10n ** 12n }

/** Bytes: `5000000`, `5_000_000`, `8 MiB` (1024), `4KB` (1000). @throws Error when it is no amount up to 2^48 */
export function parseBytes(value: unknown): bigint {
  const bytes = parseUnits(value, byteUnits)
  if (bytes === undefined || bytes > 1n << 48n)
    throw new Error(`a number of bytes up to 2^48, such as 5000000 or "8 MiB", not ${shown(value)}`)
  return bytes
}

/** Cycles: `5000000000000`, `5_000_000_000_000`, `5T`. @throws Error when it is no whole amount */
export function parseCycles(value: unknown): bigint {
  const cycles = parseUnits(value, cyclesOf)
  if (cycles === undefined) throw new Error(`a number of cycles, such as 5000000000000 or "5T", not ${shown(value)}`)
  return cycles
}

/** Seconds: `2592000`, `30days`, `15days 2min 2s`. @throws Error when it is no duration */
export function parseSeconds(value: unknown): bigint {
  const plain = parseWhole(value)
  if (plain !== undefined) return plain
  const parts = typeof value === 'string' ? [...value.toLowerCase().matchAll(/(\d+)\s*([a-z]+)\s*/g)] : []
  const isWhole = typeof value === 'string' && parts.map((part) => part[0]).join('') === value.toLowerCase()
  const amounts = parts.map(([, count = '0', unit = '']) => {
    const unitSeconds = secondsOf[unit] ?? secondsOf[unit.replace(/s$/, '')]
    return unitSeconds === undefined ? undefined : BigInt(count) * unitSeconds
  })
  if (!isWhole || amounts.length === 0 || amounts.includes(undefined)) {
    throw new Error(`a duration in seconds, such as 2592000 or "30days", not ${shown(value)}`)
  }
  return amounts.reduce<bigint>((sum, amount) => sum + (amount ?? 0n), 0n)
}

/** Percent, 0 to 100. @throws Error otherwise */
export function parsePercent(value: unknown): bigint {
  const percent = parseWhole(value)
  if (percent === undefined || percent > 100n) throw new Error(`a whole number from 0 to 100, not ${shown(value)}`)
  return percent
}

function parseWhole(value: unknown): bigint | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  if (typeof value === 'string' && /^[0-9][0-9_]*$/.test(value)) return BigInt(value.replaceAll('_', ''))
  return undefined
}

/** Whole numbers, or decimals whose product with the unit is whole. */
function parseUnits(value: unknown, units: Readonly<Record<string, bigint>>): bigint | undefined {
  const whole = parseWhole(value)
  if (whole !== undefined) return whole
  const parts = typeof value === 'string' ? /^([0-9][0-9_]*)(?:\.([0-9]+))?\s*([a-z]*)$/i.exec(value.trim()) : null
  const unit = units[parts?.[3]?.toLowerCase() ?? '?']
  if (parts === null || unit === undefined) return undefined
  const fraction = parts[2] ?? ''
  const scaled = BigInt((parts[1] ?? '').replaceAll('_', '') + fraction) * unit
  const scale = 10n ** BigInt(fraction.length)
  return scaled % scale === 0n ? scaled / scale : undefined
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing'
}
