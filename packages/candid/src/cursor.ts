/** Reads a list of Candid words from left to right. */
import { CandidError, type Token, tokenize } from './tokens.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export class Cursor {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(text: string) {
    this.#tokens = tokenize(text)
  }

  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]
    if (token === undefined) throw new CandidError('empty text', 0)
    return token
  }

  next(): Token {
    const token = this.peek()
    this.#at++
    return token
  }

  /** Whether the next word is this keyword or mark. */
  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return (token.kind === 'word' || token.kind === 'mark') && token.text === text
  }

  /** Takes the next word if it is this one. */
  take(text: string): boolean {
    if (!this.is(text)) return false
    this.#at++
    return true
  }

  /** @throws CandidError when the next word is another */
  expect(text: string): void {
    if (!this.take(text)) this.fail(`"${text}"`)
  }

  /** A name: a bare word or a string. */
  name(): string {
    const token = this.next()
    if (token.kind === 'word') return token.text
    if (token.kind === 'string') return textOf(token.bytes, token.offset)
    return this.fail('a name', token)
  }

  /** Items between two marks, separated by a third; a separator may stand after the last. */
  list<T>(open: string, separator: string, close: string, item: () => T): T[] {
    const items: T[] = []
    this.expect(open)
    while (!this.take(close)) {
      items.push(item())
      if (!this.take(separator) && !this.is(close)) this.fail(`"${separator}" or "${close}"`)
    }
    return items
  }

  /** @throws CandidError always: the text has something else at this place */
  fail(wanted: string, token: Token = this.peek()): never {
    throw new CandidError(`expected ${wanted}, found ${describe(token)}`, token.offset)
  }
}

/** A string's bytes as text. @throws CandidError when they are not UTF-8 */
export function textOf(bytes: Uint8Array, offset?: number): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new CandidError('this string is not valid UTF-8 and cannot be a text or a name', offset)
  }
}

function describe(token: Token): string {
  if (token.kind === 'end') return 'the end of the text'
  if (token.kind === 'string') return 'a string'
  return `"${token.text}"`
}
