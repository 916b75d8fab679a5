/** Every public method of PicJS is used by a test over the executable: those that the other suites leave out are here. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PocketIc, PocketIcServer } from '@dfinity/pic'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Counter, counterWasm } from './support/counter.ts'
import { useExecutable } from './support/server.ts'

let server: PocketIcServer
let pic: PocketIc

const counterInterface: Parameters<PocketIc['createActor']>[0] = ({ IDL }) =>
  IDL.Service({ increment: IDL.Func([], [IDL.Nat32], []), read: IDL.Func([], [IDL.Nat32], ['query']) })

beforeAll(async () => {
  useExecutable()
  server = await PocketIcServer.start()
  pic = await PocketIc.create(server.getUrl())
})

afterAll(async () => {
  await pic.tearDown()
  await server.stop()
})

test('setupCanister creates, installs and gives an actor', async () => {
  const { actor, canisterId } = await pic.setupCanister<Counter>({ idlFactory: counterInterface, wasm: counterWasm })
  expect(await actor.increment()).toBe(1)
  expect((await pic.getControllers(canisterId)).map(String)).toEqual(['2vxsx-fae'])
})

test('advanceCertifiedTime moves the time by a round, resetTime and resetCertifiedTime to the present', async () => {
  const before = await pic.getTime()
  await pic.advanceCertifiedTime(60_000)
  expect(await pic.getTime()).toBe(before + 60_000)
  const now = Date.now()
  await pic.resetTime()
  expect(await pic.getTime()).toBeGreaterThanOrEqual(now)
  await pic.resetCertifiedTime()
  expect(await pic.getTime()).toBeGreaterThanOrEqual(now)
})

test('no public method is left out', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'))
  const suites = files.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('\n')
  // The last is private: `installCode` takes it for modules that are too long for one message.
  const others = ['constructor', 'installCodeChunked']
  const methods = Object.getOwnPropertyNames(PocketIc.prototype).filter((name) => !others.includes(name))
  expect(methods.length).toBeGreaterThan(40)
  expect(methods.filter((name) => !new RegExp(`\\.${name}\\b`).test(suites))).toEqual([])
})
