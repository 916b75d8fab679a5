import { Actor as DfinityActor, CanisterStatus, HttpAgent as DfinityAgent, type Identity } from '@dfinity/agent'
import { DelegationChain, DelegationIdentity, ECDSAKeyIdentity, Ed25519KeyIdentity } from '@dfinity/identity'
import { Secp256k1KeyIdentity } from '@icp-sdk/core/identity/secp256k1'
import { Principal as DfinityPrincipal } from '@dfinity/principal'
import { Actor as SdkActor, HttpAgent as SdkAgent } from '@icp-sdk/core/agent'
import { Principal as SdkPrincipal } from '@icp-sdk/core/principal'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { greeterId, greeterInterface, startNetwork, type TestNetwork } from './support/network.ts'

// The real agents, unmodified, with every verification on: what they accept is what clients accept.
const host = 'http://127.0.0.1:4943'

interface Greeter {
  greet(name: string): Promise<string>
  refuse_query(): Promise<void>
  record(name: string): Promise<string>
  refuse(): Promise<void>
  declined(): Promise<void>
}

let network: TestNetwork
beforeEach(() => {
  network = startNetwork()
})
afterEach(() => network.stop())

type Connect = (identity?: Identity, of?: TestNetwork) => Promise<Greeter>

const agents: [name: string, connect: Connect][] = [
  [
    '@dfinity/agent 3.4.3',
    async (identity, { fetch, replica } = network) => {
      const agent = await DfinityAgent.create({ host, fetch, rootKey: replica.rootKey, retryTimes: 0, ...(identity && { identity }) })
      return DfinityActor.createActor(greeterInterface, { agent, canisterId: greeterId.toText() }) as unknown as Greeter
    },
  ],
  [
    '@icp-sdk/core 6.1.0',
    async (identity, { fetch, replica } = network) => {
      const agent = await SdkAgent.create({
        host,
        fetch,
        rootKey: replica.rootKey,
        retryTimes: 0,
        ...(identity && { identity: identity as never }),
      })
      return SdkActor.createActor(greeterInterface as never, {
        agent,
        canisterId: SdkPrincipal.fromText(greeterId.toText()),
      }) as unknown as Greeter
    },
  ],
]

describe.each(agents)('%s', (_, connect) => {
  test('queries, with the node signature verified', async () => {
    const greeter = await connect()
    expect(await greeter.greet('you')).toBe('Hello you of 2vxsx-fae')
    await expect(greeter.refuse_query()).rejects.toThrow(/Reject code: 4[^]*not today[^]*IC0406/)
  })

  test('makes update calls that are answered at once with a certificate', async () => {
    const greeter = await connect()
    expect(await greeter.record('this')).toBe('Recorded this of 2vxsx-fae')
    await expect(greeter.refuse()).rejects.toThrow(/Reject code: 4[^]*not today[^]*IC0406/)
    expect(network.requests.filter(({ path }) => path.endsWith('/read_state') && !path.includes('subnet')).length).toBeLessThanOrEqual(1)
  })

  test('is told that the canister declines a call, with nothing left in the state', async () => {
    const greeter = await connect()
    await expect(greeter.declined()).rejects.toThrow(/Reject code: 4[^]*rejected the message[^]*IC0406/)
    expect(network.replica.admitted).toEqual([])
  })

  test.each<[string, () => Promise<Identity>]>([
    ['Ed25519', async () => Ed25519KeyIdentity.generate()],
    ['ECDSA P-256', async () => ECDSAKeyIdentity.generate()],
    ['ECDSA secp256k1', async () => Secp256k1KeyIdentity.generate() as unknown as Identity],
    ['a delegation', () => delegated()],
    ['a delegation to this canister', () => delegated([DfinityPrincipal.fromText(greeterId.toText())])],
  ])('signs with %s', async (_scheme, createIdentity) => {
    const identity = await createIdentity()
    const greeter = await connect(identity)
    const me = identity.getPrincipal().toText()
    expect(await greeter.greet('you')).toBe(`Hello you of ${me}`)
    expect(await greeter.record('this')).toBe(`Recorded this of ${me}`)
  })

  test('is refused with a delegation to another canister', async () => {
    const greeter = await connect(await delegated([DfinityPrincipal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai')]))
    await expect(greeter.greet('you')).rejects.toThrow('not one of the delegation targets')
  })

  test('sets its clock by a network that is an hour ahead', async () => {
    const ahead = startNetwork({ clockAheadNanos: 3_600_000_000_000n })
    try {
      const greeter = await connect(Ed25519KeyIdentity.generate(), ahead)
      expect(await greeter.record('this')).toMatch('Recorded this')
      expect(ahead.requests).toContainEqual(expect.objectContaining({ status: 400 }))
    } finally {
      ahead.stop()
    }
  })

  test('polls when the answer takes longer than the network waits', async () => {
    const slow = startNetwork({ settled: async () => {} })
    try {
      const greeter = await connect(Ed25519KeyIdentity.generate(), slow)
      expect(await greeter.record('this')).toMatch('Recorded this')
      expect(slow.requests).toContainEqual(expect.objectContaining({ status: 202 }))
    } finally {
      slow.stop()
    }
  })
})

describe('CanisterStatus of @dfinity/agent', () => {
  test('reads time, controllers, module hash, candid and subnet', async () => {
    const agent = await DfinityAgent.create({ host, fetch: network.fetch, shouldFetchRootKey: true })
    const status = await CanisterStatus.request({
      agent,
      canisterId: DfinityPrincipal.fromText(greeterId.toText()),
      paths: ['time', 'controllers', 'module_hash', 'candid', 'subnet'],
    })
    expect(status.get('candid')).toBe('service : {}')
    expect(status.get('controllers')).toHaveLength(1)
    expect(status.get('module_hash')).toHaveLength(64)
    expect(status.get('subnet')).toMatchObject({ subnetId: network.replica.subnetId.toText() })
  })

  test('answers for a canister that does not exist', async () => {
    const agent = await DfinityAgent.create({ host, fetch: network.fetch, shouldFetchRootKey: true })
    const status = await CanisterStatus.request({
      agent,
      canisterId: DfinityPrincipal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai'),
      paths: ['time', 'module_hash'],
    })
    expect(status.get('module_hash')).toBeNull()
    expect(status.get('time')).toBeInstanceOf(Date)
  })
})

async function delegated(targets?: DfinityPrincipal[]): Promise<Identity> {
  const root = Ed25519KeyIdentity.generate()
  const session = Ed25519KeyIdentity.generate()
  const chain = await DelegationChain.create(root, session.getPublicKey(), new Date(Date.now() + 600_000), targets && { targets })
  return DelegationIdentity.fromDelegation(session, chain)
}
