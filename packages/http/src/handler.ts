/** The whole HTTP surface of a network as one function from request to response. */
import type { ReplicaPort } from '@tidemark/types'
import { answerApi } from './api.ts'
import { type ApiAnswer, type ApiRequest, responseOf, textAnswer } from './apiMessages.ts'
import { readBody } from './body.ts'
import type { EndpointContext } from './context.ts'
import { allowCrossOrigin } from './cors.ts'
import { createGateway, type GatewayOptions, type Peer } from './gateway/gateway.ts'
import { defaultLimits, type HttpLimits } from './limits.ts'
import type { RoundDriver } from './roundDriver.ts'

export interface HttpHandlerOptions {
  readonly replica: ReplicaPort
  readonly driver: RoundDriver
  /** How other requests than those to `/api` reach canisters. */
  readonly gateway?: GatewayOptions
  readonly limits?: Partial<HttpLimits>
  /** Whether anybody may speak for anyone, at any time: requests need no signature. Default false. */
  readonly trustsSenders?: boolean
  /** Hears of every update call that was taken in, which will change the state. */
  readonly onCall?: () => void
  /** Hears of failures of our own that were answered with status 500. */
  readonly onError?: (error: unknown) => void
}

/** A request that has come whole. */
export interface WholeRequest {
  readonly method: string
  /** Path and query as they stand in the request. */
  readonly path: string
  readonly contentType: string | undefined
  readonly body: Uint8Array
}

/** Answers a request. The URL's host must be the one that the client asked for (its Host header). */
export interface HttpHandler {
  /** @param peer - as far as whoever listens knows */
  (request: Request, peer?: Peer): Promise<Response>
  /** Answers a request to `/api` without objects of the Fetch API; `undefined` for any other request, which the function answers. */
  readonly whole: (request: WholeRequest) => Promise<ApiAnswer> | undefined
}

/** Paths of the interface that mean what they say, without any decoding. */
const plainPath = /^\/api\/v\d\/[a-z]+(?:\/[a-z0-9-]+\/[a-z_]+)?$/

/** Serves `/api` on every host, and canisters over HTTP on all other paths. */
export function createHttpHandler(options: HttpHandlerOptions): HttpHandler {
  const { replica, driver, trustsSenders = false, onCall, onError } = options
  const context: EndpointContext = {
    replica,
    driver,
    limits: { ...defaultLimits, ...options.limits },
    tracked: new Set(),
    trustsSenders,
    ...(onCall && { onCall }),
  }
  const gateway = createGateway(context, options.gateway ?? {})
  const internalError = (error: unknown): ApiAnswer => {
    onError?.(error)
    return textAnswer(500, `Internal error: ${error instanceof Error ? error.message : String(error)}`)
  }
  const api = (request: ApiRequest): Promise<ApiAnswer> => answerApi(request, context).catch(internalError)
  const answer = async (request: Request, peer?: Peer): Promise<Response> => {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/api/')) return responseOf(await api(apiRequestOf(request, pathname, context.limits)))
    return allowCrossOrigin(await gateway(request, peer).catch((error: unknown) => responseOf(internalError(error))))
  }
  const whole: HttpHandler['whole'] = ({ method, path, contentType, body }) => {
    if (!plainPath.test(path) || body.length > context.limits.bodyBytesMax) return undefined
    return api({ method, pathname: path, contentType, body: () => Promise.resolve(body) })
  }
  return Object.assign(answer, { whole })
}

function apiRequestOf(request: Request, pathname: string, { bodyBytesMax }: HttpLimits): ApiRequest {
  return {
    method: request.method,
    pathname,
    contentType: request.headers.get('content-type') ?? undefined,
    body: () => readBody(request, bodyBytesMax),
  }
}
