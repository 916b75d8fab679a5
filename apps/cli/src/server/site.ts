/** Pages that a local network serves itself, beside the interface to its canisters. */
import type { Peer } from '@tidemark/http'
import { type Principal, toHex } from '@tidemark/types'
import { candidPageId } from '../deploy/urls.ts'
import type { PageFolders } from './builtPages.ts'
import { type LandingEntry, landingPage } from './landingPage.ts'
import { serveFile } from './staticFiles.ts'

export interface SiteOptions {
  /** Address that the network listens on. */
  readonly host: string
  /** Time of the network, nanoseconds since 1970: what is signed for it must not be over there. */
  readonly timeNanos: () => bigint
  readonly folders: PageFolders
  /** Secret that the identities of the sign-in page derive from. */
  readonly identitySeed: Uint8Array
  /** What the page at the root lists. */
  readonly landing: () => readonly LandingEntry[]
  readonly defaultEffectiveCanisterId: Principal
}

/** Answers a request for one of the pages; undefined for every other request. `host` is that of the request. */
export type Site = (request: Request, host?: string, peer?: Peer) => Promise<Response | undefined>

/** A page with hosts of its own, at whose root it answers. */
interface Page {
  readonly folder: string
  /** Canister ids under which it is known on the public network, and which clients use here too. */
  readonly ids: readonly string[]
  readonly hosts: readonly string[]
}

/** Internet Identity's back end and front end on mainnet. */
const identityIds = ['rdmx6-jaaaa-aaaaa-aaadq-cai', 'uqzsh-gqaaa-aaaaq-qaada-cai']
const baseHost = /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|\d+(?:\.\d+){3})$/

export function createSite({ host: bound, folders, identitySeed, timeNanos, landing, defaultEffectiveCanisterId }: SiteOptions): Site {
  const identity = pageOf(folders.identity, identityIds, ['id.ai.localhost'])
  const candid = pageOf(folders.candid, [candidPageId])
  return async (request, _, peer) => {
    const { hostname, pathname, searchParams } = new URL(request.url)
    if (pathname.startsWith('/api/')) return undefined
    const host = hostname.toLowerCase()
    if (isFor(identity, request, host, searchParams)) {
      if (!isLoopback(bound) && !isLoopback(peer?.address ?? '')) return forbidden()
      if (pathname === '/seed') return seedAnswer(request, identitySeed, timeNanos())
      if (pathname === '/.well-known/cli-auth-config') return json({ path: '/cli' })
      return serve(identity, pathname)
    }
    if (isFor(candid, request, host, searchParams)) return serve(candid, pathname)
    if (!baseHost.test(host)) return undefined
    if (pathname === '/_/topology') return json(topology(defaultEffectiveCanisterId))
    if (pathname === '/' && !searchParams.has('canisterId') && request.method === 'GET') return landingPage(landing())
    return undefined
  }
}

function pageOf(folder: string, ids: readonly string[], otherHosts: readonly string[] = []): Page {
  return { folder, ids, hosts: [...otherHosts, ...ids.map((id) => `${id}.localhost`)] }
}

async function serve({ folder }: Page, pathname: string): Promise<Response> {
  return (await serveFile(folder, pathname)) ?? notBuilt()
}

/** By host, by `?canisterId=`, or as part of a page that was asked for that way. */
function isFor({ ids, hosts }: Page, request: Request, host: string, searchParams: URLSearchParams): boolean {
  if (hosts.includes(host)) return true
  if (!baseHost.test(host)) return false
  const asked = searchParams.get('canisterId')
  if (asked !== null) return ids.includes(asked)
  const referer = request.headers.get('referer')
  return referer !== null && URL.canParse(referer) && ids.includes(new URL(referer).searchParams.get('canisterId') ?? '')
}

/** The seed is for the sign-in page itself: no other origin may read it, though everything else here is open to all. */
function seedAnswer(request: Request, seed: Uint8Array, timeNanos: bigint): Response {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none') return new Response(null, { status: 403 })
  return json({ seed: toHex(seed), timeNanos: String(timeNanos) }, { 'access-control-allow-origin': new URL(request.url).origin })
}

/** The part of the network's description that command-line tools read. */
function topology(defaultEffectiveCanisterId: Principal): unknown {
  const canisterId = Buffer.from(defaultEffectiveCanisterId.bytes).toString('base64')
  return { default_effective_canister_id: { canister_id: canisterId } }
}

/** Whoever holds the secret of the sign-in page is every user of the network: it stays on this machine, wherever the network listens. */
function isLoopback(address: string): boolean {
  return address === 'localhost' || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$/.test(address)
}

function forbidden(): Response {
  const text = 'The sign-in page of a local network answers only on the machine that the network runs on.\n'
  return new Response(text, { status: 403, headers: { 'content-type': 'text/plain; charset=utf-8' } })
}

function notBuilt(): Response {
  return new Response('This page has not been built. Run npm start once, or npm run build -w apps/dashboard.\n', {
    status: 503,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  })
}

function json(content: unknown, headers: Record<string, string> = {}): Response {
  return new Response(`${JSON.stringify(content)}\n`, {
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  })
}
