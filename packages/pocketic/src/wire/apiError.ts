/** An error that the client is told of: a status and a text. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** A request that cannot be carried out. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, message)
}

/** A body that does not have the members that its route asks for. */
export class MalformedError extends ApiError {
  /** What is wrong, without the words that say where. */
  readonly reason: string

  constructor(reason: string) {
    super(422, `Failed to deserialize the JSON body into the target type: ${reason}`)
    this.reason = reason
  }
}

export function malformed(reason: string): ApiError {
  return new MalformedError(reason)
}
