/** What answers requests: the Fetch API for all, and a shorter way for requests that are here whole. */

/** A request whose body has come. */
export interface WholeRequest {
  readonly method: string
  /** Path and query as they stand in the request. */
  readonly path: string
  readonly contentType: string | undefined
  /** The value of a header. @param name - in lower case */
  readonly header: (name: string) => string | undefined
  readonly body: Uint8Array
}

/** Its answer; `null` for no body. */
export interface WholeAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string | null
}

/** Who sent a request. */
export interface Peer {
  /** Address at the other end of the connection, as the system writes it. */
  readonly address: string | undefined
}

/** Answers a request, whose URL has the host that its `Host` header names. */
export interface FetchHandler {
  (request: Request, peer: Peer): Promise<Response>
  /** Answers some requests with short bodies without objects of the Fetch API, which cost more than little work does. */
  readonly whole?: (request: WholeRequest) => Promise<WholeAnswer> | undefined
}
