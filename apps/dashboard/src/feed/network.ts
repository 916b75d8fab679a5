/** Where the page finds its network. */
export type Network = {
  readonly isLocal: boolean
  /** Address of the HTTPS interface; absent lets the agent choose the public one. */
  readonly agentHost: string
  readonly identityProvider: string
  /** DER; absent on a local network without the `ic_env` cookie, where the agent asks for it. */
  readonly rootKey?: Uint8Array
  /** Canister ids in text form by name. */
  readonly canisterIds: ReadonlyMap<string, string>
}

/** The parts of the page's address that matter. */
export type PageAddress = { readonly protocol: string; readonly hostname: string; readonly port: string }

const internetIdentity = 'https://id.ai/authorize'

/** Local networks answer on `localhost`, its subdomains and `127.0.0.1`. */
export const isLocalHost = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1' || hostname === '[::1]'

/** The network's HTTPS interface: the bare domain under which a canister's page was opened, or the public address. */
export const agentHostOf = ({ protocol, hostname, port }: PageAddress): string => {
  const at = port === '' ? '' : `:${port}`
  if (hostname.endsWith('.localhost')) return `${protocol}//localhost${at}`
  if (isLocalHost(hostname)) return `${protocol}//${hostname}${at}`
  return 'https://icp-api.io'
}

/** The sign-in page: the embedded stack's own on a local network, Internet Identity elsewhere. */
export const identityProviderOf = ({ protocol, hostname, port }: PageAddress): string =>
  isLocalHost(hostname) ? `${protocol}//id.ai.localhost${port === '' ? '' : `:${port}`}/` : internetIdentity

const bytesOfHex = (hex: string): Uint8Array | undefined =>
  /^(?:[0-9a-f]{2})+$/i.test(hex) ? Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) : undefined

const canisterIdPrefix = 'PUBLIC_CANISTER_ID:'

/** What the asset canister says in its `ic_env` cookie. */
export type CookieEnvironment = { readonly rootKey?: Uint8Array; readonly canisterIds: ReadonlyMap<string, string> }

/** Reads the `ic_env` cookie; a cookie that is absent or malformed gives nothing. */
export const readEnvironmentCookie = (cookies: string): CookieEnvironment => {
  const raw = cookies
    .split(';')
    .map((cookie) => cookie.trim())
    .find((cookie) => cookie.startsWith('ic_env='))
  if (raw === undefined) return { canisterIds: new Map() }
  const pairs = decodeLoosely(raw.slice('ic_env='.length))
    .split('&')
    .map((pair): [string, string] => {
      const at = pair.indexOf('=')
      return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
    })
  const rootKey = bytesOfHex(pairs.find(([name]) => name === 'ic_root_key')?.[1] ?? '')
  const canisterIds = new Map(
    pairs.filter(([name]) => name.startsWith(canisterIdPrefix)).map(([name, id]) => [name.slice(canisterIdPrefix.length), id]),
  )
  return { canisterIds, ...(rootKey === undefined ? {} : { rootKey }) }
}

const decodeLoosely = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/**
 * Reads a `canister_ids.json`: `{ "<name>": { "<network>": "<id>" } }`. The entry for the page's own kind of network
 * wins over any other.
 */
export const readCanisterIds = (json: unknown, isLocal: boolean): ReadonlyMap<string, string> => {
  const ids = new Map<string, string>()
  if (typeof json !== 'object' || json === null) return ids
  for (const [name, networks] of Object.entries(json)) {
    if (typeof networks !== 'object' || networks === null) continue
    const entries = Object.entries(networks).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    const wanted = entries.find(([network]) => network === (isLocal ? 'local' : 'ic')) ?? entries[0]
    if (wanted !== undefined) ids.set(name, wanted[1])
  }
  return ids
}

/** Everything `findNetwork` looks at. */
export type PageSurroundings = {
  readonly address: PageAddress
  readonly cookies: string
  /** Fetches a file beside the page; `undefined` when it is not there. */
  readonly fetchJson: (path: string) => Promise<unknown>
}

/** Finds the network: from the `ic_env` cookie where an asset canister sets one, else from `canister_ids.json`. */
export const findNetwork = async ({ address, cookies, fetchJson }: PageSurroundings): Promise<Network> => {
  const isLocal = isLocalHost(address.hostname)
  const fromCookie = readEnvironmentCookie(cookies)
  const canisterIds = fromCookie.canisterIds.has('monitor')
    ? fromCookie.canisterIds
    : readCanisterIds(await fetchJson('canister_ids.json'), isLocal)
  return {
    isLocal,
    agentHost: agentHostOf(address),
    identityProvider: identityProviderOf(address),
    canisterIds,
    ...(fromCookie.rootKey === undefined ? {} : { rootKey: fromCookie.rootKey }),
  }
}
