/**
 * Types that a Candid message carries itself.
 *
 * @see Candid specification, "Binary format", "Types".
 */
import { IDL } from '@dfinity/candid'
import { CandidError } from './tokens.ts'

const primitives: Readonly<Record<number, IDL.Type>> = {
  [-1]: IDL.Null,
  [-2]: IDL.Bool,
  [-3]: IDL.Nat,
  [-4]: IDL.Int,
  [-5]: IDL.Nat8,
  [-6]: IDL.Nat16,
  [-7]: IDL.Nat32,
  [-8]: IDL.Nat64,
  [-9]: IDL.Int8,
  [-10]: IDL.Int16,
  [-11]: IDL.Int32,
  [-12]: IDL.Int64,
  [-13]: IDL.Float32,
  [-14]: IDL.Float64,
  [-15]: IDL.Text,
  [-16]: IDL.Reserved,
  [-17]: IDL.Empty,
  [-24]: IDL.Principal,
}

const modes: Readonly<Record<number, string>> = { 1: 'query', 2: 'oneway', 3: 'composite_query' }

type Entry = () => IDL.ConstructType

/** The types of a message's values; record fields and cases are known by number only. @throws CandidError when it is no Candid message */
export function readWireTypes(message: Uint8Array): IDL.Type[] {
  const reader = new Reader(message)
  if (new TextDecoder().decode(reader.bytes(4)) !== 'DIDL') throw new CandidError('the bytes are no Candid message')
  const recursive: IDL.RecClass[] = []
  const entries: Entry[] = []
  const count = reader.size()
  for (let i = 0; i < count; i++) recursive.push(IDL.Rec())
  const typeOf = (index: number): IDL.Type => {
    const type = index < 0 ? primitives[index] : recursive[index]
    if (type === undefined) throw new CandidError(`the message uses type ${index}, which does not exist`)
    return type
  }
  for (let i = 0; i < count; i++) entries.push(readEntry(reader, typeOf))
  for (const [index, entry] of entries.entries()) recursive[index]?.fill(entry())
  return Array.from({ length: reader.size() }, () => typeOf(reader.signed()))
}

function readEntry(reader: Reader, typeOf: (index: number) => IDL.Type): Entry {
  const opcode = reader.signed()
  switch (opcode) {
    case -18:
    case -19: {
      const content = reader.signed()
      return () => (opcode === -18 ? IDL.Opt(typeOf(content)) : IDL.Vec(typeOf(content)))
    }
    case -20:
    case -21: {
      const fields = Array.from({ length: reader.size() }, () => ({ id: reader.size(), type: reader.signed() }))
      const isTuple = opcode === -20 && fields.length > 0 && fields.every((field, index) => field.id === index)
      if (isTuple) return () => IDL.Tuple(...fields.map((field) => typeOf(field.type)))
      const keyed = () => Object.fromEntries(fields.map((field) => [`_${field.id}_`, typeOf(field.type)]))
      return () => (opcode === -20 ? IDL.Record(keyed()) : IDL.Variant(keyed()))
    }
    case -22: {
      const args = Array.from({ length: reader.size() }, () => reader.signed())
      const results = Array.from({ length: reader.size() }, () => reader.signed())
      const marks = Array.from({ length: reader.size() }, () => modes[reader.size()] ?? 'query')
      return () => IDL.Func(args.map(typeOf) as IDL.GenericIdlFuncArgs, results.map(typeOf) as IDL.GenericIdlFuncRets, marks)
    }
    case -23: {
      // The methods of a service reference do not matter for its value, a principal.
      const methods = reader.size()
      for (let i = 0; i < methods; i++) {
        reader.bytes(reader.size())
        reader.signed()
      }
      return () => IDL.Service({})
    }
    default:
      throw new CandidError(`the message has a type of an unknown kind (${opcode})`)
  }
}

class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new CandidError('the message ends in the middle of its types')
    const part = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return part
  }

  /** Unsigned LEB128. */
  size(): number {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = this.bytes(1)[0] ?? 0
      value += (byte & 0x7f) * shift
      if (byte < 0x80) break
    }
    if (!Number.isSafeInteger(value)) throw new CandidError('the message has a length beyond all bounds')
    return value
  }

  /** Signed LEB128 of at most 32 bits. */
  signed(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes(1)[0] ?? 0
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return shift < 25 && (byte & 0x40) !== 0 ? value | (-1 << (shift + 7)) : value
    }
    throw new CandidError('the message has a type number beyond all bounds')
  }
}
