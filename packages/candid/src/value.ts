/** Candid values as data: what the text form says, before or after it meets a type. */
import { idlLabelToId } from '@dfinity/candid'
import type { DidType } from './didType.ts'

/** A field is known by its name, or only by its number. */
export type Label = { readonly name: string } | { readonly id: number }

export interface Field {
  readonly label: Label
  readonly value: CandidValue
}

export const numberTypes = [
  'nat',
  'nat8',
  'nat16',
  'nat32',
  'nat64',
  'int',
  'int8',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
] as const

export type NumberType = (typeof numberTypes)[number]

export type CandidValue =
  | { readonly kind: 'null' }
  /** An optional value that is absent; written `null` as well. */
  | { readonly kind: 'none' }
  | { readonly kind: 'reserved' }
  | { readonly kind: 'bool'; readonly value: boolean }
  /** `digits` is a literal without underscores: `-12`, `0x1f`, `1.5e3`; `inf` and `NaN` occur in output only. */
  | { readonly kind: 'number'; readonly digits: string; readonly type?: NumberType }
  /** A quoted string: text, or the content of a blob; which one, the type says. */
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'blob'; readonly bytes: Uint8Array }
  | { readonly kind: 'principal' | 'service'; readonly id: string }
  | { readonly kind: 'func'; readonly id: string; readonly method: string }
  | { readonly kind: 'opt'; readonly value: CandidValue }
  | { readonly kind: 'vec'; readonly items: readonly CandidValue[] }
  | { readonly kind: 'record'; readonly fields: readonly Field[] }
  | { readonly kind: 'variant'; readonly field: Field }
  | { readonly kind: 'annotated'; readonly value: CandidValue; readonly type: DidType }

/** Number of a label on the wire. */
export function labelId(label: Label): number {
  return 'id' in label ? label.id : idlLabelToId(label.name)
}

/** The key that the agent's IDL uses for a label: `name`, or `_7_` for a bare number. */
export function labelKey(label: Label): string {
  return 'id' in label ? `_${label.id}_` : label.name
}

/** The label that an IDL key stands for. */
export function labelOfKey(key: string): Label {
  const digits = /^_(\d+)_$/.exec(key)?.[1]
  return digits === undefined ? { name: key } : { id: Number(digits) }
}
