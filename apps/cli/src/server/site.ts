/** Pages that a local network serves itself, beside the interface to its canisters. */
import { type Principal, toHex } from '@tidemark/types'
import { candidPageId } from '../deploy/urls.ts'
import { type LandingEntry, landingPage } from './landingPage.ts'
import { serveFile } from './staticFiles.ts'

export interface SiteOptions {
  /** Folder of the built identity provider page; without one there is no sign-in. */
  readonly identityFolder?: string
  /** Secret that the identities of the sign-in page derive from. */
  readonly identitySeed: Uint8Array
  /** What the page at the root lists. */
  readonly landing: () => readonly LandingEntry[]
  /** Answers for the page on which methods can be called. */
  readonly candid: (request: Request) => Promise<Response>
  readonly defaultEffectiveCanisterId: Principal
}

/** Answers a request for one of the pages; undefined for every other request. */
export type Site = (request: Request) => Promise<Response | undefined>

/** Ids of Internet Identity's back end and front end on mainnet: pages look for it under these. */
const identityIds = ['rdmx6-jaaaa-aaaaa-aaadq-cai', 'uqzsh-gqaaa-aaaaq-qaada-cai']
const identityHosts = new Set(['id.ai.localhost', ...identityIds.map((id) => `${id}.localhost`)])
const baseHost = /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|\d+(?:\.\d+){3})$/

export function createSite({ identityFolder, identitySeed, landing, candid, defaultEffectiveCanisterId }: SiteOptions): Site {
  return async (request) => {
    const { hostname, pathname, searchParams } = new URL(request.url)
    if (pathname.startsWith('/api/')) return undefined
    const host = hostname.toLowerCase()
    if (isForIdentity(request, host, searchParams)) {
      if (pathname === '/seed') return seedAnswer(request, identitySeed)
      if (pathname === '/.well-known/cli-auth-config') return json({ path: '/cli' })
      return (identityFolder === undefined ? undefined : await serveFile(identityFolder, pathname)) ?? identityMissing()
    }
    const asked = baseHost.test(host) ? searchParams.get('canisterId') : null
    if (host === `${candidPageId}.localhost` || asked === candidPageId) return candid(request)
    if (!baseHost.test(host)) return undefined
    if (pathname === '/_/topology') return json(topology(defaultEffectiveCanisterId))
    if (pathname === '/' && asked === null && request.method === 'GET') return landingPage(landing())
    return undefined
  }
}

/** By host, by `?canisterId=`, or as part of a page that was asked for that way. */
function isForIdentity(request: Request, host: string, searchParams: URLSearchParams): boolean {
  if (identityHosts.has(host)) return true
  if (!baseHost.test(host)) return false
  const asked = searchParams.get('canisterId')
  if (asked !== null) return identityIds.includes(asked)
  const referer = request.headers.get('referer')
  return referer !== null && URL.canParse(referer) && identityIds.includes(new URL(referer).searchParams.get('canisterId') ?? '')
}

/** The seed is for the sign-in page itself: no other origin may read it, though everything else here is open to all. */
function seedAnswer(request: Request, seed: Uint8Array): Response {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none') return new Response(null, { status: 403 })
  return json({ seed: toHex(seed) }, { 'access-control-allow-origin': new URL(request.url).origin })
}

/** The part of the network's description that command-line tools read. */
function topology(defaultEffectiveCanisterId: Principal): unknown {
  const canisterId = Buffer.from(defaultEffectiveCanisterId.bytes).toString('base64')
  return { default_effective_canister_id: { canister_id: canisterId } }
}

function identityMissing(): Response {
  return new Response('The sign-in page has not been built. Run npm start once, or npm run build -w apps/dashboard.\n', {
    status: 503,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  })
}

function json(content: unknown, headers: Record<string, string> = {}): Response {
  return new Response(`${JSON.stringify(content)}\n`, {
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  })
}
