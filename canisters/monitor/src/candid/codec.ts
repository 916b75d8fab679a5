import { IDL } from '@dfinity/candid'
import { Cursor } from './cursor.ts'
import { compileReader, type Reader } from './reader.ts'
import { Sink } from './sink.ts'
import { Unsupported } from './unsupported.ts'
import { readMessageTypes } from './wireTypes.ts'
import { compileWriter } from './writer.ts'

/** Encodes and decodes messages with one value of one type. */
export interface Codec {
  encode(value: unknown): Uint8Array
  /** @throws {Error} when the bytes are no message with such a value */
  decode(bytes: Uint8Array): unknown
}

interface Plan {
  /** Everything of a message before its value. */
  readonly header: Uint8Array
  readonly read: Reader
}

/**
 * A codec that does its thinking once. The Candid library builds the types of a message anew each time it decodes one,
 * which in a canister costs tens of millions of instructions per status reply; replies of one sender all have the same
 * type table, so what was found out for one serves the next. Whatever is out of the ordinary goes to the library.
 *
 * @param sample - any value of the type: the library encodes it once, to learn the type table to write
 */
export function createCodec(type: IDL.Type, sample: unknown): Codec {
  const write = compileWriter(type)
  const header = headerOf(IDL.encode([type], [sample]))
  let plan: Plan | undefined

  const decodePlainly = (bytes: Uint8Array): unknown => {
    if (plan === undefined || !startsWith(bytes, plan.header)) plan = makePlan(type, bytes)
    const cursor = new Cursor(bytes, plan.header.length)
    const value = plan.read(cursor)
    if (!cursor.isAtEnd) throw new Unsupported('More follows the value')
    return value
  }

  return {
    encode(value) {
      const sink = new Sink()
      sink.append(header)
      write(sink, value)
      return sink.bytes()
    },
    decode(bytes) {
      try {
        return decodePlainly(bytes)
      } catch (error) {
        if (!(error instanceof Unsupported)) throw error
        return IDL.decode([type], bytes)[0]
      }
    },
  }
}

function makePlan(type: IDL.Type, bytes: Uint8Array): Plan {
  const cursor = new Cursor(bytes)
  const types = readMessageTypes(cursor)
  const [first] = types.values
  if (first === undefined || types.values.length > 1) throw new Unsupported('Not one value')
  return { header: bytes.slice(0, cursor.at), read: compileReader(type, { type: first, types }) }
}

function headerOf(message: Uint8Array): Uint8Array {
  const cursor = new Cursor(message)
  readMessageTypes(cursor)
  return message.slice(0, cursor.at)
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, index) => bytes[index] === byte)
}
