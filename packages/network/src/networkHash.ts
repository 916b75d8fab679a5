/** One hash over a whole network. */
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Streams } from './streams.ts'
import type { Subnet } from './subnet.ts'

/** SHA-256 over the subnets in their order and what is on its way between them. */
export function networkHash(round: bigint, subnets: readonly Subnet[], streams: Streams): Uint8Array {
  const hash = sha256.create()
  hash.update(utf8ToBytes(`${round} ${streams.size} ${streams.cycles()}\n`))
  for (const { id, replica } of subnets) {
    hash.update(id.bytes)
    hash.update(replica.stateHash())
  }
  return hash.digest()
}
