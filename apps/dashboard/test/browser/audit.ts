/** What an audit found wanting, one line each. */
export type Findings = readonly string[]

/**
 * Runs inside the page: looks through every shadow root for text that is too faint, ids used twice, and elements that
 * a keyboard reaches without anything to call them by. Contrast is that of WCAG 2, 4.5 for all text.
 */
export const auditPage = (): Findings => {
  const findings: string[] = []
  type Colour = readonly [number, number, number, number]

  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const parsed = new Map<string, Colour>()
  const parse = (text: string): Colour => {
    const known = parsed.get(text)
    if (known !== undefined) return known
    if (canvas === null) throw new Error('This browser draws on no canvas')
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = text
    canvas.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data
    const colour: Colour = [red, green, blue, alpha / 255]
    parsed.set(text, colour)
    return colour
  }

  const luminance = ([red, green, blue]: Colour): number => {
    const [r = 0, g = 0, b = 0] = [red, green, blue].map((part) => {
      const share = part / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }

  const contrast = (one: Colour, other: Colour): number => {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  }

  const parentOf = (element: Element): Element | null => {
    if (element.assignedSlot !== null) return element.assignedSlot
    if (element.parentElement !== null) return element.parentElement
    const root = element.getRootNode()
    return root instanceof ShadowRoot ? root.host : null
  }

  const groundOf = (element: Element): Colour => {
    for (let at: Element | null = element; at !== null; at = parentOf(at)) {
      const colour = parse(getComputedStyle(at).backgroundColor)
      if (colour[3] > 0.99) return colour
    }
    return parse(getComputedStyle(document.body).backgroundColor)
  }

  const name = (element: Element): string =>
    `${element.tagName.toLowerCase()}${element.className === '' ? '' : `.${element.getAttribute('class') ?? ''}`}`

  const checkText = (element: Element): void => {
    const text = Array.from(element.childNodes, (node) => (node.nodeType === Node.TEXT_NODE ? (node.textContent ?? '').trim() : '')).join(
      '',
    )
    if (text === '' || !element.checkVisibility()) return
    if (element.closest(':disabled, .spoken, [disabled], option, style') !== null) return
    const style = getComputedStyle(element)
    const colour = parse(element instanceof SVGElement ? style.fill : style.color)
    const ratio = contrast(colour, groundOf(element))
    if (ratio < 4.5) findings.push(`contrast ${ratio.toFixed(2)}: ${name(element)} "${text.slice(0, 40)}"`)
  }

  const nameOf = (element: Element): string => {
    const labels =
      element instanceof HTMLInputElement || element instanceof HTMLSelectElement
        ? Array.from(element.labels ?? [], (label) => label.textContent ?? '')
        : []
    return [element.getAttribute('aria-label') ?? '', element.textContent ?? '', ...labels].join('').trim()
  }

  const visit = (root: Document | ShadowRoot): void => {
    const ids = new Set<string>()
    for (const element of root.querySelectorAll('*')) {
      if (element.id !== '' && ids.has(element.id)) findings.push(`id used twice: ${element.id}`)
      ids.add(element.id)
      checkText(element)
      if (element.matches('button, input, select, a[href]') && nameOf(element) === '') findings.push(`no name: ${name(element)}`)
      if (element.shadowRoot !== null) visit(element.shadowRoot)
    }
  }
  visit(document)
  return findings
}
