/**
 * Principals: identifiers of canisters, users, subnets and nodes, 0 to 29 bytes.
 *
 * @see Interface specification, "Principals" and "Textual representation of principals".
 */
import { crc32 } from './crc32.ts'

const maxLength = 29
const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** A text or blob that is no principal; the message says why. */
export class PrincipalError extends Error {
  override readonly name = 'PrincipalError'
}

/** An immutable principal. Two are equal when their `key` is equal. */
export class Principal {
  /** 0 to 29 bytes; never changed after construction. */
  readonly bytes: Uint8Array
  /** Lower-case hexadecimal of the bytes: the form to use as a map key; sorts as the bytes do. */
  readonly key: string
  #text: string | undefined

  private constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.key = toHex(bytes)
  }

  /** @throws PrincipalError when there are more than 29 bytes */
  static fromBytes(bytes: Uint8Array): Principal {
    if (bytes.length > maxLength) throw new PrincipalError(`a principal has at most ${maxLength} bytes, got ${bytes.length}`)
    return new Principal(bytes.slice())
  }

  /** Parses the textual form strictly: checksum and dashes must be right; letters may be in either case. */
  static fromText(text: string): Principal {
    const lower = text.toLowerCase()
    const decoded = decodeBase32(lower.replaceAll('-', ''))
    if (decoded.length < 4) throw new PrincipalError(`"${text}" is too short to be a principal`)
    const principal = Principal.fromBytes(decoded.subarray(4))
    if (principal.toText() !== lower) throw new PrincipalError(`"${text}" is not a principal: its checksum or its dashes are wrong`)
    return principal
  }

  /** The canister id with the given number: eight bytes big-endian, then 01 01. */
  static canister(index: bigint): Principal {
    const bytes = new Uint8Array(10)
    new DataView(bytes.buffer).setBigUint64(0, index)
    bytes[8] = 1
    bytes[9] = 1
    return new Principal(bytes)
  }

  /** The self-authenticating principal of a SHA-224 digest of a DER public key. */
  static selfAuthenticating(sha224OfPublicKey: Uint8Array): Principal {
    const bytes = new Uint8Array(sha224OfPublicKey.length + 1)
    bytes.set(sha224OfPublicKey)
    bytes[sha224OfPublicKey.length] = 2
    return Principal.fromBytes(bytes)
  }

  /** Textual form, for example `rwlgt-iiaaa-aaaaa-aaaaa-cai`. */
  toText(): string {
    this.#text ??= encodeText(this.bytes)
    return this.#text
  }

  toString(): string {
    return this.toText()
  }

  equals(other: Principal): boolean {
    return this.key === other.key
  }

  isAnonymous(): boolean {
    return this.bytes.length === 1 && this.bytes[0] === 4
  }
}

/** The management canister, `aaaaa-aa`: the empty blob. */
export const managementCanisterId: Principal = Principal.fromBytes(new Uint8Array(0))

/** The anonymous caller, `2vxsx-fae`. */
export const anonymousPrincipal: Principal = Principal.fromBytes(new Uint8Array([4]))

/** The network's order of principals: shorter ones first, then by their bytes. */
export function comparePrincipals(a: Principal, b: Principal): number {
  return a.bytes.length - b.bytes.length || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
}

/** Lower-case hexadecimal of a blob. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += hexPairs[byte]
  return text
}

/** Bytes of a hexadecimal text. @throws TypeError when it is no such text */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || /[^0-9a-f]/i.test(text)) throw new TypeError(`not a hexadecimal text: "${text.slice(0, 80)}"`)
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

function encodeText(bytes: Uint8Array): string {
  const blob = new Uint8Array(bytes.length + 4)
  new DataView(blob.buffer).setUint32(0, crc32(bytes))
  blob.set(bytes, 4)
  return encodeBase32(blob).replace(/.{5}(?=.)/g, '$&-')
}

function encodeBase32(bytes: Uint8Array): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(buffer >> bits) & 31]
    }
  }
  if (bits > 0) text += alphabet[(buffer << (5 - bits)) & 31]
  return text
}

function decodeBase32(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8))
  let buffer = 0
  let bits = 0
  let at = 0
  for (const letter of text) {
    const value = alphabet.indexOf(letter)
    if (value < 0) throw new PrincipalError(`"${letter}" cannot stand in a principal`)
    buffer = ((buffer << 5) | value) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (buffer >> bits) & 0xff
    }
  }
  return bytes
}
