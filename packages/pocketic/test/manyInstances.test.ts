/** Many instances, one after the other and all at once. */
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { PocketIc } from '@dfinity/pic'
import { program, universalCanister } from '../../../tests/support/index.ts'
import { type Client, createClient, createFixture } from './support/client.ts'
import { startServer } from './support/server.ts'

/** Bytes in use once everything that nobody holds is gone. */
async function heapBytes(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let turn = 0; turn < 4; turn++) {
    collect()
    await pause(0)
  }
  return process.memoryUsage().heapUsed
}

async function useAndDelete(client: Client): Promise<void> {
  const fixture = await createFixture(client)
  await fixture.update(program().note('used').reply())
  expect((await client.request(fixture.path, { method: 'DELETE' })).status).toBe(200)
}

test('a hundred instances, each created, used and deleted, leave nothing behind', async () => {
  const client = createClient()
  for (let count = 0; count < 20; count++) await useAndDelete(client)
  const before = await heapBytes()
  for (let count = 0; count < 100; count++) await useAndDelete(client)
  const grown = (await heapBytes()) - before
  // An instance that stayed would take more than 100 kB.
  expect(grown).toBeLessThan(100 * 40_000)
  await client.close()
})

/** Memory of the server behind a process that started it, MiB. */
function residentMib(launcher: number): number {
  const [server = ''] = readFileSync(`/proc/${launcher}/task/${launcher}/children`, 'utf8').split(' ')
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server}/status`, 'utf8'))?.[1]) / 1024
}

test.runIf(existsSync('/proc/self/task'))('the memory of a server is after a hundred instances more what it was after ten', async () => {
  const server = await startServer()
  const use = async (): Promise<void> => {
    const pic = await PocketIc.create(server.url)
    const canisterId = await pic.createCanister()
    await pic.installCode({ canisterId, wasm: universalCanister() })
    await pic.updateCall({ canisterId, method: 'update', arg: program().note('used').reply().bytes() })
    await pic.tearDown()
  }
  for (let count = 0; count < 10; count++) await use()
  const before = residentMib(server.process.pid ?? 0)
  for (let count = 0; count < 100; count++) await use()
  // Room for the engine's own needs: an instance that stayed would take more than a MiB.
  expect(residentMib(server.process.pid ?? 0) - before).toBeLessThan(70)
  server.process.kill('SIGTERM')
  expect(await server.ended()).toBe(0)
})
