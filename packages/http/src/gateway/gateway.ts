/**
 * HTTP gateway: ordinary HTTP requests become calls of a canister's `http_request`.
 *
 * @see HTTP gateway protocol specification.
 */
import { createRememberingCheck, type SignatureCheck } from '@tidemark/certification'
import type { Principal } from '@tidemark/types'
import { readBody } from '../body.ts'
import type { EndpointContext } from '../context.ts'
import { isPreflightAnswer, preflightHeaders } from '../cors.ts'
import { HttpError } from '../httpError.ts'
import { answerByCanister } from './answer.ts'
import { errorResponse, GatewayError } from './errors.ts'
import { canisterRequestOf } from './headers.ts'
import { type HostOptions, hostOf, resolveCanister } from './resolveCanister.ts'

export interface GatewayOptions extends HostOptions {
  /** Pages of the host program, asked before canisters; `undefined` leaves the request to them. `host` has no port. */
  readonly pages?: (request: Request, host: string, peer: Peer | undefined) => Promise<Response | undefined>
  /**
   * Whether answers to queries must be certified, as on the public network; true when left out. `raw` hosts and answers to
   * update calls need no proof.
   */
  readonly verifiesResponses?: boolean
  /** Canisters that answer browsers on this machine only; none when left out. A request without a peer comes from this process. */
  readonly isForThisMachine?: (canisterId: Principal) => boolean
}

/** Who sent a request. */
export interface Peer {
  /** Address at the other end of the connection. */
  readonly address: string | undefined
}

/** What the gateway knows beside the network. */
export interface Gateway extends EndpointContext {
  /** Checks the signatures of certificates; `undefined` when answers pass unverified. */
  readonly check: SignatureCheck | undefined
}

const bodyBytesMax = 4 * 1024 * 1024
/** A state is certified once and shown in many answers. */
const statesRemembered = 1_000
const preflightMethods = 'HEAD, GET, POST, PUT, DELETE, PATCH'

export function createGateway(context: EndpointContext, options: GatewayOptions): (request: Request, peer?: Peer) => Promise<Response> {
  const { pages, verifiesResponses = true } = options
  const gateway: Gateway = { ...context, check: verifiesResponses ? createRememberingCheck(statesRemembered) : undefined }
  return async (request, peer) => {
    const url = new URL(request.url)
    const page = await pages?.(request, hostOf(url), peer)
    if (page !== undefined) return page
    const response = await answerOrError(request, url, gateway, options, peer)
    if (request.method !== 'OPTIONS' || isPreflightAnswer(response)) return response
    return new Response(null, { status: 200, headers: preflightHeaders(preflightMethods) })
  }
}

async function answerOrError(
  request: Request,
  url: URL,
  gateway: Gateway,
  options: GatewayOptions,
  peer: Peer | undefined,
): Promise<Response> {
  try {
    const target = resolveCanister(url, request.headers.get('referer'), options)
    if (options.isForThisMachine?.(target.canisterId) === true) requireLoopback(peer)
    const response = await answerByCanister(canisterRequestOf(request, url, await readBody(request, bodyBytesMax)), target, gateway)
    response.headers.set('x-ic-canister-id', target.canisterId.toText())
    response.headers.set('x-request-id', crypto.randomUUID())
    return response
  } catch (error) {
    return errorResponse(gatewayErrorFrom(error), request.headers.get('user-agent'))
  }
}

function requireLoopback(peer: Peer | undefined): void {
  if (peer === undefined || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$/.test(peer.address ?? '')) return
  throw new GatewayError('forbidden', 'This canister answers only on the machine that the network runs on.')
}

function gatewayErrorFrom(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  if (error instanceof HttpError) return new GatewayError('client_body_too_large', 'The body of the request is too large.', error.message)
  throw error
}
