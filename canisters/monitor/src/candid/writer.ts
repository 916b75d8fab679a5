import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { fieldId } from './fieldId.ts'
import type { Sink } from './sink.ts'

/** Writes one value, without its type. A value that is not of the type throws a `TypeError`. */
export type Writer = (sink: Sink, value: unknown) => void

/** Prepares writing values of one type. */
export function compileWriter(type: IDL.Type): Writer {
  return type.accept(new WriterCompiler(), undefined)
}

class WriterCompiler extends IDL.Visitor<undefined, Writer> {
  override visitNull(): Writer {
    return () => undefined
  }

  override visitBool(): Writer {
    return (sink, value) => sink.byte(value === true ? 1 : 0)
  }

  override visitText(): Writer {
    return (sink, value) => sink.text(String(value))
  }

  override visitNat(): Writer {
    return (sink, value) => sink.nat(asBigInt(value))
  }

  override visitFixedNat({ _bits: bits }: IDL.FixedNatClass): Writer {
    if (bits < 64) return (sink, value) => sink.fixed(Number(value), bits / 8)
    return (sink, value) => {
      const number = asBigInt(value)
      sink.fixed(Number(number & 0xffff_ffffn), 4)
      sink.fixed(Number(number >> 32n), 4)
    }
  }

  override visitPrincipal(): Writer {
    return (sink, value) => {
      if (!(value instanceof Principal)) throw mismatch('a principal', value)
      const bytes = value.toUint8Array()
      sink.byte(1)
      sink.size(bytes.length)
      sink.append(bytes)
    }
  }

  override visitOpt<T>(_: IDL.OptClass<T>, inner: IDL.Type<T>): Writer {
    const write = compileWriter(inner)
    return (sink, value) => {
      const items = asList(value)
      sink.byte(items.length === 0 ? 0 : 1)
      if (items.length > 0) write(sink, items[0])
    }
  }

  override visitVec<T>(_: IDL.VecClass<T>, inner: IDL.Type<T>): Writer {
    const write = compileWriter(inner)
    return (sink, value) => {
      const items = value instanceof Uint8Array ? value : asList(value)
      sink.size(items.length)
      if (items instanceof Uint8Array) sink.append(items)
      else for (const item of items) write(sink, item)
    }
  }

  override visitRecord(_: IDL.RecordClass, fields: [string, IDL.Type][]): Writer {
    const steps = byId(fields)
    return (sink, value) => {
      const record = asRecord(value)
      for (const { name, write } of steps) write(sink, record[name])
    }
  }

  override visitVariant(_: IDL.VariantClass, fields: [string, IDL.Type][]): Writer {
    const cases = byId(fields)
    return (sink, value) => {
      const record = asRecord(value)
      const index = cases.findIndex(({ name }) => name in record)
      const chosen = cases[index]
      if (chosen === undefined) throw mismatch('a case of the variant', value)
      sink.size(index)
      chosen.write(sink, record[chosen.name])
    }
  }

  override visitType(type: IDL.Type): Writer {
    throw new TypeError(`Values of type ${type.name} are not written here.`)
  }
}

function byId(fields: readonly [string, IDL.Type][]): readonly { readonly name: string; readonly write: Writer }[] {
  return fields.map(([name, type]) => ({ name, id: fieldId(name), write: compileWriter(type) })).sort((a, b) => a.id - b.id)
}

function asBigInt(value: unknown): bigint {
  if (typeof value !== 'bigint') throw mismatch('a bigint', value)
  return value
}

function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw mismatch('a list', value)
  return value
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw mismatch('an object', value)
  return value
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function mismatch(expected: string, value: unknown): TypeError {
  return new TypeError(`Expected ${expected}, not ${typeof value}.`)
}
