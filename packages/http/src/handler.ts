/** The whole HTTP surface of a network as one function from request to response. */
import type { ReplicaPort } from '@tidemark/types'
import { answerApi, plainText } from './api.ts'
import type { EndpointContext } from './context.ts'
import { allowCrossOrigin } from './cors.ts'
import { createGateway, type GatewayOptions } from './gateway/gateway.ts'
import { defaultLimits, type HttpLimits } from './limits.ts'
import type { RoundDriver } from './roundDriver.ts'

export interface HttpHandlerOptions {
  readonly replica: ReplicaPort
  readonly driver: RoundDriver
  /** How other requests than those to `/api` reach canisters. */
  readonly gateway?: GatewayOptions
  readonly limits?: Partial<HttpLimits>
  /** Hears of failures of our own that were answered with status 500. */
  readonly onError?: (error: unknown) => void
}

/** Answers a request. The URL's host must be the one that the client asked for (its Host header). */
export type HttpHandler = (request: Request) => Promise<Response>

/** Serves `/api` on every host, and canisters over HTTP on all other paths. */
export function createHttpHandler(options: HttpHandlerOptions): HttpHandler {
  const { replica, driver, onError } = options
  const context: EndpointContext = { replica, driver, limits: { ...defaultLimits, ...options.limits }, tracked: new Set() }
  const gateway = createGateway(context, options.gateway ?? {})
  return async (request) => {
    try {
      const { pathname } = new URL(request.url)
      const answer = pathname.startsWith('/api/') ? answerApi(request, pathname, context) : gateway(request)
      return allowCrossOrigin(await answer)
    } catch (error) {
      onError?.(error)
      return allowCrossOrigin(plainText(500, `Internal error: ${error instanceof Error ? error.message : String(error)}`))
    }
  }
}
