/** Puts a Fetch API handler behind Node's HTTP server. Bodies stream in both directions. */
import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import type { FetchHandler, WholeAnswer, WholeRequest } from './handlers.ts'

/** A certificate chain and its private key, in PEM. */
export interface Tls {
  readonly cert: string
  readonly key: string
}

export interface NodeServer {
  /** The port that is listened on. */
  readonly port: number
  /** Stops taking connections and ends those that are open. */
  close(): Promise<void>
}

const keepAliveMilliseconds = 65_000
const headersMilliseconds = 20_000
const requestMilliseconds = 120_000
const connectionsMax = 1_000
/** Bodies whose length is known to be at most this are read and written whole: for short ones streams cost more than all else. */
const wholeBytesMax = 256 * 1024
/** What a stream says when its other end went away. */
const goneCodes = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_UNABLE_TO_PIPE', 'ECONNRESET', 'EPIPE'])
/** Methods that the Fetch API cannot represent. */
const unrepresentable = new Set(['CONNECT', 'TRACE', 'TRACK'])

/**
 * @param address - of a server that speaks HTTPS when it has `tls`
 * @param onFailure - hears of what went wrong while answering; the client gets a plain 500
 * @throws the system's error when the address cannot be listened on, and an error of the TLS library for what it cannot use
 */
export async function listen(
  address: { host: string; port: number; tls?: Tls },
  handler: FetchHandler,
  onFailure: (error: unknown) => void,
): Promise<NodeServer> {
  const server = await createServer(address.tls)
  server.maxConnections = connectionsMax
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    answer(incoming, outgoing, handler).catch((error: unknown) => {
      if (isClientGone(error)) return
      onFailure(error)
      fail(outgoing, 500, 'The network could not answer this request.')
    })
  })
  await start(server, address)
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function createServer(tls: Tls | undefined): Promise<Server> {
  const timeouts = { keepAliveTimeout: keepAliveMilliseconds, headersTimeout: headersMilliseconds, requestTimeout: requestMilliseconds }
  if (tls === undefined) return createPlainServer(timeouts)
  // Loaded when it is needed: most servers never do.
  const https = await import('node:https')
  return https.createServer({ ...tls, ...timeouts })
}

function start(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, handler: FetchHandler): Promise<void> {
  const method = incoming.method ?? 'GET'
  const url = urlOf(incoming)
  if (unrepresentable.has(method)) return fail(outgoing, 405, `The method ${method} is not served.`)
  if (url === undefined) return fail(outgoing, 400, 'The request has no valid host or address.')
  const body = isShort(incoming, method) ? await readWhole(incoming) : undefined
  const wholeAnswer = body && handler.whole?.(wholeRequestOf(incoming, method, body))
  if (wholeAnswer !== undefined) return sendWhole(outgoing, await wholeAnswer)
  const cancel = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) cancel.abort()
  })
  const request = new Request(url, { method, headers: headersOf(incoming), signal: cancel.signal, ...bodyOf(incoming, method, body) })
  const response = await handler(request, { address: incoming.socket.remoteAddress })
  await send(outgoing, response, method)
  // What the handler left unread would stand before the next request on this connection.
  if (!incoming.readableEnded) incoming.resume()
}

function wholeRequestOf({ url = '/', headers }: IncomingMessage, method: string, body: Uint8Array): WholeRequest {
  const header = (name: string): string | undefined => headers[name]?.toString()
  return { method, path: url, contentType: headers['content-type'], header, body }
}

function isEncrypted({ socket }: IncomingMessage): boolean {
  return 'encrypted' in socket
}

function hasBody(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

function isShort(incoming: IncomingMessage, method: string): boolean {
  return hasBody(method) && Number(incoming.headers['content-length'] ?? Number.NaN) <= wholeBytesMax
}

function bodyOf(
  incoming: IncomingMessage,
  method: string,
  whole: Uint8Array<ArrayBuffer> | undefined,
): RequestInit & { readonly duplex?: 'half' } {
  if (!hasBody(method)) return {}
  return whole === undefined ? { body: Readable.toWeb(incoming) as unknown as ReadableStream, duplex: 'half' } : { body: whole }
}

function readWhole(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const parts: Buffer<ArrayBuffer>[] = []
    incoming.on('data', (part: Buffer<ArrayBuffer>) => parts.push(part))
    incoming.once('end', () => {
      const [only] = parts
      resolve(parts.length === 1 && only !== undefined ? only : Buffer.concat(parts))
    })
    incoming.once('error', reject)
    // A connection that breaks off ends without an end.
    incoming.once('close', () => reject(Object.assign(new Error('the client went away'), { code: 'ECONNRESET' })))
  })
}

function sendWhole(outgoing: ServerResponse, { status, headers, body }: WholeAnswer): void {
  outgoing.writeHead(status, headers)
  outgoing.end(body ?? undefined)
}

async function send(outgoing: ServerResponse, response: Response, method: string): Promise<void> {
  outgoing.statusCode = response.status
  if (response.statusText !== '') outgoing.statusMessage = response.statusText
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
  if (response.body === null || method === 'HEAD') {
    await response.body?.cancel()
    outgoing.end()
    return
  }
  if (Number(response.headers.get('content-length') ?? Number.NaN) <= wholeBytesMax) {
    outgoing.end(new Uint8Array(await response.arrayBuffer()))
    return
  }
  await pipeline(Readable.fromWeb(response.body as unknown as NodeReadableStream), outgoing)
}

/** The address that the client asked for; the host is taken from its header. */
function urlOf(incoming: IncomingMessage): string | undefined {
  const path = incoming.url ?? '/'
  const url = path.startsWith('/') ? `${isEncrypted(incoming) ? 'https' : 'http'}://${incoming.headers.host ?? ''}${path}` : path
  return URL.canParse(url) ? url : undefined
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers()
  const raw = incoming.rawHeaders
  for (let i = 0; i + 1 < raw.length; i += 2) headers.append(raw[i] ?? '', raw[i + 1] ?? '')
  return headers
}

function fail(outgoing: ServerResponse, status: number, text: string): void {
  if (outgoing.headersSent) {
    outgoing.destroy()
    return
  }
  outgoing.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}

function isClientGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'AbortError' || ('code' in error && typeof error.code === 'string' && goneCodes.has(error.code))
}
