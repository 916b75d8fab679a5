/** SHA-256 in hexadecimal. The module behind it is loaded with the first: it would delay every start, and few need it at once. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest('hex')
}
