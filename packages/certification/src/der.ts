/**
 * Public keys in DER: SEQUENCE { SEQUENCE { algorithm OID, parameters? }, BIT STRING }.
 *
 * @see RFC 5280, section 4.1 (SubjectPublicKeyInfo).
 */
import { concatBytes } from '@noble/hashes/utils.js'
import { CertificationError } from './errors.ts'

const sequenceTag = 0x30
const oidTag = 0x06
const bitStringTag = 0x03

/** A public key taken out of its DER wrap. */
export interface PublicKeyInfo {
  /** Dotted object identifier. */
  readonly algorithm: string
  /** Dotted object identifier of the parameters (a curve, for example) when they are one. */
  readonly parameters?: string
  readonly key: Uint8Array
}

/** Wraps a key. */
export function encodePublicKeyDer(info: PublicKeyInfo): Uint8Array {
  const parameters = info.parameters === undefined ? new Uint8Array(0) : element(oidTag, encodeOid(info.parameters))
  const algorithm = element(sequenceTag, concatBytes(element(oidTag, encodeOid(info.algorithm)), parameters))
  return element(sequenceTag, concatBytes(algorithm, element(bitStringTag, concatBytes(Uint8Array.of(0), info.key))))
}

/** Takes the wrap off. @throws CertificationError when the bytes are no public key in DER */
export function decodePublicKeyDer(der: Uint8Array): PublicKeyInfo {
  const [outer, afterOuter] = readElement(der, sequenceTag)
  const [algorithm, afterAlgorithm] = readElement(outer, sequenceTag)
  const [bits, afterBits] = readElement(afterAlgorithm, bitStringTag)
  if (afterOuter.length > 0 || afterBits.length > 0) throw new CertificationError('public key in DER: bytes after the end')
  if (bits[0] !== 0) throw new CertificationError('public key in DER: the key must be whole bytes')
  const [oid, rest] = readElement(algorithm, oidTag)
  const info = { algorithm: decodeOid(oid), key: bits.subarray(1) }
  if (rest.length === 0) return info
  const [parameters, afterParameters] = readElement(rest, oidTag)
  if (afterParameters.length > 0) throw new CertificationError('public key in DER: bytes after the parameters')
  return { ...info, parameters: decodeOid(parameters) }
}

function element(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content
  if (length < 0x80) return concatBytes(Uint8Array.of(tag, length), content)
  if (length < 0x100) return concatBytes(Uint8Array.of(tag, 0x81, length), content)
  if (length < 0x10000) return concatBytes(Uint8Array.of(tag, 0x82, length >> 8, length & 0xff), content)
  throw new CertificationError(`public key in DER: ${length} bytes are too many`)
}

function readElement(bytes: Uint8Array, tag: number): [content: Uint8Array, rest: Uint8Array] {
  if (bytes[0] !== tag) throw new CertificationError('not a public key in DER')
  const [length, start] = readLength(bytes)
  if (start + length > bytes.length) throw new CertificationError('public key in DER: cut short')
  return [bytes.subarray(start, start + length), bytes.subarray(start + length)]
}

function readLength(bytes: Uint8Array): [length: number, start: number] {
  const [, short = 0, high = 0, low = 0] = bytes
  if (bytes.length >= 2 && short < 0x80) return [short, 2]
  if (short === 0x81 && high >= 0x80) return [high, 3]
  if (short === 0x82 && high > 0) return [(high << 8) | low, 4]
  throw new CertificationError('public key in DER: bad length')
}

function encodeOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number)
  const bytes = [40 * first + second]
  for (const part of others) {
    const groups = [part & 0x7f]
    for (let rest = Math.floor(part / 128); rest > 0; rest = Math.floor(rest / 128)) groups.unshift((rest & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return Uint8Array.from(bytes)
}

function decodeOid(bytes: Uint8Array): string {
  const first = bytes[0] ?? 0
  const parts = [Math.min(2, Math.floor(first / 40)), first - 40 * Math.min(2, Math.floor(first / 40))]
  let part = 0
  for (const byte of bytes.subarray(1)) {
    part = part * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      parts.push(part)
      part = 0
    }
  }
  return parts.join('.')
}
