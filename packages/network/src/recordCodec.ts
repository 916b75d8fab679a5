/** Records as bytes, to be kept and sent: CBOR with principals as tagged bytes and large numbers in full. */
import { Principal } from '@tidemark/types'
import { decode, encode, Token, Type, type DecodeOptions, type EncodeOptions } from 'cborg'
import type { NetworkInput } from './inputs.ts'
import type { NetworkRecord } from './record.ts'

/** Names the format, and its version. */
const format = 'tidemark network record 1'
/** Tags of our own, in the range that is free for all. */
const principalTag = 80_001
const integerTag = 80_002

const encodeOptions: EncodeOptions = {
  ignoreUndefinedProperties: true,
  typeEncoders: {
    Principal: (value) => [new Token(Type.tag, principalTag), new Token(Type.bytes, (value as Principal).bytes)],
    bigint: (value) => [new Token(Type.tag, integerTag), new Token(Type.string, String(value))],
    Object: (value) => (value instanceof Principal ? [new Token(Type.tag, principalTag), new Token(Type.bytes, value.bytes)] : null),
  },
}

const decodeOptions: DecodeOptions = {
  tags: {
    [principalTag]: (decodeValue) => Principal.fromBytes(decodeValue() as Uint8Array),
    [integerTag]: (decodeValue) => BigInt(decodeValue() as string),
  },
}

/** The record as CBOR that names its format; `decodeRecord` reads it. */
export function encodeRecord(record: NetworkRecord): Uint8Array {
  return encode({ format, ...record }, encodeOptions)
}

/** One input, for whoever keeps them one by one; `decodeInput` reads it. */
export function encodeInput(input: NetworkInput): Uint8Array {
  return encode(input, encodeOptions)
}

/** @throws RangeError for bytes that `encodeInput` did not write */
export function decodeInput(bytes: Uint8Array): NetworkInput {
  const value = decoded(bytes)
  if (typeof value !== 'object' || value === null || !('kind' in value)) throw new RangeError('these bytes are no input of a network')
  return value as NetworkInput
}

/** @throws RangeError for bytes that `encodeRecord` did not write */
export function decodeRecord(bytes: Uint8Array): NetworkRecord {
  const value = decoded(bytes)
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== format) {
    throw new RangeError('these bytes are no record of a network')
  }
  const { options, inputs, startHash } = value as unknown as NetworkRecord
  return { options, inputs, ...(startHash && { startHash }) }
}

function decoded(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, decodeOptions)
  } catch (error) {
    throw new RangeError(`these bytes are no record of a network: ${error instanceof Error ? error.message : String(error)}`)
  }
}
