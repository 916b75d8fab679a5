/** The endpoints under `/api`: method, content type, body, then the endpoint's own work; failures as plain texts. */
import type { EndpointContext } from './context.ts'
import { readBody } from './body.ts'
import { preflightResponse } from './cors.ts'
import { answerCall } from './endpoints/call.ts'
import { answerQuery } from './endpoints/query.ts'
import { answerReadState } from './endpoints/readState.ts'
import { answerStatus } from './endpoints/status.ts'
import { HttpError } from './httpError.ts'
import { type ApiRoute, parseApiRoute } from './routes.ts'

export async function answerApi(request: Request, pathname: string, context: EndpointContext): Promise<Response> {
  const response = await answerOrRefuse(request, pathname, context)
  response.headers.set('x-content-type-options', 'nosniff')
  response.headers.set('x-frame-options', 'DENY')
  return response
}

async function answerOrRefuse(request: Request, pathname: string, context: EndpointContext): Promise<Response> {
  try {
    return pathname === '/api/v2/status' ? statusPage(request, context) : await endpoint(request, pathname, context)
  } catch (error) {
    if (error instanceof HttpError) return plainText(error.status, error.message)
    throw error
  }
}

function statusPage(request: Request, context: EndpointContext): Response {
  if (request.method === 'OPTIONS') return preflightResponse('GET, HEAD')
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed('GET, HEAD')
  const answer = answerStatus(context)
  return request.method === 'HEAD' ? new Response(null, answer) : answer
}

async function endpoint(request: Request, pathname: string, context: EndpointContext): Promise<Response> {
  const route = parseApiRoute(pathname)
  if (request.method === 'OPTIONS') return preflightResponse('POST')
  if (request.method !== 'POST') return methodNotAllowed('POST')
  if (request.headers.get('content-type')?.toLowerCase() !== 'application/cbor')
    throw new HttpError(400, 'Unexpected content-type, expected application/cbor.')
  if (route.endpoint === 'call') return expectedCall(request, route, context)
  const body = await readBody(request, context.limits.bodyBytesMax)
  const routed = contextFor(context, route)
  switch (route.endpoint) {
    case 'query':
      return answerQuery(body, route, routed)
    case 'read_state':
      return answerReadState(body, route, routed)
  }
}

/** The endpoint's context with the subnet that answers. @throws HttpError 400 when none does */
function contextFor(context: EndpointContext, { id, scope }: ApiRoute): EndpointContext {
  if (context.replica.subnetFor === undefined) return context
  const replica = context.replica.subnetFor(id)
  if (replica !== undefined) return { ...context, replica }
  const text = id.toText()
  throw new HttpError(400, scope === 'canister' ? `Canister ${text} does not belong to any subnet.` : `Subnet with ID ${text} not found`)
}

async function expectedCall(request: Request, route: ApiRoute, context: EndpointContext): Promise<Response> {
  const arrived = context.driver.expect?.() ?? (() => {})
  try {
    const body = await readBody(request, context.limits.bodyBytesMax)
    return await answerCall(body, route, contextFor(context, route), arrived)
  } finally {
    arrived()
  }
}

function methodNotAllowed(allowed: string): Response {
  const response = plainText(405, `This endpoint takes ${allowed}.`)
  response.headers.set('allow', allowed)
  return response
}

export function plainText(status: number, message: string): Response {
  return new Response(message, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })
}
