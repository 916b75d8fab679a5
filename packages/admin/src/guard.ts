/**
 * Who may administer: programs on this machine that can read the token.
 *
 * Pages in a browser on this machine can send requests to it as well. They are told apart by the address that they asked for (a name
 * that was made to point here: DNS rebinding), by the origin that browsers add, and by a token that they cannot read; the content
 * type keeps out requests that browsers send without asking first.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { AdminError } from './adminError.ts'

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']

/** @throws RangeError for an address that other machines could reach */
export function assertLoopback(host: string): void {
  if (host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)) return
  throw new RangeError(`The administration listens on loopback addresses only, not on ${host}.`)
}

export interface GuardOptions {
  /** Where the administration listens. */
  readonly port: number
  readonly token: string
}

/** @throws AdminError when the request may not come from the owner */
export function checkCaller(request: Request, { port, token }: GuardOptions): void {
  checkHost(request, port)
  checkOrigin(request, port)
  checkToken(request, token)
}

function checkHost(request: Request, port: number): void {
  const asked = [new URL(request.url).host, request.headers.get('host') ?? undefined]
  const allowed = new Set(loopbackNames.map((name) => `${name}:${port}`))
  for (const host of asked) {
    if (host === undefined || allowed.has(host.toLowerCase()) || (port === 80 && loopbackNames.includes(host))) continue
    throw new AdminError('forbidden_host', `This is not ${host.slice(0, 100)}: ask for 127.0.0.1:${port}.`)
  }
}

function checkOrigin(request: Request, port: number): void {
  const origin = request.headers.get('origin')
  const site = request.headers.get('sec-fetch-site')
  const own = loopbackNames.map((name) => new URL(`http://${name}:${port}`).origin)
  const isForeign = (origin !== null && !own.includes(origin)) || (site !== null && site !== 'same-origin' && site !== 'none')
  if (isForeign) throw new AdminError('forbidden_origin', 'Pages may not administer the network.')
}

function checkToken(request: Request, token: string): void {
  const [, given] = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  if (given !== undefined && equalSecrets(given, token)) return
  throw new AdminError('unauthorized', 'The token is missing or wrong: it stands in admin.json, in the folder of the network.')
}

/** Takes the same time wherever the two differ. */
function equalSecrets(a: string, b: string): boolean {
  const [left, right] = [sha256(utf8ToBytes(a)), sha256(utf8ToBytes(b))]
  return left.reduce((difference, byte, at) => difference | (byte ^ (right[at] ?? 0)), 0) === 0
}
