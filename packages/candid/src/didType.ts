/** Candid types as written in an interface description. */
import type { Label } from './value.ts'

export const primitiveTypes = [
  'null',
  'bool',
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
  'text',
  'reserved',
  'empty',
  'principal',
] as const

export type PrimitiveType = (typeof primitiveTypes)[number]

export interface FieldType {
  readonly label: Label
  readonly type: DidType
}

export interface FunctionType {
  readonly args: readonly DidType[]
  readonly results: readonly DidType[]
  /** `query`, `composite_query`, `oneway`. */
  readonly modes: readonly string[]
}

export type MethodType = { readonly kind: 'func'; readonly func: FunctionType } | { readonly kind: 'named'; readonly name: string }

export type DidType =
  | { readonly kind: 'primitive'; readonly name: PrimitiveType }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'opt' | 'vec'; readonly type: DidType }
  | { readonly kind: 'record' | 'variant'; readonly fields: readonly FieldType[] }
  | { readonly kind: 'func'; readonly func: FunctionType }
  | { readonly kind: 'service'; readonly methods: ReadonlyMap<string, MethodType> }

/** A parsed interface description. */
export interface DidProgram {
  readonly definitions: ReadonlyMap<string, DidType>
  readonly service?: { readonly initArgs: readonly DidType[]; readonly type: DidType }
}
