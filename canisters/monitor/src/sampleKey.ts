import type { Principal } from '@dfinity/principal'

/** Key of a sample in stable memory. */
export interface SampleKey {
  readonly canister: Principal
  readonly number: number
}

const idBytes = 30
const numberBytes = 8

/** A fixed-width key: length and bytes of the canister's id, then the number, so that samples of a canister lie together. */
export function encodeSampleKey({ canister, number }: SampleKey): Uint8Array {
  const id = canister.toUint8Array()
  const key = new Uint8Array(idBytes + numberBytes)
  key[0] = id.length
  key.set(id, 1)
  new DataView(key.buffer).setBigUint64(idBytes, BigInt(number))
  return key
}
