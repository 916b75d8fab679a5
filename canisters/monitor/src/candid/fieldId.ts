/** The number that stands for a field's name in a message. */
export function fieldId(name: string): number {
  let id = 0
  for (const byte of new TextEncoder().encode(name)) id = (Math.imul(id, 223) + byte) >>> 0
  return id
}
