import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import type { Cursor } from './cursor.ts'
import { fieldId } from './fieldId.ts'
import { skip } from './skip.ts'
import { Unsupported } from './unsupported.ts'
import { code, type MessageTypes, type WireField, type WireType } from './wireTypes.ts'

/** Reads one value of a message. */
export type Reader = (cursor: Cursor) => unknown

/** Where a value stands in a message: its type there, and the message's types. */
interface Source {
  readonly type: number
  readonly types: MessageTypes
}

/**
 * Prepares reading values of one type from messages with one type table. All decisions are made here, once: records are
 * matched by field, absent optional fields become `[]`, unknown fields are passed over.
 *
 * @throws {Unsupported} when the types do not match plainly; the Candid library then decides
 */
export function compileReader(expected: IDL.Type, source: Source): Reader {
  return expected.accept(new ReaderCompiler(), source)
}

class ReaderCompiler extends IDL.Visitor<Source, Reader> {
  override visitNull(_: IDL.NullClass, { type }: Source): Reader {
    require(type === code.null)
    return () => null
  }

  override visitBool(_: IDL.BoolClass, { type }: Source): Reader {
    require(type === code.bool)
    return (cursor) => cursor.byte() === 1
  }

  override visitText(_: IDL.TextClass, { type }: Source): Reader {
    require(type === code.text)
    return (cursor) => cursor.text()
  }

  override visitNat(_: IDL.NatClass, { type }: Source): Reader {
    require(type === code.nat)
    return (cursor) => cursor.nat()
  }

  override visitFixedNat({ _bits: bits }: IDL.FixedNatClass, { type }: Source): Reader {
    require(type === code.nat8 - Math.log2(bits / 8))
    if (bits < 64) return (cursor) => cursor.fixed(bits / 8)
    return (cursor) => BigInt(cursor.fixed(4)) + (BigInt(cursor.fixed(4)) << 32n)
  }

  override visitPrincipal(_: IDL.PrincipalClass, { type }: Source): Reader {
    require(type === code.principal)
    return (cursor) => {
      require(cursor.byte() === 1)
      return Principal.fromUint8Array(cursor.take(cursor.size()))
    }
  }

  override visitOpt<T>(_: IDL.OptClass<T>, inner: IDL.Type<T>, { type, types }: Source): Reader {
    if (type === code.null || type === code.reserved) return () => []
    const wire = types.table[type]
    if (wire?.kind !== 'opt') {
      const read = compileReader(inner, { type, types })
      return (cursor) => [read(cursor)]
    }
    const read = compileReader(inner, { type: wire.type, types })
    return (cursor) => (cursor.byte() === 1 ? [read(cursor)] : [])
  }

  override visitVec<T>(_: IDL.VecClass<T>, inner: IDL.Type<T>, { type, types }: Source): Reader {
    const wire = types.table[type]
    if (wire?.kind !== 'vec') throw new Unsupported('A list is expected')
    if (wire.type === code.nat8 && inner instanceof IDL.FixedNatClass) return (cursor) => cursor.take(cursor.size())
    const read = compileReader(inner, { type: wire.type, types })
    return (cursor) => {
      const items: unknown[] = []
      for (let rest = cursor.size(); rest > 0; rest -= 1) items.push(read(cursor))
      return items
    }
  }

  override visitRecord(_: IDL.RecordClass, expected: [string, IDL.Type][], { type, types }: Source): Reader {
    const names = new Map(expected.map(([name, fieldType]) => [fieldId(name), { name, fieldType }]))
    const present = fieldsOf('record', types.table[type])
    const absent = expected.filter(([name]) => !present.some(({ id }) => id === fieldId(name)))
    for (const [, fieldType] of absent) require(fieldType instanceof IDL.OptClass)
    const steps = present.map(({ id, type: wireType }) => {
      const field = names.get(id)
      const read =
        field === undefined ? (cursor: Cursor) => skip(cursor, wireType, types) : compileReader(field.fieldType, { type: wireType, types })
      return { name: field?.name, read }
    })
    return (cursor) => {
      const record: Record<string, unknown> = {}
      for (const [name] of absent) record[name] = []
      for (const { name, read } of steps) {
        const value = read(cursor)
        if (name !== undefined) record[name] = value
      }
      return record
    }
  }

  override visitVariant(_: IDL.VariantClass, expected: [string, IDL.Type][], { type, types }: Source): Reader {
    const cases = fieldsOf('variant', types.table[type]).map(({ id, type: wireType }) => {
      const found = expected.find(([name]) => fieldId(name) === id)
      return found === undefined ? undefined : { name: found[0], read: compileReader(found[1], { type: wireType, types }) }
    })
    return (cursor) => {
      const chosen = cases[cursor.size()]
      if (chosen === undefined) throw new Unsupported('A case nobody expects')
      return { [chosen.name]: chosen.read(cursor) }
    }
  }

  override visitType(type: IDL.Type): Reader {
    throw new Unsupported(`Reading ${type.name}`)
  }
}

function fieldsOf(kind: 'record' | 'variant', wire: WireType | undefined): readonly WireField[] {
  if (wire?.kind !== kind) throw new Unsupported(`A ${kind} is expected`)
  return wire.fields
}

function require(condition: boolean): void {
  if (!condition) throw new Unsupported('The types differ')
}
