/** What the gateway says when it has no answer of a canister to give: JSON, or a page for people. */
import type { Reject } from '@tidemark/types'
import { errorCodeText, rejectCodes } from '@tidemark/types'

export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly status: number
  /** Stable name, for programs; also in the header `x-ic-error-cause`. */
  readonly errorType: string
  readonly details: string

  constructor(status: number, errorType: string, message: string, details = '') {
    super(message)
    this.status = status
    this.errorType = errorType
    this.details = details
  }
}

/** The error that a canister's (or the network's) reject becomes. */
export function gatewayErrorOf(reject: Reject): GatewayError {
  const details = `${errorCodeText(reject.errorCode)}: ${reject.message}`
  if (reject.code === rejectCodes.destinationInvalid)
    return new GatewayError(404, 'canister_not_found', 'The canister does not exist.', details)
  if (reject.errorCode === 'CanisterOutOfCycles') return new GatewayError(503, 'canister_frozen', 'The canister is out of cycles.', details)
  if (reject.code === rejectCodes.canisterReject)
    return new GatewayError(503, 'canister_reject', 'The canister rejected the request.', details)
  if (reject.code === rejectCodes.canisterError) return new GatewayError(503, 'canister_error', 'The canister failed to answer.', details)
  if (reject.code === rejectCodes.sysTransient)
    return new GatewayError(503, 'subnet_unavailable', 'The network could not run the request.', details)
  return new GatewayError(500, 'internal_server_error', 'The network failed.', details)
}

/** JSON, or HTML for a browser. */
export function errorResponse(error: GatewayError, userAgent: string | null): Response {
  const headers = { 'x-ic-error-cause': error.errorType }
  if (userAgent?.includes('Mozilla/')) {
    return new Response(errorPage(error), { status: error.status, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' } })
  }
  const body = JSON.stringify({ error_type: error.errorType, description: error.message, details: error.details }, undefined, 2)
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
${details === '' ? '' : `<pre>${escapeHtml(details)}</pre>\n`}</html>
`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
