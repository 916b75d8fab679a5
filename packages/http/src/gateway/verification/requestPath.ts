/** Paths of requests as certification sees them. */
import { VerificationError } from './verificationError.ts'

/** The path of a request target without its query, percent escapes resolved; a malformed escape stays. @throws VerificationError */
export function decodedPath(target: string): string {
  const path = target.split(/[?#]/, 1)[0] ?? ''
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    const bytes = Uint8Array.from(escapes.slice(1).split('%'), (digits) => Number.parseInt(digits, 16))
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      throw new VerificationError('HTTP Certification error: the path of the request is no UTF-8')
    }
  })
}
