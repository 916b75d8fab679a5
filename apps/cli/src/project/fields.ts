/** Reads fields of a parsed JSON file; a wrong type names the file and the path inside it. */
import { CliError } from '../output/cliError.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export class Fields {
  readonly #file: string
  readonly #path: string
  readonly #values: JsonObject

  constructor(file: string, path: string, value: unknown) {
    this.#file = file
    this.#path = path
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.#wrong('', 'an object')
    this.#values = value as JsonObject
  }

  names(): string[] {
    return Object.keys(this.#values)
  }

  /** The raw value; null counts as absent. */
  raw(name: string): unknown {
    return this.#values[name] ?? undefined
  }

  isNull(name: string): boolean {
    return this.#values[name] === null
  }

  text(name: string): string | undefined {
    const value = this.raw(name)
    if (value === undefined || typeof value === 'string') return value
    throw this.#wrong(name, 'a text')
  }

  flag(name: string): boolean | undefined {
    const value = this.raw(name)
    if (value === undefined || typeof value === 'boolean') return value
    throw this.#wrong(name, 'true or false')
  }

  /** A list of texts; a single text counts as a list of one. */
  texts(name: string): string[] {
    const value = this.raw(name)
    if (value === undefined) return []
    const list = Array.isArray(value) ? value : [value]
    if (!list.every((item) => typeof item === 'string')) throw this.#wrong(name, 'a list of texts')
    return list
  }

  object(name: string): Fields | undefined {
    const value = this.raw(name)
    return value === undefined ? undefined : new Fields(this.#file, this.#pathOf(name), value)
  }

  objects(name: string): Fields[] {
    const value = this.raw(name)
    if (value === undefined) return []
    if (!Array.isArray(value)) throw this.#wrong(name, 'a list')
    return value.map((item, index) => new Fields(this.#file, `${this.#pathOf(name)}[${index}]`, item))
  }

  /** Reads a field with a parser whose complaint becomes part of the message. */
  parsed<T>(name: string, parse: (value: unknown) => T): T | undefined {
    const value = this.raw(name)
    if (value === undefined) return undefined
    try {
      return parse(value)
    } catch (error) {
      throw this.#wrong(name, error instanceof Error ? error.message : String(error))
    }
  }

  #pathOf(name: string): string {
    return [this.#path, name].filter((part) => part !== '').join('.')
  }

  #wrong(name: string, wanted: string): CliError {
    return new CliError({ what: `${this.#file}: ${this.#pathOf(name) || 'the file'} must be ${wanted}.` })
  }
}
