/** An error that the client is told of: a status and a text. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** A request that does not have the form its route asks for. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, message)
}
