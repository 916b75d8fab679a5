import { Actor, HttpAgent } from '@icp-sdk/core/agent'
import { Principal } from '@icp-sdk/core/principal'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { greeterId, greeterInterface, startNetwork, type TestNetwork } from './support/network.ts'

// Someone between client and network changes one byte of an answer: the client must notice, wherever the byte is.
interface Greeter {
  greet(name: string): Promise<string>
  record(name: string): Promise<string>
}

let network: TestNetwork
beforeEach(() => {
  network = startNetwork()
})
afterEach(() => network.stop())

/** A client whose answers from `endpoint` come with one bit of byte `at` flipped; tells how long the answers are. */
async function connect(endpoint: string, at: number): Promise<{ greeter: Greeter; lengths: number[] }> {
  const lengths: number[] = []
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const response = await network.fetch(input, init)
    if (!new Request(input, init).url.endsWith(endpoint)) return response
    const body = new Uint8Array(await response.arrayBuffer())
    lengths.push(body.length)
    if (at < body.length) body[at] = (body[at] as number) ^ 1
    return new Response(body, response)
  }
  const agent = await HttpAgent.create({ host: 'http://127.0.0.1', fetch, rootKey: network.replica.rootKey, retryTimes: 0 })
  const canisterId = Principal.fromText(greeterId.toText())
  return { greeter: Actor.createActor(greeterInterface as never, { agent, canisterId }) as unknown as Greeter, lengths }
}

describe.each<[string, string, (greeter: Greeter) => Promise<string>]>([
  ['the answer to an update call', '/call', (greeter) => greeter.record('this')],
  ['the answer to a query', '/query', (greeter) => greeter.greet('you')],
])('%s', (_, endpoint, ask) => {
  test('is refused with any byte changed', async () => {
    const { greeter, lengths } = await connect(endpoint, Infinity)
    expect(await ask(greeter)).toMatch('of 2vxsx-fae')
    const [length = 0] = lengths
    expect(length).toBeGreaterThan(100)
    // From behind the first field, whose change only makes the client ask again; a prime step meets every kind of byte.
    for (let at = 24; at < length; at += 13) {
      const tampered = await connect(endpoint, at)
      await expect(ask(tampered.greeter), `byte ${at} of ${length}`).rejects.toThrow()
    }
  })
})
