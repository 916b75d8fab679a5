/** Snapshots of the whole network by name, and the way back to its beginning. */
import { expect, test } from 'vitest'
import { program } from '../../../tests/support/index.ts'
import type { SnapshotFacts } from '../src/index.ts'
import { administered, genesisNanos } from './support/adminOf.ts'

const day = 86_400_000_000_000n

test('loading one brings back canisters, time, and what goes along with them', async () => {
  const admin = administered()
  const { replica } = admin.net
  const first = admin.install()
  const facts = await admin.json<SnapshotFacts>('POST', '/snapshots', { name: 'one-canister' })
  const hash = replica.stateHash()
  expect(facts).toMatchObject({ name: 'one-canister', round: String(replica.round()), takenAtNanos: String(genesisNanos) })

  const second = admin.install()
  admin.net.update(first, program().sys('stable64_grow', 1n).op('drop').reply())
  await admin.json('POST', '/time/advance', { nanos: String(day) })
  expect(replica.canisters().length).toBe(2)

  expect(await admin.json('POST', '/snapshots/one-canister/load', {})).toEqual(facts)
  expect(replica.stateHash()).toEqual(hash)
  expect(replica.canister(second)).toBeUndefined()
  expect(admin.told).toEqual(['capture', 'back'])
  // The clock is where the machine's is again: the day that was added is gone.
  expect(await admin.json('GET', '/time')).toMatchObject({ offsetNanos: '0' })
})

test('held time stands at that of the snapshot after loading', async () => {
  const admin = administered()
  admin.net.tick(5)
  await admin.json('POST', '/time/pause', {})
  const { blockTimeNanos } = await admin.json<SnapshotFacts>('POST', '/snapshots', { name: 'x' })
  await admin.json('POST', '/time/advance', { nanos: String(day) })
  await admin.json('POST', '/snapshots/x/load', {})
  expect(await admin.json('GET', '/time')).toMatchObject({ progress: 'paused', timeNanos: String(BigInt(blockTimeNanos) + 1n) })
})

test('names: given, counted, taken, replaced, unknown, impossible', async () => {
  const admin = administered()
  const nameOf = async (fields: unknown) => (await admin.json<SnapshotFacts>('POST', '/snapshots', fields)).name
  expect([await nameOf({}), await nameOf({ name: 'b' }), await nameOf({})]).toEqual(['snapshot-1', 'b', 'snapshot-2'])
  const refused = async (method: string, path: string, fields?: unknown) => {
    const response = await admin.ask(method, path, fields)
    return [response.status, ((await response.json()) as { error: { code: string } }).error.code]
  }
  expect(await refused('POST', '/snapshots', { name: 'b' })).toEqual([409, 'snapshot_exists'])
  expect(await refused('POST', '/snapshots', { name: '../x' })).toEqual([400, 'invalid_request'])
  expect(await refused('POST', '/snapshots', { name: 7 })).toEqual([400, 'invalid_request'])
  expect(await refused('POST', '/snapshots/c/load', {})).toEqual([404, 'snapshot_unknown'])
  expect(await refused('DELETE', '/snapshots/c')).toEqual([404, 'snapshot_unknown'])
  expect(await nameOf({ name: 'b', replace: true })).toBe('b')
  await admin.json('DELETE', '/snapshots/snapshot-1')
  const { snapshots } = await admin.json<{ snapshots: SnapshotFacts[] }>('GET', '/snapshots')
  expect(snapshots.map(({ name }) => name)).toEqual(['snapshot-2', 'b'])
})

test('there are at most 64 of them', async () => {
  const admin = administered()
  for (let n = 0; n < 64; n++) await admin.json('POST', '/snapshots', {})
  expect((await admin.ask('POST', '/snapshots', {})).status).toBe(429)
  expect((await admin.ask('POST', '/snapshots', { name: 'snapshot-1', replace: true })).status).toBe(201)
})

test('a reset leaves no canister, and keeps the keys and the snapshots', async () => {
  const admin = administered()
  const { replica } = admin.net
  const before = replica.stateHash()
  const id = admin.install()
  await admin.json('POST', '/snapshots', { name: 'with-canister' })
  const status = await admin.json('POST', '/reset', {})
  expect(status).toMatchObject({ canisters: 0, snapshots: 1, round: '0', offsetNanos: '0' })
  expect(replica.stateHash()).toEqual(before)
  expect(admin.told).toEqual(['capture', 'reset'])
  await admin.json('POST', '/snapshots/with-canister/load', {})
  expect(replica.canister(id)).toBeDefined()
})

test('a reset of a network that went on from before leaves nothing of that either', async () => {
  const admin = administered({ prepare: (net) => void net.create() })
  expect(await admin.json('GET', '/status')).toMatchObject({ canisters: 1 })
  expect(await admin.json('POST', '/reset', {})).toMatchObject({ canisters: 0, round: '0' })
})
