import { sha224 } from '@noble/hashes/sha2.js'
import { type Principal, crc32, toHex } from '@tidemark/types'

const separator = new TextEncoder().encode('\x0Aaccount-id')
const subaccountSize = 32

/** A principal's default account on the ICP ledger: 64 hexadecimal digits, a CRC-32 and a SHA-224. */
export function accountIdentifier(owner: Principal): string {
  const hash = sha224.create().update(separator).update(owner.bytes).update(new Uint8Array(subaccountSize)).digest()
  const identifier = new Uint8Array(4 + hash.length)
  new DataView(identifier.buffer).setUint32(0, crc32(hash))
  identifier.set(hash, 4)
  return toHex(identifier)
}
