/** An instance that progresses by itself, behind a gateway of its own. */
import { Actor, HttpAgent } from '@dfinity/agent'
import { PocketIc, PocketIcServer } from '@dfinity/pic'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

test('agents reach an instance under its path too', async () => {
  const pic = await PocketIc.create(server.getUrl())
  const response = await fetch(`${server.getUrl()}/instances/1/api/v2/status`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/cbor')
  await pic.tearDown()
  expect((await fetch(`${server.getUrl()}/instances/1/api/v2/status`)).status).toBe(400)
})
