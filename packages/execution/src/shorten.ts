/** Long texts of errors, cut in the middle so that both ends can be read. */

/** Bytes that the text of a reject may have. */
const maxBytes = 8192
const marker = '...'
/** Of what is kept, three quarters are from the beginning. */
const headBytes = Math.floor(((maxBytes - marker.length) * 3) / 4)

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The text itself, or its two ends when it is longer than 8 KiB in UTF-8. */
export function shortenText(text: string): string {
  // A character has at most three bytes per UTF-16 unit, so most texts need no encoding to be known as short.
  if (text.length * 3 <= maxBytes) return text
  const bytes = encoder.encode(text)
  if (bytes.length <= maxBytes) return text
  const tailBytes = maxBytes - marker.length - headBytes
  const head = decoder.decode(bytes.subarray(0, characterStart(bytes, headBytes)))
  const from = characterEnd(bytes, bytes.length - tailBytes)
  return `${head}${marker}${decoder.decode(bytes.subarray(from))}`
}

/** Start of the character that a position falls into. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at
  while (isContinuation(bytes[start])) start--
  return start
}

/** Start of the first character at a position or after it. */
function characterEnd(bytes: Uint8Array, at: number): number {
  let end = at
  while (isContinuation(bytes[end])) end++
  return end
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}
