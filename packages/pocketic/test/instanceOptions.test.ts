/** What an instance can be asked for that changes who may do what. */
import { Cbor } from '@dfinity/agent'
import { Principal } from '@tidemark/types'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeManagement, candid, program } from '../../../tests/support/index.ts'
import type { JsonValue } from '../src/wire/json.ts'
import { applicationSubnet, base64, type Client, createClient, createFixture, type Fixture } from './support/client.ts'

const stranger = Principal.selfAuthenticating(new Uint8Array(28).fill(7))

let client: Client

beforeEach(() => {
  client = createClient()
})

afterEach(() => client.close())

describe('requests of agents without a signature', () => {
  async function query({ path, canisterId }: Fixture): Promise<Response> {
    const content = {
      request_type: 'query',
      sender: stranger.bytes,
      canister_id: canisterId.bytes,
      method_name: 'query',
      arg: program().read('msg_caller').replyTop().bytes(),
      ingress_expiry: 0n,
    }
    const init = { method: 'POST', headers: { 'content-type': 'application/cbor' }, body: Buffer.from(Cbor.encode({ content })) }
    return client.request(`${path}/api/v2/canister/${canisterId.toText()}/query`, init)
  }

  test.each<[string, JsonValue | undefined]>([
    ['is not told so', undefined],
    ['is told to look', false],
  ])('are refused by an instance that %s', async (_title, flag) => {
    const fixture = await createFixture(client, program(), flag === undefined ? {} : { disable_ingress_validation: flag })
    expect((await query(fixture)).status).toBe(400)
  })

  test('are taken by one that is told not to look, for whoever they say', async () => {
    const fixture = await createFixture(client, program(), { disable_ingress_validation: true })
    const answered = await query(fixture)
    expect(answered.status).toBe(200)
    const { reply } = Cbor.decode<{ reply: { arg: Uint8Array } }>(new Uint8Array(await answered.arrayBuffer()))
    expect(new Uint8Array(reply.arg)).toEqual(stranger.bytes)
  })
})

describe('admins of a subnet', () => {
  const stop = async ({ path, canisterId, call }: Fixture, sender: Principal): Promise<unknown> => {
    const payload = encodeManagement('stop_canister', { canister_id: candid(canisterId) })
    const members = { sender: base64(sender.bytes), canister_id: '' }
    const submitted = await client.post(`${path}/update/submit_ingress_message`, call('stop_canister', payload, members))
    const { Ok: messageId } = submitted.body as { Ok?: JsonValue }
    if (messageId === undefined) return submitted.body
    return (await client.post(`${path}/update/await_ingress_message`, messageId)).body
  }
  const withAdmins = (admins: JsonValue) => ({
    subnet_config_set: { application: [{ ...applicationSubnet, cost_schedule: 'Free', subnet_admins: admins }] },
  })

  test.each<[string, JsonValue]>([
    ['as text', [stranger.toText()]],
    ['as bytes', [{ principal_id: base64(stranger.bytes) }]],
  ])('given %s manage its canisters', async (_form, admins) => {
    const fixture = await createFixture(client, program(), withAdmins(admins))
    expect(await stop(fixture, stranger)).toHaveProperty('Ok')
    const { subnet_configs } = (await client.get(`${fixture.path}/_/topology`)).body as { subnet_configs: object }
    expect(Object.values(subnet_configs)).toMatchObject([{ subnet_admins: [stranger.toText()], cost_schedule: 'Free' }])
  })

  test('are nobody else', async () => {
    const fixture = await createFixture(client, program(), withAdmins([Principal.fromBytes(Uint8Array.of(1)).toText()]))
    expect(await stop(fixture, stranger)).toHaveProperty('Err')
  })

  test('must be principals', async () => {
    const answered = await client.request('/instances', { method: 'POST', body: JSON.stringify(withAdmins(['no-body'])) })
    expect([answered.status, await answered.text()]).toEqual([422, expect.stringContaining('`subnet_admins` must be principals')])
  })
})

test.each([
  ['icp_config', { beta_features: 'On' }, '`beta_features` must be one of Disabled, Enabled'],
  ['incomplete_state', 'Maybe', '`incomplete_state` must be one of Disabled, Enabled'],
  ['disable_ingress_validation', 'yes', 'disable_ingress_validation: expected a boolean'],
])('%s is one of its values: else 422', async (name, value, reason) => {
  const body = JSON.stringify({ subnet_config_set: { application: [applicationSubnet] }, [name]: value })
  const answered = await client.request('/instances', { method: 'POST', body })
  expect([answered.status, await answered.text()]).toEqual([422, expect.stringContaining(reason)])
})
