/** An instance that progresses by itself, behind a gateway of its own. */
import { Actor, HttpAgent } from '@dfinity/agent'
import { PocketIc, PocketIcServer } from '@dfinity/pic'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeRecord, replay } from '@tidemark/network'
import { encodeManagement } from '../../../tests/support/index.ts'
import { type Counter, counterWasm } from './support/counter.ts'
import { useExecutable } from './support/server.ts'

let server: PocketIcServer

beforeAll(async () => {
  useExecutable()
  server = await PocketIcServer.start()
})

afterAll(async () => {
  await server.stop()
})

async function agentOf(host: string): Promise<HttpAgent> {
  return HttpAgent.create({ host, shouldFetchRootKey: true, retryTimes: 0 })
}

test('an agent calls a canister of a live instance and checks its certificates', async () => {
  const pic = await PocketIc.create(server.getUrl())
  const canisterId = await pic.createCanister()
  await pic.installCode({ canisterId, wasm: counterWasm })
  const started = Date.now()
  const port = await pic.makeLive()
  expect(await pic.makeLive()).toBe(port)
  const agent = await agentOf(`http://127.0.0.1:${port}`)
  const actor = Actor.createActor<Counter>(
    ({ IDL }) => IDL.Service({ increment: IDL.Func([], [IDL.Nat32], []), read: IDL.Func([], [IDL.Nat32], ['query']) }),
    { agent, canisterId: canisterId.toText() },
  )
  expect(await actor.increment()).toBe(1)
  expect(await actor.read()).toBe(1)
  expect(await pic.getTime()).toBeGreaterThanOrEqual(started)
  await pic.stopLive()
  await expect(fetch(`http://127.0.0.1:${port}/api/v2/status`)).rejects.toThrow()
  const stopped = await pic.getTime()
  await pic.tick()
  expect(await pic.getTime()).toBe(stopped)
  await pic.tearDown()
})

test('a live instance is replayed to the same state', async () => {
  const created = await fetch(`${server.getUrl()}/instances`, {
    method: 'POST',
    body: JSON.stringify({ subnet_config_set: { nns: {}, application: [{}] }, initial_time: { AutoProgress: { artificial_delay_ms: 1 } } }),
  })
  const { instance_id } = ((await created.json()) as { Created: { instance_id: number } }).Created
  const url = `${server.getUrl()}/instances/${instance_id}`
  const post = async (path: string, body: unknown): Promise<unknown> =>
    (await fetch(`${url}/${path}`, { method: 'POST', body: JSON.stringify(body) })).json()
  const call = {
    sender: 'BA==',
    canister_id: '',
    effective_principal: 'None',
    method: 'provisional_create_canister_with_cycles',
    payload: Buffer.from(
      encodeManagement('provisional_create_canister_with_cycles', {
        amount: [],
        settings: [],
        specified_id: [],
        sender_canister_version: [],
      }),
    ).toString('base64'),
  }
  const { Ok: messageId } = (await post('update/submit_ingress_message', call)) as { Ok: unknown }
  expect(await post('update/await_ingress_message', messageId)).toHaveProperty('Ok')
  await post('stop_progress', {})
  const record = await fetch(`${url}/_/record`)
  const again = replay(decodeRecord(new Uint8Array(await record.arrayBuffer())))
  expect(Buffer.from(again.stateHash()).toString('hex')).toBe(record.headers.get('x-state-hash'))
  expect(again.subnets()[1]?.replica.canisters()).toHaveLength(1)
})

test('agents reach an instance under its path too', async () => {
  const pic = await PocketIc.create(server.getUrl())
  const response = await fetch(`${server.getUrl()}/instances/2/api/v2/status`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/cbor')
  await pic.tearDown()
  expect((await fetch(`${server.getUrl()}/instances/2/api/v2/status`)).status).toBe(400)
})
