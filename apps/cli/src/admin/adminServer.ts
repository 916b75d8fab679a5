/** The administration of a local network on a port of its own, which only this machine reaches. */
import { randomBytes } from 'node:crypto'
import { type AdminAccess, type AdminOptions, assertLoopback, createAdminHandler } from '@tidemark/admin'
import { listen } from '../server/nodeServer.ts'

const tokenBytes = 32

export interface AdminServerOptions<Snapshot> extends Omit<AdminOptions<Snapshot>, 'guard'> {
  /** A loopback address. Default `127.0.0.1`. */
  readonly host?: string
  /** 0 for any free port. */
  readonly port: number
  readonly onFailure: (error: unknown) => void
}

export interface AdminServer extends AdminAccess {
  close(): Promise<void>
}

/** Serves under a token that is made anew. @throws RangeError for an address that others could reach, CliError for one that is taken */
export async function startAdminServer<Snapshot>(options: AdminServerOptions<Snapshot>): Promise<AdminServer> {
  const { host = '127.0.0.1', port, onFailure } = options
  assertLoopback(host)
  const token = randomBytes(tokenBytes).toString('base64url')
  let bound = port
  const handler = createAdminHandler({ ...options, guard: () => ({ port: bound, token }) })
  const server = await listen({ host, port }, handler, onFailure)
  bound = server.port
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`, token, close: () => server.close() }
}
