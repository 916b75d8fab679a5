/** The little language of certificate expressions: texts, arrays, named objects and function calls. */
import { VerificationError } from './verificationError.ts'

export type Term =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'array'; readonly items: readonly Term[] }
  | { readonly kind: 'object'; readonly name: string; readonly fields: ReadonlyMap<string, Term> }
  | { readonly kind: 'function'; readonly name: string; readonly items: readonly Term[] }

/** The protocol's own expressions are six deep; more is only there to exhaust the stack. */
const depthMax = 32

/** Reads the first term of a text; what follows it does not count. @throws VerificationError at the first wrong character */
export function parseTerm(text: string): Term {
  return new Reader(text).term(0)
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  term(depth: number): Term {
    if (depth > depthMax) throw this.#wrong()
    this.#take(/\s*/y)
    if (this.#opens('[')) return { kind: 'array', items: this.#list(']', () => this.term(depth + 1)) }
    if (this.#opens('"')) return this.#string()
    const name = this.#take(/\w*/y)
    if (this.#opens('{')) return { kind: 'object', name, fields: new Map(this.#list('}', () => this.#field(depth))) }
    if (this.#opens('(')) return { kind: 'function', name, items: this.#list(')', () => this.term(depth + 1)) }
    throw this.#wrong()
  }

  #field(depth: number): [string, Term] {
    this.#take(/\s*/y)
    const name = this.#take(/\w*/y)
    if (!this.#opens(':')) throw this.#wrong()
    return [name, this.term(depth + 1)]
  }

  #string(): Term {
    const value = this.#take(/(?:[A-Za-z0-9-]|\\["n\\])*/y)
    if (!this.#opens('"')) throw this.#wrong()
    return { kind: 'text', value }
  }

  #list<Item>(end: string, item: () => Item): Item[] {
    const items: Item[] = []
    if (this.#opens(end)) return items
    for (;;) {
      items.push(item())
      if (this.#opens(end)) return items
      if (!this.#opens(',')) throw this.#wrong()
    }
  }

  /** Goes over white space and the character, if it comes next. */
  #opens(character: string): boolean {
    const start = this.#at
    this.#take(/\s*/y)
    if (this.#text[this.#at] === character) {
      this.#at++
      return true
    }
    this.#at = start
    return false
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const taken = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += taken.length
    return taken
  }

  #wrong(): VerificationError {
    return new VerificationError(`Cel parser error: unexpected text at character ${this.#at} of the certificate expression`)
  }
}
