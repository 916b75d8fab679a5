/** Many instances, one after the other and all at once. */
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { program } from '../../../tests/support/index.ts'
import { type Client, createClient, createFixture } from './support/client.ts'

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
