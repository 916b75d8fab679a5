/** File patterns of asset rules: `*` and `?` stand for any characters, slashes too; `[ab]` and `{a,b}` for one of several. */

const special = /\*\*\/|\*+|\?|\[[!^]?[^\]]+\]|[{},]|[.+^$()|[\]\\/]/g

/** Whether a path, relative to the folder of the rule, is meant by its pattern. */
export function matchesPattern(path: string, pattern: string): boolean {
  return new RegExp(`^${sourceOf(pattern.replace(/^\.?\//, ''))}$`, 's').test(path)
}

function sourceOf(pattern: string): string {
  // A brace that is never closed is a brace.
  const closes = pattern.lastIndexOf('}')
  let depth = 0
  return pattern.replace(special, (part, at: number) => {
    if (part === '**/') return '(?:.*/)?'
    if (part.startsWith('*')) return '.*'
    if (part === '?') return '.'
    if (part === '{' && at < closes) return depth++ >= 0 ? '(?:' : part
    if (part === '}') return depth-- > 0 ? ')' : '\\}'
    if (part === ',') return depth > 0 ? '|' : ','
    if (part.length > 1) return `[${part.slice(1, -1).replace(/^!/, '^').replaceAll('\\', '\\\\')}]`
    return `\\${part}`
  })
}
