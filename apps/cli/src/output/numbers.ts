/** Numbers as people read them. */
import { grouped } from '@tidemark/candid'

/** Digits in groups of three: `2_592_000`. */
export function withUnderscores(value: bigint | number): string {
  return grouped(String(value))
}

/** Seconds with one digit: `3.4 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
