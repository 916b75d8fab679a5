/**
 * Reads Candid values: `(42, record { name = "x"; tags = vec { "a" } }, opt (7 : nat8))`.
 *
 * @see Candid specification, "Text format".
 */
import { Cursor, textOf } from './cursor.ts'
import { parseType } from './parseType.ts'
import type { Token } from './tokens.ts'
import type { CandidValue, Field, Label } from './value.ts'

/** Reads the arguments of a call. @throws CandidError where the text is no such list */
export function parseArguments(text: string): CandidValue[] {
  const cursor = new Cursor(text)
  const values = cursor.list('(', ',', ')', () => parseAnnotated(cursor))
  if (cursor.peek().kind !== 'end') cursor.fail('the end of the arguments')
  return values
}

function parseAnnotated(cursor: Cursor): CandidValue {
  const value = parseOne(cursor)
  return cursor.take(':') ? { kind: 'annotated', value, type: parseType(cursor) } : value
}

function parseOne(cursor: Cursor): CandidValue {
  const token = cursor.next()
  switch (token.kind) {
    case 'number':
      return { kind: 'number', digits: token.text.replaceAll('_', '').replace(/^\+/, '') }
    case 'string':
      return { kind: 'text', bytes: token.bytes }
    case 'word':
      return parseKeyword(cursor, token)
    case 'mark':
      if (token.text === '(') {
        const value = parseAnnotated(cursor)
        cursor.expect(')')
        return value
      }
      return cursor.fail('a value', token)
    case 'end':
      return cursor.fail('a value', token)
  }
}

function parseKeyword(cursor: Cursor, token: Token & { kind: 'word' }): CandidValue {
  const word = token.text
  switch (word) {
    case 'true':
    case 'false':
      return { kind: 'bool', value: word === 'true' }
    case 'null':
      return { kind: 'null' }
    case 'blob':
      return { kind: 'blob', bytes: stringBytes(cursor) }
    case 'principal':
    case 'service':
      return { kind: word, id: textOf(stringBytes(cursor), token.offset) }
    case 'func': {
      const id = textOf(stringBytes(cursor), token.offset)
      cursor.expect('.')
      return { kind: 'func', id, method: cursor.name() }
    }
    case 'opt':
      return { kind: 'opt', value: parseOne(cursor) }
    case 'vec':
      return { kind: 'vec', items: cursor.list('{', ';', '}', () => parseAnnotated(cursor)) }
    case 'record':
      return { kind: 'record', fields: parseRecord(cursor) }
    case 'variant': {
      cursor.expect('{')
      const label = parseLabel(cursor)
      const value: CandidValue = cursor.take('=') ? parseAnnotated(cursor) : { kind: 'null' }
      cursor.take(';')
      cursor.expect('}')
      return { kind: 'variant', field: { label, value } }
    }
    default:
      return cursor.fail(`a value (a text needs quotes)`, token)
  }
}

function parseRecord(cursor: Cursor): Field[] {
  let nextId = 0
  return cursor.list('{', ';', '}', () => {
    if (!cursor.is('=', 1)) return { label: { id: nextId++ }, value: parseAnnotated(cursor) }
    const label = parseLabel(cursor)
    if ('id' in label) nextId = label.id + 1
    cursor.expect('=')
    return { label, value: parseAnnotated(cursor) }
  })
}

function parseLabel(cursor: Cursor): Label {
  const token = cursor.peek()
  if (token.kind !== 'number') return { name: cursor.name() }
  cursor.next()
  return { id: Number(token.text.replaceAll('_', '')) }
}

function stringBytes(cursor: Cursor): Uint8Array {
  const token = cursor.next()
  return token.kind === 'string' ? token.bytes : cursor.fail('a string in quotes')
}
