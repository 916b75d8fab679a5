/**
 * Words of Candid text: one lexer for values (`(record { a = 1 })`) and for interfaces (`service : { … }`).
 *
 * @see Candid specification, "Core grammar" and "Text format".
 */

/** A text that is no Candid; `offset` counts UTF-16 units from its start. */
export class CandidError extends Error {
  override readonly name = 'CandidError'
  readonly offset: number | undefined

  constructor(message: string, offset?: number) {
    super(message)
    this.offset = offset
  }
}

export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly offset: number }
  | { readonly kind: 'number'; readonly text: string; readonly offset: number }
  | { readonly kind: 'string'; readonly bytes: Uint8Array; readonly offset: number }
  | { readonly kind: 'mark'; readonly text: string; readonly offset: number }
  | { readonly kind: 'end'; readonly offset: number }

const space = /(?:\s+|\/\/[^\n]*)/y
const word = /[A-Za-z_][A-Za-z0-9_]*/y
const number = /[+-]?(?:0[xX][0-9A-Fa-f_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]+)?)/y
const mark = /->|[(){};,=:.]/y
const encoder = new TextEncoder()

/** Splits Candid text into its words. @throws CandidError on a character that starts none, or an open string or comment */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const skipped = skip(text, at)
    if (skipped > at) {
      at = skipped
      continue
    }
    if (text[at] === '"') {
      const string = readString(text, at)
      tokens.push({ kind: 'string', bytes: string.bytes, offset: at })
      at = string.end
      continue
    }
    const found = match(word, text, at) ?? match(number, text, at) ?? match(mark, text, at)
    if (found === undefined) throw new CandidError(`unexpected character ${JSON.stringify(text[at])}`, at)
    const kind = /^[A-Za-z_]/.test(found) ? 'word' : /^[+-]?[0-9]/.test(found) ? 'number' : 'mark'
    tokens.push({ kind, text: found, offset: at })
    at += found.length
  }
  tokens.push({ kind: 'end', offset: text.length })
  return tokens
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

/** End of the white space or comment that starts here; `at` itself when there is none. Block comments nest. */
function skip(text: string, at: number): number {
  const blank = match(space, text, at)
  if (blank !== undefined) return at + blank.length
  if (!text.startsWith('/*', at)) return at
  let depth = 0
  for (let i = at; i < text.length - 1; i++) {
    if (text.startsWith('/*', i)) depth++
    else if (text.startsWith('*/', i) && --depth === 0) return i + 2
    else continue
    i++
  }
  throw new CandidError('comment without an end', at)
}

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '\\': 92, '"': 34, "'": 39 }

/** A string is bytes: `\u{…}` and plain characters add UTF-8, `\ff` adds one byte. */
function readString(text: string, start: number): { bytes: Uint8Array; end: number } {
  const bytes: number[] = []
  let at = start + 1
  while (text[at] !== '"') {
    const point = text.codePointAt(at)
    if (point === undefined) throw new CandidError('string without a closing quote', start)
    if (text[at] !== '\\') {
      const letter = String.fromCodePoint(point)
      bytes.push(...encoder.encode(letter))
      at += letter.length
      continue
    }
    const unicode = match(/\\u\{[0-9A-Fa-f_]+\}/y, text, at)
    const byte = match(/\\[0-9A-Fa-f]{2}/y, text, at)
    const short = escapes[text[at + 1] ?? '']
    if (unicode !== undefined) {
      const code = Number.parseInt(unicode.slice(3, -1).replaceAll('_', ''), 16)
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new CandidError(`${unicode} is no Unicode scalar value`, at)
      bytes.push(...encoder.encode(String.fromCodePoint(code)))
      at += unicode.length
    } else if (byte !== undefined) {
      bytes.push(Number.parseInt(byte.slice(1), 16))
      at += 3
    } else if (short !== undefined) {
      bytes.push(short)
      at += 2
    } else throw new CandidError(`unknown escape \\${text[at + 1] ?? ''}`, at)
  }
  return { bytes: Uint8Array.from(bytes), end: at + 1 }
}
