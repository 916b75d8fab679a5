/** A request that is answered with an HTTP status and a plain text, outside the protocol's own rejects. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
