/** Finding what answers a path of the server. */
import type { WholeAnswer } from '@tidemark/listen'
import type { ApiRequest } from './apiRequest.ts'
import { PlainError } from './wire/apiError.ts'

export interface ServerRoute {
  readonly method: string
  /** Parts that start with a colon stand for any. */
  readonly path: string
  /** @param params - the parts that stood for any, decoded */
  readonly run: (request: ApiRequest, ...params: string[]) => WholeAnswer | Promise<WholeAnswer>
}

/** What there is at a path: the route, or the methods of those that are there in its place. */
export type FoundRoute = { readonly route: ServerRoute; readonly params: string[] } | { readonly allowed: readonly string[] }

/** @returns undefined when no route has the path. @throws PlainError 400 for a path that cannot be decoded */
export function findRoute(routes: readonly ServerRoute[], method: string, parts: readonly string[]): FoundRoute | undefined {
  const there = routes.flatMap((route) => {
    const params = paramsOf(route.path.split('/').slice(1), parts)
    return params === undefined ? [] : [{ route, params }]
  })
  const [first] = there
  if (first === undefined) return undefined
  const found = there.find(({ route }) => route.method === method)
  return found === undefined ? { allowed: there.map(({ route }) => route.method) } : { ...found, params: found.params.map(decoded) }
}

function paramsOf(pattern: readonly string[], parts: readonly string[]): string[] | undefined {
  if (pattern.length !== parts.length) return undefined
  const isSame = pattern.every((part, at) => part.startsWith(':') || part === parts[at])
  return isSame ? parts.filter((_, at) => pattern[at]?.startsWith(':')) : undefined
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new PlainError(400, `Invalid URL: Invalid UTF-8 in \`${part.slice(0, 40)}\``)
  }
}
