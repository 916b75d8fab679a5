/** Lays text out within a line width: a group stands on one line if it fits, else each of its breaks becomes a new line. */

export type Layout =
  | { readonly kind: 'text'; readonly text: string }
  /** A possible line break; `flat` is what it is on one line. */
  | { readonly kind: 'break'; readonly flat: string }
  /** A text that is there only when the group is broken. */
  | { readonly kind: 'ifBroken'; readonly text: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Layout[] }
  | { readonly kind: 'nest'; readonly content: Layout }
  | { readonly kind: 'group'; readonly content: Layout }

export function text(value: string): Layout {
  return { kind: 'text', text: value }
}

export function sequence(...parts: readonly Layout[]): Layout {
  return { kind: 'sequence', parts }
}

/** Items between brackets; broken, each has its own line and the last keeps a separator. */
export function enclosed(open: string, items: readonly Layout[], separator: string, close: string, padding: '' | ' '): Layout {
  if (items.length === 0) return text(open + close)
  const lines = items.flatMap((item, index) => (index === 0 ? [item] : [text(separator), { kind: 'break', flat: ' ' } as const, item]))
  const edge: Layout = { kind: 'break', flat: padding }
  const content = sequence(
    text(open),
    { kind: 'nest', content: sequence(edge, ...lines, { kind: 'ifBroken', text: separator }) },
    edge,
    text(close),
  )
  return { kind: 'group', content }
}

interface Work {
  readonly indent: number
  readonly flat: boolean
  readonly layout: Layout
}

/** Renders within `width` columns where that is possible; two columns of indent per nesting. */
export function render(layout: Layout, width: number): string {
  let output = ''
  let column = 0
  const stack: Work[] = [{ indent: 0, flat: false, layout }]
  for (let work = stack.pop(); work !== undefined; work = stack.pop()) {
    const { indent, flat, layout: piece } = work
    switch (piece.kind) {
      case 'text':
        output += piece.text
        column += piece.text.length
        break
      case 'ifBroken':
        if (flat) break
        output += piece.text
        column += piece.text.length
        break
      case 'break':
        output += flat ? piece.flat : `\n${' '.repeat(indent)}`
        column = flat ? column + piece.flat.length : indent
        break
      case 'sequence':
        for (const part of piece.parts.toReversed()) stack.push({ indent, flat, layout: part })
        break
      case 'nest':
        stack.push({ indent: indent + 2, flat, layout: piece.content })
        break
      case 'group':
        stack.push({ indent, flat: flat || fits(piece.content, width - column, stack), layout: piece.content })
        break
    }
  }
  return output
}

/** Whether a group fits on one line together with what follows it up to the next line break. */
function fits(content: Layout, room: number, following: readonly Work[]): boolean {
  let left = room
  let next = following.length
  const stack: { flat: boolean; layout: Layout }[] = [{ flat: true, layout: content }]
  while (left >= 0) {
    const work = stack.pop() ?? following[--next]
    if (work === undefined) return true
    const { flat, layout } = work
    if (layout.kind === 'text') left -= layout.text.length
    else if (layout.kind === 'ifBroken') left -= flat ? 0 : layout.text.length
    else if (layout.kind === 'sequence') for (const part of layout.parts.toReversed()) stack.push({ flat, layout: part })
    else if (layout.kind === 'nest' || layout.kind === 'group') stack.push({ flat, layout: layout.content })
    else if (flat) left -= layout.flat.length
    else return true
  }
  return false
}
