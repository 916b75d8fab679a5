/**
 * Labels of the state tree: byte strings, ordered bytewise, a prefix before what it begins.
 *
 * Bits are counted with nine per byte: a one that says "there is a byte here", then the byte's bits from the highest.
 * So the order of the bit strings is the order of the labels, and no label's bits begin another's.
 */

const encoder = new TextEncoder()

/** The label (or leaf) of a text: its UTF-8 bytes. */
export function text(value: string): Uint8Array {
  return encoder.encode(value)
}

/** Negative, zero or positive as `a` stands before, at or after `b` in bytewise order. */
export function compareLabels(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Position of the first bit in which two labels differ; -1 when they are equal. */
export function firstDifferentBit(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) ^ (b[i] as number)
    if (difference !== 0) return 9 * i + Math.clz32(difference) - 23
  }
  return a.length === b.length ? -1 : 9 * shared
}

/** The bit of a label at a position; zero beyond its end. */
export function bitOf(label: Uint8Array, position: number): 0 | 1 {
  const index = Math.floor(position / 9)
  const byte = label[index]
  if (byte === undefined) return 0
  const offset = position - 9 * index
  return offset === 0 || (byte >> (8 - offset)) & 1 ? 1 : 0
}
