/** Names of Rust functions as people write them; names of other languages stay as they are. */

const escapes: Readonly<Record<string, string>> = {
  SP: '@',
  BP: '*',
  RF: '&',
  LT: '<',
  GT: '>',
  LP: '(',
  RP: ')',
  C: ',',
}
const hash = /^h[0-9a-f]{16}$/

/** The path of a name in Rust's older mangling, without the hash at its end. */
export function demangle(name: string): string {
  if (!name.startsWith('_ZN') || !name.endsWith('E')) return name
  const parts = partsOf(name.slice('_ZN'.length, -1))
  if (parts === undefined || parts.length < 2 || !hash.test(parts.at(-1) ?? '')) return name
  return parts.slice(0, -1).map(unescapePart).join('::')
}

/** Parts of a path, each with its length in front; undefined when the lengths do not fit. */
function partsOf(text: string): string[] | undefined {
  const parts: string[] = []
  for (let at = 0; at < text.length;) {
    const digits = /^\d+/.exec(text.slice(at))?.[0]
    if (digits === undefined) return undefined
    const start = at + digits.length
    at = start + Number(digits)
    if (at > text.length) return undefined
    parts.push(text.slice(start, at))
  }
  return parts
}

function unescapePart(part: string): string {
  const text = part.startsWith('_$') ? part.slice(1) : part
  return text
    .replaceAll(/\$([A-Z]+|u[0-9a-f]+)\$/g, (whole, code: string) =>
      code.startsWith('u') ? String.fromCodePoint(parseInt(code.slice(1), 16)) : (escapes[code] ?? whole),
    )
    .replaceAll('..', '::')
}
