/** An error that the client is told of: a status and a text. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** One whose text is the whole answer: of requests that the original refuses before it knows what they ask for. */
export class PlainError extends ApiError {
  override readonly name: string = 'PlainError'
}

/** A request that cannot be carried out. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, message)
}

/** Runs something whose errors are answered in plain text, as agents and browsers expect them. @throws PlainError */
export function plain<Value>(work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    throw error instanceof ApiError ? new PlainError(error.status, error.message) : error
  }
}

/** A body that does not have the members that its route asks for. */
export class MalformedError extends PlainError {
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
