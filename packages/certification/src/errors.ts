/** Bytes that are no well-formed hash tree, certificate, key or signature; the message says why. */
export class CertificationError extends Error {
  override readonly name = 'CertificationError'
}
