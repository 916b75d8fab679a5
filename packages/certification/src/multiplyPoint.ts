/** A point of a curve times a number, by signed digits: the one walk behind both groups. */

/** The operations of a curve on points of its own form. */
export interface CurveOperations<Point> {
  readonly double: (point: Point) => Point
  /** Of two points that are not opposite. */
  readonly add: (first: Point, second: Point) => Point
  readonly negate: (point: Point) => Point
}

/** Digits of the scalar are odd and below 16 in amount, or zero. */
const digitBits = 5n
const digitCount = 1n << digitBits

/** @param scalar - from 1 to below the order of the group. @throws RangeError when it is zero */
export function multiplyPoint<Point>({ double, add, negate }: CurveOperations<Point>, start: Point, scalar: bigint): Point {
  const odd = [start]
  const twice = double(start)
  while (odd.length < Number(digitCount) / 4) odd.push(add(odd.at(-1) as Point, twice))
  let sum: Point | undefined
  for (const digit of digitsOf(scalar).reverse()) {
    if (sum !== undefined) sum = double(sum)
    if (digit === 0) continue
    const part = odd[(Math.abs(digit) - 1) / 2] as Point
    const signed = digit < 0 ? negate(part) : part
    sum = sum === undefined ? signed : add(sum, signed)
  }
  if (sum === undefined) throw new RangeError('the scalar is zero')
  return sum
}

/** Signed digits from the lowest, so that no two of `digitBits` neighbours are other than zero. */
function digitsOf(scalar: bigint): number[] {
  const digits: number[] = []
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    let digit = 0n
    if (rest & 1n) {
      digit = rest % digitCount
      if (digit >= digitCount / 2n) digit -= digitCount
      rest -= digit
    }
    digits.push(Number(digit))
  }
  return digits
}
