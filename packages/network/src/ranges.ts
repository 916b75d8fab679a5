/** Ranges of canister ids, by the number in them. */
import type { CanisterIndexRange } from '@tidemark/replica'
import { Principal } from '@tidemark/types'

/** Ids of one range. */
const idsPerRange = 1n << 20n
/** Ids that the public network has room for: 1024 ranges from the lowest on. */
const mainnetEnd = 1024n * idsPerRange

/** Number of a canister id; undefined for a principal of another form. */
export function indexOf(id: Principal): bigint | undefined {
  if (id.bytes.length !== 10) return undefined
  const index = new DataView(id.bytes.buffer, id.bytes.byteOffset).getBigUint64(0)
  return Principal.canister(index).equals(id) ? index : undefined
}

/** The range of the public network that an id belongs to; undefined where that network has none. */
export function mainnetRangeOf(index: bigint): CanisterIndexRange | undefined {
  if (index >= mainnetEnd) return undefined
  const first = index - (index % idsPerRange)
  return { first, last: first + idsPerRange - 1n }
}

/** Hands out ranges that the public network does not use, from the top down. */
export class FreeRanges {
  /** First id of the range that comes next. */
  next = (1n << 64n) - 2n * idsPerRange

  /** @param used - ranges that others have already */
  take(used: readonly CanisterIndexRange[] = []): CanisterIndexRange {
    const isUsed = (index: bigint): boolean => used.some(({ first, last }) => index >= first && index <= last)
    while (isUsed(this.next)) this.next -= idsPerRange
    const first = this.next
    this.next -= idsPerRange
    return { first, last: first + idsPerRange - 1n }
  }
}
