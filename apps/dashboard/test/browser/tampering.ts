import { Actor as LegacyActor, HttpAgent as LegacyAgent } from '@dfinity/agent'
import { Actor, HttpAgent } from '@icp-sdk/core/agent'
import { internetIdentity, type InternetIdentityService } from '@tidemark/bindings'

// A page with both generations of the published clients, and somebody in the middle who changes one byte of an answer.

/** What became of the answers of one kind that one client was given. */
export type Tampered = {
  /** Bytes of an answer that came unchanged. */
  readonly length: number
  readonly tried: number
  /** Places of the bytes whose change the client did not notice. */
  readonly unnoticed: readonly number[]
}

export type Kind = 'call' | 'query' | 'read_state'

declare global {
  interface Window {
    tamper: (client: Client, kind: Kind, first: number, step: number) => Promise<Tampered>
  }
}

type Client = keyof typeof clients
type Service = Pick<InternetIdentityService, 'whoami' | 'create_challenge'>
type Fetch = typeof fetch

const host = new URLSearchParams(location.search).get('network') ?? ''
const canisterId = 'rdmx6-jaaaa-aaaaa-aaadq-cai'
const { root_key: rootKey } = (await LegacyAgent.createSync({ host }).status()) as unknown as { root_key: Uint8Array }

const optionsWith = (asked: Fetch) => ({ host, fetch: asked, rootKey, retryTimes: 0, verifyQuerySignatures: true })

/** Keys of nodes are asked for every time: by itself this client keeps them from one page to the next. */
const forgetful = {
  expirationTime: 1,
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
  delete: () => Promise.resolve(),
}

const clients = {
  '@dfinity/agent': async (asked: Fetch): Promise<Service> => {
    const agent = await LegacyAgent.create(optionsWith(asked))
    return LegacyActor.createActor<InternetIdentityService>(internetIdentity.idlFactory, { agent, canisterId })
  },
  '@icp-sdk/core': async (asked: Fetch): Promise<Service> => {
    const agent = await HttpAgent.create({ ...optionsWith(asked), subnetNodeKeyExpirableStore: forgetful })
    return Actor.createActor(internetIdentity.idlFactory as never, { agent, canisterId }) as unknown as Service
  },
}

/** A query needs the keys of the nodes, which the client reads first. */
const ask = (kind: Kind, service: Service): Promise<unknown> => (kind === 'call' ? service.create_challenge() : service.whoami())

/** A signature of 48 bytes ends an answer with a certificate; the byte before says how many they are. */
const signatureBytes = 48

/**
 * A way to the network on which byte `at` of every answer of a kind is changed. `seen` hears how long the answer is, and
 * whether it is changed: one of the clients takes the signature that is there when it is told of a longer one, so that a
 * change of its length changes nothing.
 */
const through = (kind: Kind, at: number, seen: (length: number, changes: boolean) => void): Fetch => {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (!String(input instanceof Request ? input.url : input).endsWith(`/${kind}`)) return response
    const body = new Uint8Array(await response.arrayBuffer())
    const changes = at < body.length && (kind === 'query' || at !== body.length - signatureBytes - 1)
    seen(body.length, changes)
    if (changes) body[at] = (body[at] ?? 0) ^ (1 << (at % 8))
    return new Response(body, response)
  }
}

/** What the client makes of a change; answers differ in length, and some have no such byte. */
const attempt = async (client: Client, kind: Kind, at: number): Promise<'noticed' | 'unnoticed' | 'untouched'> => {
  let touched = false
  const service = await clients[client](through(kind, at, (_length, changes) => (touched ||= changes)))
  try {
    await ask(kind, service)
    return touched ? 'unnoticed' : 'untouched'
  } catch {
    return touched ? 'noticed' : 'untouched'
  }
}

window.tamper = async (client, kind, first, step) => {
  let length = 0
  await ask(kind, await clients[client](through(kind, Infinity, (bytes) => (length = bytes))))
  const unnoticed: number[] = []
  let tried = 0
  for (let at = first; at < length; at += step) {
    const outcome = await attempt(client, kind, at)
    if (outcome !== 'untouched') tried += 1
    if (outcome === 'unnoticed') unnoticed.push(at)
  }
  return { length, tried, unnoticed }
}
document.body.dataset['ready'] = 'yes'
