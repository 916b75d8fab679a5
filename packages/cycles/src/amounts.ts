/** A count that callers may hold either way: payload lengths are numbers in JavaScript, sums are BigInt. */
export type Count = bigint | number

/** Subtraction of amounts never goes below zero. */
export const saturatingSubtract = (from: bigint, amount: bigint): bigint => (from > amount ? from - amount : 0n)

export const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)

export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)
