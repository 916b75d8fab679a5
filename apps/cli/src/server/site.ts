/** Pages that a local network serves itself, beside the interface to its canisters. */
import type { Principal } from '@tidemark/types'
import { candidPageId } from '../deploy/urls.ts'
import type { PageFolders } from './builtPages.ts'
import { type LandingEntry, landingPage } from './landingPage.ts'
import { serveFile } from './staticFiles.ts'
import { waitingPage } from './waitingPage.ts'

export interface SiteOptions {
  readonly folders: PageFolders
  /** What the page at the root lists. */
  readonly landing: () => readonly LandingEntry[]
  readonly defaultEffectiveCanisterId: Principal
  /** Whether the canister of a host is still to come. */
  readonly isAwaited: (host: string) => boolean
}

/** Answers a request for one of the pages; undefined for every other request. */
export type Site = (request: Request) => Promise<Response | undefined>

/** A page with hosts of its own, at whose root it answers. */
interface Page {
  readonly folder: string
  /** Canister ids under which it is known on the public network, and which clients use here too. */
  readonly ids: readonly string[]
  readonly hosts: readonly string[]
}

const baseHost = /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|\d+(?:\.\d+){3})$/

export function createSite({ folders, landing, defaultEffectiveCanisterId, isAwaited }: SiteOptions): Site {
  const candid: Page = { folder: folders.candid, ids: [candidPageId], hosts: [`${candidPageId}.localhost`] }
  return async (request) => {
    const { hostname, pathname, searchParams } = new URL(request.url)
    if (pathname.startsWith('/api/')) return undefined
    const host = hostname.toLowerCase()
    if (isFor(candid, request, host, searchParams)) return serve(candid, pathname)
    if (isAwaited(host)) return waitingPage()
    if (!baseHost.test(host)) return undefined
    if (pathname === '/_/topology') return json(topology(defaultEffectiveCanisterId))
    if (pathname === '/' && !searchParams.has('canisterId') && request.method === 'GET') return landingPage(landing())
    return undefined
  }
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

/** The part of the network's description that command-line tools read. */
function topology(defaultEffectiveCanisterId: Principal): unknown {
  const canisterId = Buffer.from(defaultEffectiveCanisterId.bytes).toString('base64')
  return { default_effective_canister_id: { canister_id: canisterId } }
}

function notBuilt(): Response {
  return new Response('This page has not been built. Run npm start once, or npm run build -w apps/dashboard.\n', {
    status: 503,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  })
}

function json(content: unknown): Response {
  return new Response(`${JSON.stringify(content)}\n`, { headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } })
}
