/** System canisters that an instance starts with (`icp_features`): over PicJS as it comes from npm, and in requests of other clients. */
import { mkdtempSync, rmSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { IDL } from '@dfinity/candid'
import { IcpFeaturesConfig, PocketIc, PocketIcServer, SubnetStateType } from '@dfinity/pic'
import {
  type Binding,
  cyclesLedger,
  type CyclesLedgerService,
  cyclesMinting,
  type CyclesMintingService,
  icpLedger,
  type IcpLedgerService,
  registry,
  type RegistryService,
} from '@tidemark/bindings'
import { managementCanisterId, Principal } from '@tidemark/types'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeManagement } from '../../../tests/support/index.ts'
import type { JsonValue } from '../src/wire/json.ts'
import { applicationSubnet, base64, type Client, createClient } from './support/client.ts'
import { eventually, useExecutable } from './support/server.ts'

type CanisterId = Awaited<ReturnType<PocketIc['createCanister']>>

const ids = {
  registry: 'rwlgt-iiaaa-aaaaa-aaaaa-cai',
  icpLedger: 'ryjl3-tyaaa-aaaaa-aaaba-cai',
  cyclesMinting: 'rkp4c-7iaaa-aaaaa-aaaca-cai',
  cyclesLedger: 'um5iw-rqaaa-aaaaq-qaaba-cai',
  governance: 'rrkah-fqaaa-aaaaa-aaaaq-cai',
  root: 'r7inp-6aaaa-aaaaa-aaabq-cai',
} as const
const feature = IcpFeaturesConfig.DefaultConfig
const icp = 100_000_000n
const firstBuild = 240_000

describe('an instance with all of them', () => {
  let server: PocketIcServer
  let pic: PocketIc

  beforeAll(async () => {
    useExecutable()
    server = await PocketIcServer.start({ showRuntimeLogs: false })
    pic = await PocketIc.create(server.getUrl(), {
      application: [{ state: { type: SubnetStateType.New } }],
      fiduciary: { state: { type: SubnetStateType.New } },
      icpFeatures: { registry: feature, cyclesMinting: feature, icpToken: feature, cyclesToken: feature, ii: feature },
      processingTimeoutMs: firstBuild,
    })
  }, firstBuild)

  afterAll(async () => {
    await pic.tearDown()
    await server.stop()
  })

  /** Clients have a class of their own for ids. */
  async function idOf(text: string): Promise<CanisterId> {
    const { constructor } = await pic.getDefaultEffectiveCanisterId()
    return (constructor as unknown as { fromText(text: string): CanisterId }).fromText(text)
  }

  async function actor<Service>(id: string, { idlFactory }: Binding, as = '2vxsx-fae'): Promise<Service> {
    const made = pic.createActor(idlFactory as unknown as Parameters<PocketIc['createActor']>[0], await idOf(id))
    made.setPrincipal(await idOf(as))
    return made as unknown as Service
  }

  const cmc = (as?: string) => actor<CyclesMintingService>(ids.cyclesMinting, cyclesMinting, as)

  test.each([
    ['registry', ids.registry, 'nns'],
    ['cycles minting canister', ids.cyclesMinting, 'nns'],
    ['ICP ledger', ids.icpLedger, 'nns'],
    ['cycles ledger', ids.cyclesLedger, 'ii'],
    ['Internet Identity', 'rdmx6-jaaaa-aaaaa-aaadq-cai', 'ii'],
    ['page of Internet Identity', 'uqzsh-gqaaa-aaaaq-qaada-cai', 'ii'],
  ])('the %s is on its subnet, and the NNS root controls it', async (_, text, kind) => {
    const id = await idOf(text)
    const subnet = kind === 'nns' ? await pic.getNnsSubnet() : await pic.getInternetIdentitySubnet()
    expect((await pic.getCanisterSubnetId(id))?.toText()).toBe(subnet?.id.toText())
    expect((await pic.getControllers(id)).map((controller) => controller.toText())).toEqual([ids.root])
  })

  test('memory is set aside for them as on the public network', async () => {
    const status = async (text: string) => {
      const canisterId = await idOf(text)
      return pic.canisterStatus({ canisterId, sender: await idOf(ids.root) })
    }
    expect((await status(ids.icpLedger)).settings.memoryAllocation).toBe(4_294_967_296n)
    expect((await status(ids.cyclesMinting)).settings.memoryAllocation).toBe(1_073_741_824n)
  })

  test('time starts after the age of the price of ICP', async () => {
    expect(BigInt(await pic.getTime())).toBe(1_620_633_601_000n)
    const rate = await (await cmc()).get_icp_xdr_conversion_rate()
    expect(rate.data).toEqual({ xdr_permyriad_per_icp: 35_200n, timestamp_seconds: 1_620_633_601n })
  })

  test('the anonymous principal, and the accounts of older tools, have a billion ICP; and 2^127 - 1 cycles', async () => {
    const ledger = await actor<IcpLedgerService>(ids.icpLedger, icpLedger)
    const owner = (await idOf('2vxsx-fae')) as never
    expect(await ledger.icrc1_balance_of({ owner, subaccount: [] })).toBe(1_000_000_000n * icp)
    const account = new Uint8Array(Buffer.from('5b315d2f6702cb3a27d826161797d7b2c2e131cd312aece51d4d5574d1247087', 'hex'))
    expect(await ledger.account_balance({ account })).toEqual({ e8s: 1_000_000_000n * icp })
    const cycles = await actor<CyclesLedgerService>(ids.cyclesLedger, cyclesLedger)
    expect(await cycles.icrc1_balance_of({ owner, subaccount: [] })).toBe(2n ** 127n - 1n)
  })

  test('canisters are created on application subnets, and on the fiduciary one by its type', async () => {
    const [application] = await pic.getApplicationSubnets()
    const fiduciary = await pic.getFiduciarySubnet()
    expect((await (await cmc()).get_default_subnets()).map((id) => id.toText())).toEqual([application?.id.toText()])
    const { data } = await (await cmc()).get_subnet_types_to_subnets()
    expect(data.map(([type, list]) => [type, list.map((id) => id.toText())])).toEqual([['fiduciary', [fiduciary?.id.toText()]]])
    const ledger = await actor<CyclesLedgerService>(ids.cyclesLedger, cyclesLedger)
    const create = (subnet_type: [] | [string]) =>
      ledger.create_canister({
        amount: 5_000_000_000_000n,
        from_subaccount: [],
        created_at_time: [],
        creation_args: [{ settings: [], subnet_selection: [{ Filter: { subnet_type } }] }],
      })
    for (const [type, subnet] of [
      [[], application],
      [['fiduciary'], fiduciary],
    ] as const) {
      const created = await create(type as [] | [string])
      if (!('Ok' in created)) throw new Error('the canister was not created')
      const id = await idOf(created.Ok.canister_id.toText())
      expect((await pic.getCanisterSubnetId(id))?.toText()).toBe(subnet?.id.toText())
      expect((await pic.getControllers(id)).map((controller) => controller.toText())).toEqual(['2vxsx-fae'])
    }
  })

  test('ICP becomes cycles of a canister on another subnet', async () => {
    const target = await pic.createCanister()
    const before = await pic.getCyclesBalance(target)
    const bytes = target.toUint8Array()
    const subaccount = new Uint8Array(32)
    subaccount[0] = bytes.length
    subaccount.set(bytes, 1)
    const ledger = await actor<IcpLedgerService>(ids.icpLedger, icpLedger)
    const to = await ledger.account_identifier({ owner: (await idOf(ids.cyclesMinting)) as never, subaccount: [subaccount] })
    const amount = { e8s: icp }
    const sent = await ledger.transfer({ to, memo: 0x5055_5054n, amount, fee: { e8s: 10_000n }, from_subaccount: [], created_at_time: [] })
    if (!('Ok' in sent)) throw new Error('the payment was refused')
    expect(await (await cmc()).notify_top_up({ block_index: sent.Ok, canister_id: target as never })).toEqual({ Ok: 3_520_000_000_000n })
    expect((await pic.getCyclesBalance(target)) - before).toBeGreaterThan(3_519_000_000_000)
  })

  test('governance, whom a test can speak for, sets the price of ICP; others cannot', async () => {
    const price = { data_source: 'test', timestamp_seconds: 1_620_633_700n, xdr_permyriad_per_icp: 20_000n }
    expect(await (await cmc()).set_icp_xdr_conversion_rate(price)).toMatchObject({ Err: expect.stringContaining('Only governance') })
    expect(await (await cmc(ids.governance)).set_icp_xdr_conversion_rate(price)).toEqual({ Ok: null })
    expect((await (await cmc()).get_icp_xdr_conversion_rate()).data.xdr_permyriad_per_icp).toBe(20_000n)
  })

  test('the sign-in page is on the gateway, for browsers on this machine', async () => {
    const port = await pic.makeLive()
    try {
      for (const host of ['rdmx6-jaaaa-aaaaa-aaadq-cai.localhost', 'id.ai.localhost']) {
        // Before the first round that follows the wall clock, certificates are too old.
        const page = await eventually(async () => {
          const [status, content] = await pageOf(port, host)
          return status === 200 ? content : undefined
        })
        expect(page).toContain('<html')
      }
    } finally {
      await pic.stopLive()
    }
  })

  test('a subnet that comes later is one for new canisters, and in the registry', async () => {
    const known = (await (await cmc()).get_default_subnets()).length
    const id = await pic.createCanister({ targetCanisterId: await idOf(Principal.canister(5n << 20n).toText()) })
    const subnet = (await pic.getCanisterSubnetId(id))?.toText()
    const defaults = (await (await cmc()).get_default_subnets()).map((one) => one.toText())
    expect(defaults).toHaveLength(known + 1)
    expect(defaults).toContain(subnet)
    const found = await (await actor<RegistryService>(ids.registry, registry)).get_subnet_for_canister({ principal: [id as never] })
    if (!('Ok' in found)) throw new Error('the registry does not know the canister')
    expect(found.Ok.subnet_id[0]?.toText()).toBe(subnet)
  })
})

/** Status and text of the page of a host, which no name server knows. */
async function pageOf(port: number, host: string): Promise<[status: number | undefined, text: string]> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  get({ port, host: '127.0.0.1', headers: { host: `${host}:${port}` } }, resolve).on('error', reject)
  const response = await promise
  return [response.statusCode, await textOf(response)]
}

describe('requests', () => {
  let client: Client
  const one = { application: [applicationSubnet] }
  const create = (config: { readonly [name: string]: JsonValue }) => client.post('/instances', { subnet_config_set: one, ...config })

  beforeEach(() => {
    client = createClient()
  })
  afterEach(() => client.close())

  test.each(['nns_governance', 'sns', 'nns_ui', 'bitcoin', 'dogecoin', 'canister_migration'])(
    'for %s are refused by its name, with what there is instead',
    async (name) => {
      const { status, body } = await create({ icp_features: { registry: 'DefaultConfig', [name]: 'DefaultConfig' } })
      expect(status).toBe(400)
      const { message } = (body as { Error: { message: string } }).Error
      expect(message).toMatch(`This server does not have the ICP feature \`${name}\` (\`icp_features\`): it has \`registry\``)
    },
  )

  test('need their subnet empty', async () => {
    const nns = { ...applicationSubnet, state_config: { FromPath: '/a/state' } }
    expect(await create({ subnet_config_set: { ...one, nns }, icp_features: { icp_token: 'DefaultConfig' } })).toEqual({
      status: 400,
      body: { Error: { message: 'The NNS subnet must be empty when specifying the `icp_token` ICP feature.' } },
    })
  })

  test('name a configuration that there is', async () => {
    expect((await create({ icp_features: { registry: 'OtherConfig' } })).status).toBe(422)
  })

  test('with nothing switched on are like none', async () => {
    const { status, body } = await create({ icp_features: { registry: null, ii: null, bitcoin: null } })
    expect(status).toBe(201)
    const { topology } = (body as { Created: { topology: { subnet_configs: Record<string, unknown> } } }).Created
    expect(Object.keys(topology.subnet_configs)).toHaveLength(1)
  })

  test(
    'for a cycles minting canister do not start before it can',
    async () => {
      const timestamp = (nanos: bigint) => ({
        icp_features: { cycles_minting: 'DefaultConfig' },
        initial_time: { Timestamp: { nanos_since_epoch: nanos } },
      })
      expect(await create(timestamp(1_620_633_600_999_999_999n))).toEqual({
        status: 400,
        body: {
          Error: {
            message:
              'The initial timestamp (unix timestamp in nanoseconds) must be no earlier than 1620633601000000000 (provided 1620633600999999999).',
          },
        },
      })
      expect((await create(timestamp(1_620_633_601_000_000_000n))).status).toBe(201)
    },
    firstBuild,
  )

  test(
    'features outlive an instance with a state directory',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'pocketic-features-'))
      try {
        const first = await create({ state_dir: folder, icp_features: { cycles_minting: 'DefaultConfig' } })
        expect(first.status).toBe(201)
        await client.request('/instances/0', { method: 'DELETE' })
        const again = await client.post('/instances', { subnet_config_set: { application: [] }, state_dir: folder })
        expect(again.status).toBe(201)
        const specified = Principal.canister(5n << 20n)
        const created = await client.post('/instances/1/update/submit_ingress_message', {
          sender: 'BA==',
          canister_id: base64(managementCanisterId.bytes),
          effective_principal: { CanisterId: base64(specified.bytes) },
          method: 'provisional_create_canister_with_cycles',
          payload: base64(
            encodeManagement('provisional_create_canister_with_cycles', {
              amount: [],
              settings: [],
              specified_id: [],
              sender_canister_version: [],
            }),
          ),
        })
        expect(created.status).toBe(200)
        const asked = await client.post('/instances/1/read/query', {
          sender: 'BA==',
          canister_id: base64(Principal.fromText(ids.cyclesMinting).bytes),
          effective_principal: 'None',
          method: 'get_default_subnets',
          payload: base64(new Uint8Array([0x44, 0x49, 0x44, 0x4c, 0, 0])),
        })
        const [subnets] = IDL.decode([IDL.Vec(IDL.Principal)], Uint8Array.from(Buffer.from((asked.body as { Ok: string }).Ok, 'base64')))
        expect(subnets).toHaveLength(2)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
    firstBuild,
  )

  test('the NNS subnet goes by its id on the public network where that is asked for', async () => {
    const { body } = await create({ subnet_config_set: { ...one, nns: applicationSubnet }, mainnet_nns_subnet_id: true })
    const { topology } = (body as { Created: { topology: { subnet_configs: Record<string, { subnet_kind: string }> } } }).Created
    const named = Object.entries(topology.subnet_configs).find(([, { subnet_kind }]) => subnet_kind === 'NNS')
    expect(named?.[0]).toBe('tdb26-jop6k-aogll-7ltgs-eruif-6kk7m-qpktf-gdiqx-mxtrf-vb5e6-eqe')
  })
})
