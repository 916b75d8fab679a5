import type { MemoryRun, RunPoint } from './memoryRun.ts'

/** The space a chart has, in the units of its view box. */
export type ChartBox = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }

export type ChartPoint = { readonly x: number; readonly y: number; readonly point: RunPoint }

/** Everything a chart draws, in the units of its view box. */
export type ChartGeometry = {
  /** Memory at the lower and upper edge, in bytes. */
  readonly lowBytes: bigint
  readonly highBytes: bigint
  readonly countMax: number
  readonly points: readonly ChartPoint[]
  /** Path data; empty while there is nothing to draw. */
  readonly line: string
  readonly area: string
  readonly ghost: string
  /** From the latest reading to the present place in the order; empty when they coincide. */
  readonly ahead: string
  readonly hookX?: number
  readonly hookY?: number
  readonly yOf: (bytes: bigint) => number
  readonly xOf: (executedCount: number) => number
}

export type ChartRequest = {
  readonly box: ChartBox
  readonly current: MemoryRun
  readonly previous?: MemoryRun
  /** Usage above which the hook is due. */
  readonly hookLineBytes: bigint
}

const path = (points: readonly { readonly x: number; readonly y: number }[]): string =>
  points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')

const bounds = (points: readonly RunPoint[], hookLineBytes: bigint): { low: bigint; high: bigint } => {
  let low = hookLineBytes
  let high = hookLineBytes
  for (const { wasmMemoryBytes } of points) {
    if (wasmMemoryBytes < low) low = wasmMemoryBytes
    if (wasmMemoryBytes > high) high = wasmMemoryBytes
  }
  const span = high - low
  const margin = span === 0n ? 65_536n : span / 6n
  return { low: low > margin ? low - margin : 0n, high: high + margin + margin / 2n }
}

/**
 * Lays out memory over the order of execution. The vertical scale reaches from just below the lowest reading to just
 * above the hook line, because the climb is a small part of the whole heap; the whole is drawn beside it by the gauge.
 */
export const chartGeometry = ({ box, current, previous, hookLineBytes }: ChartRequest): ChartGeometry => {
  const { low, high } = bounds([...current.points, ...(previous?.points ?? [])], hookLineBytes)
  const countMax = Math.max(current.executedCount, previous?.executedCount ?? 0, 12) + 1
  const span = Number(high - low)
  const yOf = (bytes: bigint): number => box.bottom - (Number(bytes - low) / span) * (box.bottom - box.top)
  const xOf = (executedCount: number): number => box.left + (executedCount / countMax) * (box.right - box.left)
  const place = (point: RunPoint): ChartPoint => ({ x: xOf(point.executedCount), y: yOf(point.wasmMemoryBytes), point })
  const points = current.points.map(place)
  const first = points.at(0)
  const last = points.at(-1)
  const line = path(points)
  const here = xOf(current.executedCount)
  return {
    lowBytes: low,
    highBytes: high,
    countMax,
    points,
    line,
    area:
      first === undefined || last === undefined ? '' : `${line}L${last.x.toFixed(1)} ${box.bottom}L${first.x.toFixed(1)} ${box.bottom}Z`,
    ghost: path((previous?.points ?? []).map(place)),
    ahead: last === undefined || here <= last.x ? '' : path([last, { x: here, y: last.y }]),
    ...(current.hookAt === undefined || last === undefined
      ? {}
      : { hookX: xOf(current.hookAt), hookY: yOf(memoryAt(current, current.hookAt)) }),
    yOf,
    xOf,
  }
}

/** The reading that belongs to a place in the order: the first one taken at or after it. */
const memoryAt = (run: MemoryRun, executedCount: number): bigint =>
  (run.points.find((point) => point.executedCount >= executedCount) ?? run.points.at(-1))?.wasmMemoryBytes ?? 0n

/** Whole-number ticks for an axis of counts: 1, 2, 5, 10… apart, at most `ticksMax` of them. */
export const countTicks = (countMax: number, ticksMax = 8): readonly number[] => {
  const steps = [1, 2, 5].flatMap((step) => [1, 10, 100, 1_000, 10_000, 100_000].map((scale) => step * scale)).toSorted((a, b) => a - b)
  const step = steps.find((candidate) => countMax / candidate <= ticksMax) ?? countMax
  return Array.from({ length: Math.floor(countMax / step) }, (_, index) => (index + 1) * step).filter((tick) => tick < countMax)
}
