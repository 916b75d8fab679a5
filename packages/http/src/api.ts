/** The endpoints under `/api`: method, content type, body, then the endpoint's own work; failures as plain texts. */
import { type ApiAnswer, type ApiRequest, preflightAnswer, textAnswer } from './apiMessages.ts'
import type { EndpointContext } from './context.ts'
import { answerCall } from './endpoints/call.ts'
import { answerQuery } from './endpoints/query.ts'
import { answerReadState } from './endpoints/readState.ts'
import { answerStatus } from './endpoints/status.ts'
import { HttpError } from './httpError.ts'
import { type ApiRoute, parseApiRoute } from './routes.ts'

export async function answerApi(request: ApiRequest, context: EndpointContext): Promise<ApiAnswer> {
  try {
    return request.pathname === '/api/v2/status' ? statusPage(request, context) : await endpoint(request, context)
  } catch (error) {
    if (error instanceof HttpError) return textAnswer(error.status, error.message)
    throw error
  }
}

function statusPage({ method }: ApiRequest, context: EndpointContext): ApiAnswer {
  if (method === 'OPTIONS') return preflightAnswer('GET, HEAD')
  if (method !== 'GET' && method !== 'HEAD') return methodNotAllowed('GET, HEAD')
  const answer = answerStatus(context)
  return method === 'HEAD' ? { ...answer, body: null } : answer
}

async function endpoint(request: ApiRequest, context: EndpointContext): Promise<ApiAnswer> {
  const route = parseApiRoute(request.pathname)
  if (request.method === 'OPTIONS') return preflightAnswer('POST')
  if (request.method !== 'POST') return methodNotAllowed('POST')
  if (request.contentType?.toLowerCase() !== 'application/cbor')
    throw new HttpError(400, 'Unexpected content-type, expected application/cbor.')
  if (route.endpoint === 'call') return expectedCall(request, route, context)
  const body = await request.body()
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

async function expectedCall(request: ApiRequest, route: ApiRoute, context: EndpointContext): Promise<ApiAnswer> {
  const arrived = context.driver.expect?.() ?? (() => {})
  try {
    const body = await request.body()
    return await answerCall(body, route, contextFor(context, route), arrived)
  } finally {
    arrived()
  }
}

function methodNotAllowed(allowed: string): ApiAnswer {
  return textAnswer(405, `This endpoint takes ${allowed}.`, { allow: allowed })
}
