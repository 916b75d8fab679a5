/** One kept-alive HTTP connection that sends whole requests and reads whole answers, with next to no work of its own. */
import { connect, type Socket } from 'node:net'

export interface HttpConnection {
  /** Sends the bytes of a request. @returns the answer's body */
  exchange(request: Buffer): Promise<Buffer>
  close(): void
}

export function openConnection(port: number): HttpConnection {
  const socket: Socket = connect({ host: '127.0.0.1', port, noDelay: true })
  let received: Buffer = Buffer.alloc(0)
  let waiting: PromiseWithResolvers<Buffer> | undefined
  socket.on('error', (error) => waiting?.reject(error))
  socket.on('data', (part: Buffer) => {
    received = received.length === 0 ? part : Buffer.concat([received, part])
    const headEnd = received.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const length = Number(/content-length: (\d+)/i.exec(received.toString('latin1', 0, headEnd))?.[1])
    if (Number.isNaN(length)) return waiting?.reject(new Error('an answer without a length'))
    const end = headEnd + 4 + length
    if (received.length < end) return
    const body = received.subarray(headEnd + 4, end)
    received = received.subarray(end)
    waiting?.resolve(body)
  })
  return {
    exchange: (request) => {
      waiting = Promise.withResolvers<Buffer>()
      socket.write(request)
      return waiting.promise
    },
    close: () => socket.destroy(),
  }
}

/** The bytes of a POST request. */
export function postRequest(path: string, body: Uint8Array): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/cbor\r\ncontent-length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}
