/** What the gateway says when it has no answer of a canister to give: JSON, or a page for people. */
import type { Reject } from '@tidemark/types'
import { errorCodeText, rejectCodes } from '@tidemark/types'

/** Stable names of what can go wrong, as the public gateway has them, and the status that each is answered with. */
const statuses = {
  client_body_too_large: 413,
  client_malformed_request: 400,
  client_unknown_domain: 400,
  forbidden: 403,
  canister_id_incorrect: 400,
  canister_id_not_resolved: 400,
  canister_not_found: 404,
  canister_reject: 503,
  canister_error: 503,
  canister_frozen: 503,
  backend_response_verification: 503,
  backend_http_gateway: 503,
  backend_other: 503,
} as const

export type GatewayErrorType = keyof typeof statuses

export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly status: number
  /** For programs; also in the header `x-ic-error-cause`. */
  readonly errorType: GatewayErrorType
  /** What the canister or the network said of it. */
  readonly details: string | undefined

  constructor(errorType: GatewayErrorType, message: string, details?: string) {
    super(message)
    this.status = statuses[errorType]
    this.errorType = errorType
    this.details = details
  }
}

/** The error that a canister's (or the network's) reject becomes. */
export function gatewayErrorOf({ code, errorCode, message }: Reject): GatewayError {
  if (errorCode === 'CanisterOutOfCycles') return new GatewayError('canister_frozen', 'The canister is out of cycles.', message)
  switch (code) {
    case rejectCodes.destinationInvalid:
      return new GatewayError('canister_not_found', 'The canister does not exist.', message)
    case rejectCodes.canisterReject:
      return new GatewayError('canister_reject', 'The canister rejected the request.', message)
    case rejectCodes.canisterError:
      return new GatewayError('canister_error', 'The canister failed to answer.', message)
    default:
      return new GatewayError('backend_other', 'The network could not run the request.', `${errorCodeText(errorCode)}: ${message}`)
  }
}

/** JSON, or HTML for a browser. */
export function errorResponse(error: GatewayError, userAgent: string | null): Response {
  const headers = { 'x-ic-error-cause': error.errorType }
  if (userAgent?.includes('Mozilla/')) {
    return new Response(errorPage(error), { status: error.status, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' } })
  }
  const body = JSON.stringify({ error_type: error.errorType, description: error.message, details: error.details ?? null }, undefined, 2)
  return new Response(body, { status: error.status, headers: { ...headers, 'content-type': 'application/json; charset=utf-8' } })
}

function errorPage({ status, errorType, message, details }: GatewayError): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${status} ${escapeHtml(message)}</title>
<style>
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1.5rem }
pre { white-space: pre-wrap; padding: 1rem; border: 1px solid; border-radius: .5rem }
</style>
<h1>${escapeHtml(message)}</h1>
<p>Status ${status}, <code>${escapeHtml(errorType)}</code>.</p>
${details === undefined ? '' : `<pre>${escapeHtml(details)}</pre>\n`}</html>
`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
