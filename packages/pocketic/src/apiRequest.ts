/** A request to the server without objects of the Fetch API: they cost a fresh process more than all that it does first. */
import type { WholeAnswer, WholeRequest } from '@tidemark/listen'

export interface ApiRequest {
  readonly method: string
  readonly pathname: string
  /** The value of a header. @param name - in lower case */
  readonly header: (name: string) => string | undefined
  readonly parts: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

export function requestOf(request: Request): ApiRequest {
  const { method, body, headers } = request
  const header = (name: string): string | undefined => headers.get(name) ?? undefined
  return { method, pathname: new URL(request.url).pathname, header, parts: () => body ?? [] }
}

export function requestOfWhole({ method, path, header, body }: WholeRequest): ApiRequest {
  return { method, pathname: path.replace(/[?#].*$/s, ''), header, parts: () => [body] }
}

export function responseOf({ status, headers, body }: WholeAnswer): Response {
  return new Response(typeof body === 'string' || body === null ? body : Uint8Array.from(body), { status, headers })
}
