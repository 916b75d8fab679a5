/** Reads the JSON5 that asset rules are written in: comments, trailing commas, single quotes, bare keys. */

const token =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|[A-Za-z_$][\w$]*|[+-]?(?:\d[\d.eE+-]*|\.\d+)|[{}[\],:]/y

/** @throws SyntaxError when the text is no JSON5 */
export function parseJson5(text: string): unknown {
  const words: string[] = []
  for (let at = 0; at < text.length;) {
    token.lastIndex = at
    const word = token.exec(text)?.[0]
    if (word === undefined) throw new SyntaxError(`unexpected ${JSON.stringify(text[at])} at character ${at}`)
    at += word.length
    if (!/^\s|^\/[/*]/.test(word)) words.push(word)
  }
  return JSON.parse(words.map((word, index) => asJson(word, words[index + 1])).join(''))
}

function asJson(word: string, next: string | undefined): string {
  if (word === ',' && (next === '}' || next === ']')) return ''
  if (word.startsWith("'")) return JSON.stringify(word.slice(1, -1).replace(/\\(.)/g, '$1'))
  if (/^[A-Za-z_$]/.test(word) && next === ':') return JSON.stringify(word)
  return /^\+|^-?\./.test(word) ? String(Number(word)) : word
}
