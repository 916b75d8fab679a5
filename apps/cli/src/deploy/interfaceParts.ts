/** A canister's interface taken apart, as tools want it: the service alone, and the types of its init arguments. */

export interface InterfaceParts {
  /** The interface without init arguments. */
  readonly service: string
  /** `(opt nat, text)`; `()` when there are none. */
  readonly initArguments: string
}

/** Keeps text and comments as they are. An interface without a service, or one that cannot be read, is its own service. */
export function interfaceParts(did: string): InterfaceParts {
  const tokens = [...did.matchAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\])*"|->|[A-Za-z_][A-Za-z0-9_]*|[^\s]/g)].filter(
    ([token]) => !token.startsWith('//') && !token.startsWith('/*'),
  )
  const at = serviceAt(tokens.map(([token]) => token))
  const open = at === undefined ? undefined : tokens[at]
  if (at === undefined || open?.[0] !== '(') return { service: did, initArguments: '()' }
  const close = closingAt(
    tokens.map(([token]) => token),
    at,
  )
  const [last, arrow, body] = [tokens[close], tokens[close + 1], tokens[close + 2]]
  if (last === undefined || arrow?.[0] !== '->' || body === undefined) return { service: did, initArguments: '()' }
  return { service: did.slice(0, open.index) + did.slice(body.index), initArguments: did.slice(open.index, last.index + 1) }
}

/** Where the type of the main service begins: behind `service`, its name if it has one, and a colon. */
function serviceAt(tokens: readonly string[]): number | undefined {
  let depth = 0
  for (const [at, token] of tokens.entries()) {
    if (token === '{' || token === '(') depth++
    if (token === '}' || token === ')') depth--
    // `type service = …` and `x : service {…}` are types, not the main service.
    const begins = depth === 0 && token === 'service' && (at === 0 || tokens[at - 1] === ';')
    if (!begins) continue
    const colon = tokens[at + 1] === ':' ? at + 1 : at + 2
    return tokens[colon] === ':' ? colon + 1 : undefined
  }
  return undefined
}

function closingAt(tokens: readonly string[], open: number): number {
  let depth = 0
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at] === '(') depth++
    if (tokens[at] === ')' && --depth === 0) return at
  }
  return -1
}
