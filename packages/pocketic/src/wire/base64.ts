/** Blobs travel as standard base64, with or without padding. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}

/** The bytes, or what is wrong with the text, in the words of the original. */
export function bytesOfBase64(text: string): { readonly bytes: Uint8Array } | { readonly problem: string } {
  const content = text.replace(/={1,2}$/, '')
  const offset = content.search(/[^A-Za-z0-9+/]/)
  if (offset >= 0)
    return { problem: `Invalid byte ${Buffer.from(content.slice(offset))[0]}, offset ${Buffer.byteLength(content.slice(0, offset))}.` }
  if (content.length % 4 === 1) return { problem: 'Encoded text cannot have a 6-bit remainder.' }
  return { bytes: new Uint8Array(Buffer.from(content, 'base64')) }
}
