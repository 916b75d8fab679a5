/**
 * Which canister a request is for, by its host, its query or the page that it comes from.
 */
import { Principal, PrincipalError } from '@tidemark/types'
import { GatewayError } from './errors.ts'

export interface HostOptions {
  /**
   * Base domains: `<canister>.<domain>` and `<canister>.raw.<domain>` name a canister, hosts outside are refused.
   * Without the option the loopback names are base domains and any other host counts as one by itself.
   */
  readonly domains?: readonly string[]
  /** Canisters by whole host name, in lower case and without a port. */
  readonly customDomains?: (host: string) => Principal | undefined
}

export interface Target {
  readonly canisterId: Principal
  /** Asked for through a `raw` host: the answer is not to be verified. */
  readonly raw: boolean
}

const loopback = ['localhost', '127.0.0.1', '[::1]']

/** @throws GatewayError 400 when nothing names a canister */
export function resolveCanister(url: URL, referer: string | null, options: HostOptions): Target {
  const host = hostOf(url)
  return byHost(host, options) ?? byQuery(url) ?? byReferer(referer, options) ?? refuse(host, options)
}

/** Host name of a URL, lower-case, without its port. */
export function hostOf(url: URL): string {
  return url.hostname.toLowerCase()
}

function byHost(host: string, { domains = loopback, customDomains }: HostOptions): Target | undefined {
  const custom = customDomains?.(host)
  if (custom !== undefined) return { canisterId: custom, raw: false }
  for (const domain of domains) {
    if (!host.endsWith(`.${domain}`)) continue
    const labels = host.slice(0, -domain.length - 1).split('.')
    const raw = labels.length === 2 && labels[1] === 'raw'
    const canisterId = labels.length === 1 || raw ? principalIn(labels[0] ?? '') : undefined
    if (canisterId !== undefined) return { canisterId, raw }
  }
  return undefined
}

function byQuery(url: URL): Target | undefined {
  const text = url.searchParams.get('canisterId')
  if (text === null) return undefined
  const canisterId = parse(text)
  if (canisterId === undefined) throw new GatewayError('canister_id_incorrect', `"${text.slice(0, 100)}" is not a canister id.`)
  return { canisterId, raw: false }
}

/** Parts of a page (styles, scripts) that was itself asked for with `?canisterId=`. */
function byReferer(referer: string | null, options: HostOptions): Target | undefined {
  if (referer === null || !URL.canParse(referer)) return undefined
  const url = new URL(referer)
  const canisterId = parse(url.searchParams.get('canisterId') ?? '')
  return byHost(hostOf(url), options) ?? (canisterId && { canisterId, raw: false })
}

function refuse(host: string, { domains }: HostOptions): never {
  const known = domains === undefined || domains.some((domain) => host === domain || host.endsWith(`.${domain}`))
  if (!known) throw new GatewayError('client_unknown_domain', `This network does not serve the host ${host}.`)
  throw new GatewayError('canister_id_not_resolved', 'Neither the host name, nor ?canisterId=, nor the referring page names a canister.')
}

/** `<id>` or `<anything>--<id>`. */
function principalIn(label: string): Principal | undefined {
  return parse(label.slice(label.lastIndexOf('--') < 0 ? 0 : label.lastIndexOf('--') + 2))
}

function parse(text: string): Principal | undefined {
  try {
    return Principal.fromText(text)
  } catch (error) {
    if (error instanceof PrincipalError) return undefined
    throw error
  }
}
