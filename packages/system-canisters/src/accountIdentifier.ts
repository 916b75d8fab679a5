import { sha224 } from '@noble/hashes/sha2.js'
import { type Principal, toHex } from '@tidemark/types'

const separator = new TextEncoder().encode('\x0Aaccount-id')
const subaccountSize = 32
const polynomial = 0xedb8_8320

/** A principal's default account on the ICP ledger: 64 hexadecimal digits, a CRC-32 and a SHA-224. */
export function accountIdentifier(owner: Principal): string {
  const hash = sha224.create().update(separator).update(owner.bytes).update(new Uint8Array(subaccountSize)).digest()
  const identifier = new Uint8Array(4 + hash.length)
  new DataView(identifier.buffer).setUint32(0, crc32(hash))
  identifier.set(hash, 4)
  return toHex(identifier)
}

function crc32(bytes: Uint8Array): number {
  let remainder = 0xffff_ffff
  for (const byte of bytes) {
    remainder ^= byte
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0)
  }
  return ~remainder >>> 0
}
