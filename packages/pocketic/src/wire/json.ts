/**
 * JSON whose whole numbers keep all their digits: nanoseconds and cycles are bare numbers beyond 2^53 in this protocol.
 */

/** What a program can send: `bigint` becomes a bare number. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined }

/** The parts of the language that its declarations do not have yet. */
interface SourceTextJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown
  rawJSON(text: string): unknown
}

const json = JSON as unknown as SourceTextJson

/** Reads JSON; whole numbers that a double cannot hold become `bigint`. @throws SyntaxError */
export function parseJson(text: string): unknown {
  return json.parse(text, (_key, value, { source }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined) return value
    return /^-?\d+$/.test(source) ? BigInt(source) : value
  })
}

/** Writes JSON; members that are `undefined` are left out. @param indent - spaces to each level; on one line without */
export function printJson(value: JsonValue, indent = 0): string {
  return JSON.stringify(value, (_key, member: unknown) => (isRaw(member) ? json.rawJSON(rawText(member)) : member), indent)
}

/** Numbers that would lose something: digits of a `bigint`, the sign of a zero. */
function isRaw(member: unknown): member is bigint | number {
  return typeof member === 'bigint' || Object.is(member, -0)
}

function rawText(number: bigint | number): string {
  return typeof number === 'bigint' ? String(number) : '-0.0'
}
