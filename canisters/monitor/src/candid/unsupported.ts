/** A message that this decoder leaves to the Candid library: rare, and not wrong by itself. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported'
}
