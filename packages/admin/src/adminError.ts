/** Why the administration refuses: every code, its HTTP status, and nothing else that callers must tell apart. */
const statusOf = {
  invalid_request: 400,
  unauthorized: 401,
  forbidden_host: 403,
  forbidden_origin: 403,
  not_found: 404,
  snapshot_unknown: 404,
  method_not_allowed: 405,
  time_runs_back: 409,
  snapshot_exists: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  too_many_snapshots: 429,
  too_many_streams: 429,
  network_failed: 503,
} as const

export type AdminErrorCode = keyof typeof statusOf

/** All codes. */
export const adminErrorCodes = Object.keys(statusOf) as readonly AdminErrorCode[]

/** A refusal, on the server as in the client. */
export class AdminError extends Error {
  override readonly name = 'AdminError'
  readonly code: AdminErrorCode

  constructor(code: AdminErrorCode, message: string) {
    super(message)
    this.code = code
  }

  get status(): number {
    return statusOf[this.code]
  }
}
