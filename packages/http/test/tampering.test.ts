import { Actor as DfinityActor, HttpAgent as DfinityAgent } from '@dfinity/agent'
import { Actor as IcpActor, HttpAgent as IcpAgent } from '@icp-sdk/core/agent'
import { Principal as IcpPrincipal } from '@icp-sdk/core/principal'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { greeterId, greeterInterface, startNetwork, type TestNetwork } from './support/network.ts'

// Someone between client and network changes one byte of an answer: the client must notice, wherever the byte is.
interface Greeter {
  greet(name: string): Promise<string>
  record(name: string): Promise<string>
}

type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>

let network: TestNetwork
beforeEach(() => {
  network = startNetwork()
})
afterEach(() => network.stop())

const options = (fetch: Fetch): { host: string; fetch: Fetch; rootKey: Uint8Array; retryTimes: number } => ({
  host: 'http://127.0.0.1',
  fetch,
  rootKey: network.replica.rootKey,
  retryTimes: 0,
})

/** Unmodified clients. */
const clients: Record<string, (fetch: Fetch) => Promise<Greeter>> = {
  '@icp-sdk/core': async (fetch) => {
    const agent = await IcpAgent.create(options(fetch))
    const canisterId = IcpPrincipal.fromText(greeterId.toText())
    return IcpActor.createActor(greeterInterface as never, { agent, canisterId }) as unknown as Greeter
  },
  '@dfinity/agent': async (fetch) => {
    const agent = await DfinityAgent.create(options(fetch))
    return DfinityActor.createActor<Greeter>(greeterInterface, { agent, canisterId: greeterId.toText() })
  },
}

/** A way to the network on which byte `at` of every answer from `endpoint` is changed; tells how long the answers are. */
function tamperedFetch(endpoint: string, at: number): { fetch: Fetch; lengths: number[] } {
  const lengths: number[] = []
  const fetch: Fetch = async (input, init) => {
    const response = await network.fetch(input, init)
    if (!new Request(input, init).url.endsWith(endpoint)) return response
    const body = new Uint8Array(await response.arrayBuffer())
    lengths.push(body.length)
    if (at < body.length) body[at] = (body[at] as number) ^ (1 << (at % 8))
    return new Response(body, response)
  }
  return { fetch, lengths }
}

const requests: [string, string, (greeter: Greeter) => Promise<string>][] = [
  ['the answer to an update call', '/call', (greeter) => greeter.record('this')],
  ['the answer to a query', '/query', (greeter) => greeter.greet('you')],
  ['the certificate of the keys that sign queries', '/read_state', (greeter) => greeter.greet('you')],
]

describe.each(Object.keys(clients))('%s refuses', (client) => {
  const connect = clients[client] as (fetch: Fetch) => Promise<Greeter>

  test.each(requests)('%s with any byte changed', async (_, endpoint, ask) => {
    const { fetch, lengths } = tamperedFetch(endpoint, Infinity)
    expect(await ask(await connect(fetch))).toMatch('of 2vxsx-fae')
    const [length = 0] = lengths
    expect(length).toBeGreaterThan(100)
    // From behind the first field, whose change only makes the client ask again; a prime step meets every kind of byte.
    for (let at = 24; at < length; at += 13) {
      const greeter = await connect(tamperedFetch(endpoint, at).fetch)
      await expect(ask(greeter), `byte ${at} of ${length}`).rejects.toThrow()
    }
  })
})
