/**
 * Paths of the HTTP interface.
 *
 * @see Interface specification, "HTTPS interface".
 */
import { Principal, PrincipalError, type RangesForm } from '@tidemark/types'
import { HttpError } from './httpError.ts'

/** Versions differ only in where a delegation shows canister ranges, and in how calls wait. */
export interface ApiRoute {
  readonly version: 2 | 3 | 4
  /** What the id in the path names. */
  readonly scope: 'canister' | 'subnet'
  readonly id: Principal
  readonly endpoint: 'call' | 'query' | 'read_state'
}

const versions: Record<string, readonly number[]> = {
  'canister/call': [2, 3, 4],
  'canister/query': [2, 3],
  'canister/read_state': [2, 3],
  'subnet/call': [4],
  'subnet/query': [3],
  'subnet/read_state': [2, 3],
}

/** How certificates of a route's answers show canister ids. */
export function rangesOf({ endpoint, version, scope }: ApiRoute): RangesForm {
  if (version === 2 || (endpoint === 'call' && version === 3)) return 'list'
  return scope === 'canister' ? 'parts' : 'none'
}

/** The route of a path. @throws HttpError 404 for an unknown path, 400 for an id that is none */
export function parseApiRoute(pathname: string): ApiRoute {
  const match = /^\/api\/v([234])\/(canister|subnet)\/([^/]+)\/(call|query|read_state)$/.exec(pathname)
  const [, digit, scope, text, endpoint] = match ?? []
  if (!versions[`${scope}/${endpoint}`]?.includes(Number(digit))) throw new HttpError(404, 'Endpoint not found.')
  return {
    version: Number(digit) as ApiRoute['version'],
    scope: scope as ApiRoute['scope'],
    id: parseId(text ?? ''),
    endpoint: endpoint as ApiRoute['endpoint'],
  }
}

function parseId(text: string): Principal {
  try {
    return Principal.fromText(decodeURIComponent(text))
  } catch (error) {
    if (error instanceof PrincipalError || error instanceof URIError)
      throw new HttpError(400, `Invalid principal in the path: ${error.message}`)
    throw error
  }
}
