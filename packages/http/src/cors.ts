/** Cross-origin rules: pages of any origin may use the network; it keeps no session that they could abuse. */

const exposed = 'accept-ranges, content-length, content-range, x-request-id, x-ic-canister-id'
const vary = 'origin, access-control-request-method, access-control-request-headers'
const allowed =
  'user-agent, dnt, if-none-match, if-modified-since, cache-control, content-type, accept, range, cookie, x-requested-with, x-ic-canister-id'

/** What lets pages of other origins read an answer. */
export const commonHeaders = { 'access-control-allow-origin': '*', vary, 'access-control-expose-headers': exposed } as const

/** The answer to a preflight request for something that takes the given methods. */
export function preflightHeaders(methods: string): Record<string, string> {
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': methods,
    'access-control-allow-headers': allowed,
    'access-control-max-age': '7200',
  }
}

/** Whether an answer to OPTIONS tells a browser what it may do: a success without a body, with at least one word about it. */
export function isPreflightAnswer(response: Response): boolean {
  const tells = ['headers', 'methods', 'origin', 'credentials'].some((what) => response.headers.has(`access-control-allow-${what}`))
  if (!response.ok || !(tells || response.headers.has('access-control-max-age'))) return false
  return response.body === null || response.headers.get('content-length') === '0'
}

/** Adds to a response what lets pages of other origins read it; what it says itself about that stays. */
export function allowCrossOrigin(response: Response): Response {
  for (const [name, value] of Object.entries(commonHeaders)) if (!response.headers.has(name)) response.headers.set(name, value)
  return response
}
