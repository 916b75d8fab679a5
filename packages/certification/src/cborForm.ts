/** The CBOR rules of the network's interface: self-described, texts in UTF-8, no duplicate keys, nothing after the end. */
import { type DecodeOptions, decode, encode, Tagged, Tokenizer, Type } from 'cborg'
import { CertificationError } from './errors.ts'

const selfDescribed = 55799
const bignum = 2
const options: DecodeOptions = {
  useMaps: true,
  rejectDuplicateMapKeys: true,
  allowUndefined: false,
  allowBigInt: true,
  tags: { [selfDescribed]: (content: () => unknown) => content(), [bignum]: (content: () => unknown) => naturalOf(content()) },
}
const tokenizerOptions: DecodeOptions = { ...options, retainStringBytes: true }
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Refuses texts that are no UTF-8; the library would put other letters in their place, and the value would hash otherwise. */
class StrictTokenizer extends Tokenizer {
  override next(): ReturnType<Tokenizer['next']> {
    const token = super.next()
    if (token.type === Type.string) utf8.decode(token.byteValue)
    return token
  }
}

/** A value as CBOR behind the self-described tag (d9d9f7). */
export function encodeSelfDescribed(value: unknown): Uint8Array {
  return plainBytes(encode(new Tagged(selfDescribed, value)))
}

/** A value as CBOR without a tag. */
export function encodeBare(value: unknown): Uint8Array {
  return plainBytes(encode(value))
}

/** Reads CBOR, tagged as self-described or not; maps become `Map`. @throws CertificationError naming `what` */
export function decodeCbor(bytes: Uint8Array, what: string): unknown {
  try {
    const plain = plainBytes(bytes)
    return decode(plain, { ...options, tokenizer: new StrictTokenizer(plain, tokenizerOptions) })
  } catch (error) {
    // A RangeError is our own stack ending: the value is nested too deeply.
    throw new CertificationError(`${what} is not valid CBOR: ${error instanceof RangeError ? 'nested too deeply' : messageOf(error)}`)
  }
}

/** The library uses a platform's own subclass of byte arrays where there is one, whose `slice` does not copy. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function naturalOf(content: unknown): bigint {
  if (!(content instanceof Uint8Array)) throw new CertificationError('a big number must be bytes')
  return content.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
