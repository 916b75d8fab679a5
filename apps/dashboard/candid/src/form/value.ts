/** What a form says, as the agent's IDL wants it. */
import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import type { BlobNode, FormNode, LineNode } from './node.ts'

/** A place of a form does not say a value of its type. */
export class FormError extends Error {
  override readonly name = 'FormError'
  readonly node: FormNode

  constructor(node: FormNode, message: string) {
    super(message)
    this.node = node
  }
}

/** @throws FormError with the place that is wrong */
export function valueOf(node: FormNode, type: IDL.Type): unknown {
  const real = type instanceof IDL.RecClass ? (type.getType() ?? IDL.Empty) : type
  switch (node.kind) {
    case 'line':
      return lineValue(node)
    case 'blob':
      return blobValue(node)
    case 'flag':
      return node.value
    case 'nothing':
      return null
    case 'impossible':
      throw new FormError(node, 'This type has no value.')
    case 'option':
      return node.content === undefined ? [] : [valueOf(node.content, node.type)]
    case 'list':
      return node.items.map((item) => valueOf(item, node.type))
    case 'record': {
      const fields = real instanceof IDL.RecordClass ? real._fields : []
      const values = node.entries.map(({ node: entry }, at): [string, unknown] => {
        const [key, field] = fields[at] ?? ['', IDL.Empty]
        return [key, valueOf(entry, field)]
      })
      return node.isTuple ? values.map(([, value]) => value) : Object.fromEntries(values)
    }
    case 'choice': {
      const { chosen } = node
      const found = node.cases.find(([key]) => key === chosen?.label)
      if (chosen === undefined || found === undefined) throw new FormError(node, 'Choose one of the cases.')
      return { [found[0]]: valueOf(chosen.node, found[1]) }
    }
    case 'function':
      return [principal(node, node.canister), required(node, node.method)]
  }
}

function lineValue(node: LineNode): unknown {
  const { type, text } = node
  if (type instanceof IDL.TextClass) return text
  if (type instanceof IDL.PrincipalClass || type instanceof IDL.ServiceClass) return principal(node, text)
  const value = type instanceof IDL.FloatClass ? float(node, text) : integer(node, text)
  const small = (type instanceof IDL.FixedNatClass || type instanceof IDL.FixedIntClass) && type._bits <= 32
  const fitting = small ? Number(value) : value
  if (!fits(type, fitting)) throw new FormError(node, `${text.trim()} is outside of what ${type.name} holds.`)
  return fitting
}

function integer(node: LineNode, text: string): bigint {
  const digits = text.replaceAll(/[_\s,]/g, '')
  if (!/^[+-]?\d+$|^0x[0-9a-f]+$/i.test(digits)) throw new FormError(node, 'Enter a whole number.')
  return BigInt(digits.replace(/^\+/, ''))
}

function float(node: LineNode, text: string): number {
  const number = Number(text.trim().replaceAll('_', ''))
  const isNamed = /^[+-]?(?:infinity|nan)$/i.test(text.trim())
  if (text.trim() === '' || (Number.isNaN(number) && !isNamed)) throw new FormError(node, 'Enter a number.')
  return number
}

function fits(type: IDL.Type, value: unknown): boolean {
  try {
    return type.covariant(value)
  } catch {
    return false
  }
}

function principal(node: FormNode, text: string): Principal {
  try {
    return Principal.fromText(text.trim())
  } catch {
    throw new FormError(node, 'Enter a principal, such as aaaaa-aa.')
  }
}

function required(node: FormNode, text: string): string {
  if (text === '') throw new FormError(node, 'Enter the name of a method.')
  return text
}

function blobValue(node: BlobNode): Uint8Array {
  if (node.format === 'text') return new TextEncoder().encode(node.text)
  if (node.format === 'file') {
    if (node.file === undefined) throw new FormError(node, 'Choose a file.')
    return node.file.bytes
  }
  const digits = node.text.replaceAll(/\s|^0x/g, '')
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) throw new FormError(node, 'Enter pairs of hexadecimal digits.')
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
