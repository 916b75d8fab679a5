/**
 * Reads Candid types and interface descriptions (`.did`).
 *
 * @see Candid specification, "Core grammar".
 */
import { Cursor } from './cursor.ts'
import { type DidProgram, type DidType, type FieldType, type FunctionType, type MethodType, primitiveTypes } from './didType.ts'
import { CandidError } from './tokens.ts'
import type { Label } from './value.ts'

/** Reads a whole interface description. @throws CandidError where it is none, or imports another file */
export function parseProgram(text: string): DidProgram {
  const cursor = new Cursor(text)
  const definitions = new Map<string, DidType>()
  for (;;) {
    if (cursor.take('type')) {
      const name = cursor.name()
      cursor.expect('=')
      definitions.set(name, parseType(cursor))
    } else if (cursor.is('import')) {
      throw new CandidError('imports of other interface files are not supported: put all types into one file', cursor.peek().offset)
    } else break
    if (!cursor.take(';')) break
  }
  if (cursor.peek().kind === 'end') return { definitions }
  cursor.expect('service')
  if (!cursor.is(':')) cursor.name()
  cursor.expect(':')
  const initArgs = cursor.is('(') ? parseArgs(cursor) : []
  if (initArgs.length > 0 || cursor.is('->')) cursor.expect('->')
  const type: DidType = cursor.is('{') ? parseService(cursor) : { kind: 'named', name: cursor.name() }
  cursor.take(';')
  if (cursor.peek().kind !== 'end') cursor.fail('the end of the interface')
  return { definitions, service: { initArgs, type } }
}

/** Reads a parenthesised list of types: the content of `candid:args`. */
export function parseTypeList(text: string): readonly DidType[] {
  return parseArgs(new Cursor(text))
}

export function parseType(cursor: Cursor): DidType {
  const token = cursor.peek()
  if (token.kind !== 'word') return cursor.fail('a type')
  const primitive = primitiveTypes.find((name) => name === token.text)
  cursor.next()
  if (primitive !== undefined) return { kind: 'primitive', name: primitive }
  switch (token.text) {
    case 'blob':
      return { kind: 'vec', type: { kind: 'primitive', name: 'nat8' } }
    case 'opt':
    case 'vec':
      return { kind: token.text, type: parseType(cursor) }
    case 'record':
    case 'variant':
      return { kind: token.text, fields: parseFields(cursor, token.text) }
    case 'func':
      return { kind: 'func', func: parseFunction(cursor) }
    case 'service':
      return parseService(cursor)
    default:
      return { kind: 'named', name: token.text }
  }
}

/** Fields without a label count on from the one before; in a variant a bare label has type null. */
function parseFields(cursor: Cursor, owner: 'record' | 'variant'): FieldType[] {
  let nextId = 0
  return cursor.list('{', ';', '}', () => {
    const label = parseFieldLabel(cursor, owner)
    if (label !== undefined && 'id' in label) nextId = label.id
    const field: FieldType = {
      label: label ?? { id: nextId },
      type: label === undefined || cursor.take(':') ? parseType(cursor) : { kind: 'primitive', name: 'null' },
    }
    if (label === undefined || 'id' in label) nextId++
    return field
  })
}

function parseFieldLabel(cursor: Cursor, owner: 'record' | 'variant'): Label | undefined {
  const token = cursor.peek()
  const labelled = cursor.is(':', 1) || (owner === 'variant' && (cursor.is(';', 1) || cursor.is('}', 1)))
  if (!labelled) return undefined
  if (token.kind === 'number') {
    cursor.next()
    return { id: Number(token.text.replaceAll('_', '')) }
  }
  return { name: cursor.name() }
}

function parseArgs(cursor: Cursor): DidType[] {
  return cursor.list('(', ',', ')', () => {
    // An argument may carry a name, which means nothing.
    if (cursor.is(':', 1)) {
      cursor.name()
      cursor.expect(':')
    }
    return parseType(cursor)
  })
}

function parseFunction(cursor: Cursor): FunctionType {
  const args = parseArgs(cursor)
  cursor.expect('->')
  const results = parseArgs(cursor)
  const modes: string[] = []
  while (cursor.is('query') || cursor.is('composite_query') || cursor.is('oneway')) modes.push(cursor.name())
  return { args, results, modes }
}

function parseService(cursor: Cursor): DidType {
  const methods = new Map<string, MethodType>()
  const entries = cursor.list('{', ';', '}', () => {
    const name = cursor.name()
    cursor.expect(':')
    const type: MethodType = cursor.is('(') ? { kind: 'func', func: parseFunction(cursor) } : { kind: 'named', name: cursor.name() }
    return [name, type] as const
  })
  for (const [name, type] of entries) methods.set(name, type)
  return { kind: 'service', methods }
}
