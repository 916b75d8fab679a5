/** A form as data: one node for each place of a value where the user has something to say. */
import { IDL } from '@dfinity/candid'

/** A line of text that stands for a number, a text, a principal or a service. */
export type LineNode = { readonly kind: 'line'; readonly type: IDL.Type; text: string }
/** Bytes: hexadecimal digits, text, or a file of the user. */
export type BlobNode = { readonly kind: 'blob'; format: 'hex' | 'text' | 'file'; text: string; file?: { name: string; bytes: Uint8Array } }
export type FlagNode = { readonly kind: 'flag'; value: boolean }
/** `null`, `reserved`: there is one value, or none that matters. */
export type NothingNode = { readonly kind: 'nothing' }
/** `empty`: there is no value at all. */
export type ImpossibleNode = { readonly kind: 'impossible' }
export type OptionNode = { readonly kind: 'option'; readonly type: IDL.Type; content?: FormNode }
export type ListNode = { readonly kind: 'list'; readonly type: IDL.Type; items: readonly FormNode[] }
export type Entry = { readonly label: string; readonly node: FormNode }
export type RecordNode = { readonly kind: 'record'; readonly isTuple: boolean; readonly entries: readonly Entry[] }
/** Nothing is chosen at first: a case may lead to the same type again, without end. */
export type ChoiceNode = {
  readonly kind: 'choice'
  readonly cases: readonly (readonly [label: string, type: IDL.Type])[]
  chosen?: { readonly label: string; readonly node: FormNode }
}
export type FunctionNode = { readonly kind: 'function'; canister: string; method: string }

export type FormNode =
  | LineNode
  | BlobNode
  | FlagNode
  | NothingNode
  | ImpossibleNode
  | OptionNode
  | ListNode
  | RecordNode
  | ChoiceNode
  | FunctionNode

/** Records within records deeper than this have no end: such a type has no value. */
const deepest = 100

/** An empty form for a type. Parts that may be absent or several are made when the user asks for them. */
export function createNode(type: IDL.Type, depth = 0): FormNode {
  if (depth > deepest) return { kind: 'impossible' }
  if (type instanceof IDL.RecClass) return createNode(contentOf(type), depth + 1)
  if (type instanceof IDL.EmptyClass) return { kind: 'impossible' }
  if (type instanceof IDL.NullClass || type instanceof IDL.ReservedClass) return { kind: 'nothing' }
  if (type instanceof IDL.BoolClass) return { kind: 'flag', value: false }
  if (type instanceof IDL.OptClass) return { kind: 'option', type: type._type }
  if (type instanceof IDL.VecClass) return isByte(type._type) ? { kind: 'blob', format: 'hex', text: '' } : listOf(type)
  if (type instanceof IDL.RecordClass) {
    const isTuple = type instanceof IDL.TupleClass
    const entries = type._fields.map(([key, field]) => ({ label: labelOf(key), node: createNode(field, depth + 1) }))
    return { kind: 'record', isTuple, entries }
  }
  if (type instanceof IDL.VariantClass) return { kind: 'choice', cases: type._fields }
  if (type instanceof IDL.FuncClass) return { kind: 'function', canister: '', method: '' }
  return { kind: 'line', type, text: '' }
}

/** The name of a field: its own, or its number where it has none. */
export function labelOf(key: string): string {
  return /^_(\d+)_$/.exec(key)?.[1] ?? key
}

function listOf(type: IDL.VecClass<unknown>): ListNode {
  return { kind: 'list', type: type._type, items: [] }
}

function isByte(type: IDL.Type): boolean {
  return type instanceof IDL.FixedNatClass && type._bits === 8
}

function contentOf(type: IDL.RecClass): IDL.Type {
  return type.getType() ?? IDL.Empty
}
