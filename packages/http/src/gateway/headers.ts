/** Headers on their way from the client to the canister and back. */
import { GatewayError } from './errors.ts'
import type { CanisterRequest, HeaderFields } from './httpTypes.ts'

/** Headers that belong to one connection, or that whoever sends the answer computes. */
const perConnection = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** The request as canisters see it: path and query as they came, header names in lower case. */
export function canisterRequestOf(request: Request, url: URL, body: Uint8Array): CanisterRequest {
  const headers = new Map(request.headers)
  headers.delete('x-request-id')
  headers.set('host', url.host)
  const encodings = headers
    .get('accept-encoding')
    ?.split(',')
    .map((encoding) => encoding.trim())
  if (encodings !== undefined) {
    const hasIdentity = encodings.some((encoding) => encoding.toLowerCase() === 'identity')
    headers.set('accept-encoding', [...encodings, ...(hasIdentity ? [] : ['identity'])].join(', '))
  }
  return { method: request.method, url: `${url.pathname}${url.search}`, headers: [...headers], body }
}

/** Value of the first header of a name, given in lower case. */
export function headerIn(headers: HeaderFields, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1]
}

/** The canister's headers without those of a connection. @throws GatewayError when one of them is no header */
export function responseHeaders(fields: HeaderFields): Headers {
  const headers = new Headers()
  for (const [name, value] of fields) {
    if (perConnection.has(name.toLowerCase())) continue
    try {
      headers.append(name, value)
    } catch {
      throw new GatewayError('backend_http_gateway', 'The canister sent a malformed header.', JSON.stringify(name.slice(0, 80)))
    }
  }
  return headers
}
