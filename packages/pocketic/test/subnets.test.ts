/** PicJS as it comes from npm, over an instance of many subnets. */
import { Actor, HttpAgent } from '@dfinity/agent'
import { PocketIc, PocketIcServer, SubnetStateType } from '@dfinity/pic'
import { managementCanisterId, Principal } from '@tidemark/types'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeManagement, type Program, program, universalCanister } from '../../../tests/support/index.ts'
import { type Counter, counterWasm } from './support/counter.ts'
import { useExecutable } from './support/server.ts'

type CanisterId = Awaited<ReturnType<PocketIc['createCanister']>>
type Subnet = NonNullable<Awaited<ReturnType<PocketIc['getNnsSubnet']>>>

const wasm = universalCanister()
const fresh = { state: { type: SubnetStateType.New } } as const
const decoder = new TextDecoder()
const pass = { onReply: program().read('msg_arg_data').replyTop(), onReject: program().read('msg_reject_msg').replyTop() }

let server: PocketIcServer
let pic: PocketIc

beforeAll(async () => {
  useExecutable()
  server = await PocketIcServer.start()
})

afterAll(async () => {
  await server.stop()
})

beforeEach(async () => {
  pic = await PocketIc.create(server.getUrl(), {
    nns: fresh,
    sns: fresh,
    ii: fresh,
    fiduciary: fresh,
    bitcoin: fresh,
    system: [fresh],
    application: [fresh, fresh],
  })
})

afterEach(async () => {
  await pic.tearDown()
})

async function setUp(subnet: Subnet | null | undefined): Promise<CanisterId> {
  if (subnet === null || subnet === undefined) throw new Error('no such subnet')
  const canisterId = await pic.createCanister({ targetSubnetId: subnet.id })
  await pic.installCode({ canisterId, wasm })
  return canisterId
}

/** A canister id as PicJS has them. */
async function canisterIdOf(text: string): Promise<CanisterId> {
  const { constructor } = await pic.getDefaultEffectiveCanisterId()
  return (constructor as unknown as { fromText(text: string): CanisterId }).fromText(text)
}

const ours = (id: CanisterId) => Principal.fromBytes(id.toUint8Array())
const update = async (canisterId: CanisterId, body: Program) =>
  decoder.decode(await pic.updateCall({ canisterId, method: 'update', arg: body.bytes() }))

describe('the subnets of an instance', () => {
  test('are there by their kinds, each with its size and its own key', async () => {
    const named = await Promise.all([
      pic.getNnsSubnet(),
      pic.getSnsSubnet(),
      pic.getInternetIdentitySubnet(),
      pic.getFiduciarySubnet(),
      pic.getBitcoinSubnet(),
    ])
    expect(named.map((subnet) => subnet?.size)).toEqual([40, 34, 34, 34, 13])
    const all = await pic.getTopology()
    expect(Object.keys(all)).toHaveLength(8)
    expect([(await pic.getApplicationSubnets()).length, (await pic.getSystemSubnets()).length]).toEqual([2, 1])
    const keys = await Promise.all(named.map(async (subnet) => Buffer.from(await pic.getPubKey((subnet as Subnet).id)).toString('hex')))
    expect(new Set(keys).size).toBe(named.length)
  })

  test('host the ids that they host on the public network', async () => {
    const [, second] = (await pic.getNnsSubnet())?.canisterRanges ?? []
    expect(second?.start.toText()).toBe('qoctq-giaaa-aaaaa-aaaea-cai')
    for (const [text, subnet] of [
      ['ryjl3-tyaaa-aaaaa-aaaba-cai', await pic.getNnsSubnet()],
      ['rdmx6-jaaaa-aaaaa-aaadq-cai', await pic.getInternetIdentitySubnet()],
    ] as const) {
      const id = await pic.createCanister({ targetCanisterId: await canisterIdOf(text) })
      expect(id.toText()).toBe(text)
      expect((await pic.getCanisterSubnetId(id))?.toText()).toBe(subnet?.id.toText())
    }
  })

  test('grow by one when a canister of another subnet of the public network is created', async () => {
    const id = await canisterIdOf(Principal.canister((50n << 20n) + 5n).toText())
    expect((await pic.createCanister({ targetCanisterId: id })).toText()).toBe(id.toText())
    expect(Object.keys(await pic.getTopology())).toHaveLength(9)
    const canisterId = await setUp((await pic.getApplicationSubnets())[0])
    await pic.installCode({ canisterId: id, wasm })
    expect(await update(canisterId, program().callUpdate(ours(id), program().reply('far'), pass))).toBe('far')
  })

  test('hand out ids in their own ranges', async () => {
    for (const subnet of [...(await pic.getApplicationSubnets()), await pic.getNnsSubnet()]) {
      const id = await setUp(subnet)
      expect((await pic.getCanisterSubnetId(id))?.toText()).toBe(subnet?.id.toText())
    }
  })
})

describe('across subnets', () => {
  test('canisters call each other', async () => {
    const [first, second] = await pic.getApplicationSubnets()
    const [caller, callee] = [await setUp(first), await setUp(second)]
    const body = program().callUpdate(ours(callee), program().read('msg_caller').replyTop(), pass)
    const answer = await pic.updateCall({ canisterId: caller, method: 'update', arg: body.bytes() })
    expect(answer).toEqual(caller.toUint8Array())
  })

  test('canisters sign with the keys of the II and fiduciary subnets', async () => {
    const caller = await setUp((await pic.getApplicationSubnets())[0])
    const arg = encodeManagement('sign_with_ecdsa', {
      message_hash: new Uint8Array(32),
      derivation_path: [],
      key_id: { curve: { secp256k1: null }, name: 'key_1' },
    })
    const body = program().call(managementCanisterId, 'sign_with_ecdsa', arg, { ...pass, cycles: 30_000_000_000n })
    const answer = await pic.updateCall({ canisterId: caller, method: 'update', arg: body.bytes() })
    expect(answer.length).toBeGreaterThan(64)
    const lonely = await PocketIc.create(server.getUrl())
    const canisterId = await lonely.createCanister()
    await lonely.installCode({ canisterId, wasm })
    const refused = await lonely.updateCall({ canisterId, method: 'update', arg: body.bytes() })
    expect(decoder.decode(refused)).toContain('existing enabled keys: []')
    await lonely.tearDown()
  })

  test('an agent checks certificates of an application subnet against the key of the NNS', async () => {
    const canisterId = await pic.createCanister()
    await pic.installCode({ canisterId, wasm: counterWasm })
    const port = await pic.makeLive()
    const agent = await HttpAgent.create({ host: `http://127.0.0.1:${port}`, shouldFetchRootKey: true, retryTimes: 0 })
    const nns = await pic.getNnsSubnet()
    expect(Buffer.from(agent.rootKey ?? [])).toEqual(Buffer.from(await pic.getPubKey((nns as Subnet).id)))
    const actor = Actor.createActor<Counter>(
      ({ IDL }) => IDL.Service({ increment: IDL.Func([], [IDL.Nat32], []), read: IDL.Func([], [IDL.Nat32], ['query']) }),
      { agent, canisterId: canisterId.toText() },
    )
    expect(await actor.increment()).toBe(1)
    expect(await actor.read()).toBe(1)
    const dashboard = await (await fetch(`http://127.0.0.1:${port}/_/dashboard`)).text()
    expect(dashboard).toContain(canisterId.toText())
    expect(await (await fetch(`http://127.0.0.1:${port}/_/topology`)).json()).toHaveProperty('subnet_configs')
    await pic.stopLive()
  })
})

describe('an HTTP request that each node gets its own answer for', () => {
  const request = encodeManagement('http_request', {
    url: 'https://example.com/',
    method: { get: null },
    headers: [],
    body: [],
    max_response_bytes: [],
    transform: [],
    is_replicated: [],
    pricing_version: [],
  })
  const response = (text: string) => ({ type: 'success', statusCode: 200, headers: [], body: new TextEncoder().encode(text) }) as const

  test.each([
    ['is answered when two thirds agree', 9, /agreed/],
    ['fails when they do not', 8, /No consensus could be reached/],
  ])('%s', async (_title, agreeing, told) => {
    const canisterId = await setUp((await pic.getApplicationSubnets())[0])
    const forward = program().call(managementCanisterId, 'http_request', request, {
      cycles: 10n ** 12n,
      onReply: program().read('msg_arg_data').op('set_state'),
      onReject: program().read('msg_reject_msg').op('set_state'),
    })
    await update(canisterId, forward.reply())
    await pic.tick()
    const [outcall] = await pic.getPendingHttpsOutcalls()
    if (outcall === undefined) throw new Error('no outcall')
    const answers = Array.from({ length: 13 }, (_, node) => response(node < agreeing ? 'agreed' : `node ${node}`))
    const [own, ...additionalResponses] = answers as [ReturnType<typeof response>, ...ReturnType<typeof response>[]]
    const { requestId, subnetId } = outcall
    const mock = { requestId, subnetId, response: { ...own, headers: [] } }
    await expect(pic.mockPendingHttpsOutcall({ ...mock, additionalResponses: [{ ...own, headers: [] }] })).rejects.toThrow(
      /InvalidMockCanisterHttpResponses\(\(2, 13\)\)/,
    )
    await pic.mockPendingHttpsOutcall({ ...mock, additionalResponses: additionalResponses.map((each) => ({ ...each, headers: [] })) })
    await pic.tick()
    expect(decoder.decode(await pic.queryCall({ canisterId, method: 'query', arg: program().replyState().bytes() }))).toMatch(told)
  })
})
