/** Types of values that nobody gave a type for: the canister has no interface description. */
import { IDL } from '@dfinity/candid'
import { typeOfAnnotation } from './interface.ts'
import { integerOf } from './number.ts'
import { type CandidValue, labelId, labelKey } from './value.ts'

/** The narrowest usual type of a written value: an integer is int, a fraction float64, a list takes its first item's type. */
export function inferType(value: CandidValue): IDL.Type {
  switch (value.kind) {
    case 'null':
    case 'none':
      return IDL.Null
    case 'reserved':
      return IDL.Reserved
    case 'bool':
      return IDL.Bool
    case 'number':
      return integerOf(value.digits) === undefined ? IDL.Float64 : IDL.Int
    case 'text':
      return IDL.Text
    case 'blob':
      return IDL.Vec(IDL.Nat8)
    case 'principal':
      return IDL.Principal
    case 'service':
      return IDL.Service({})
    case 'func':
      return IDL.Func([], [], [])
    case 'opt':
      return IDL.Opt(inferType(value.value))
    case 'vec':
      return IDL.Vec(value.items[0] === undefined ? IDL.Empty : inferType(value.items[0]))
    case 'record': {
      const fields = value.fields.toSorted((a, b) => labelId(a.label) - labelId(b.label))
      const isTuple = fields.length > 0 && fields.every((field, index) => 'id' in field.label && field.label.id === index)
      if (isTuple) return IDL.Tuple(...fields.map((field) => inferType(field.value)))
      return IDL.Record(Object.fromEntries(fields.map((field) => [labelKey(field.label), inferType(field.value)])))
    }
    case 'variant':
      return IDL.Variant({ [labelKey(value.field.label)]: inferType(value.field.value) })
    case 'annotated':
      return typeOfAnnotation(value.type)
  }
}
