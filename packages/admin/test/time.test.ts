/** Time of a running network: read, moved, held, spent in rounds. */
import { describe, expect, test } from 'vitest'
import { administered, genesisNanos } from './support/adminOf.ts'
import type { NetworkTime } from '../src/index.ts'

const second = 1_000_000_000n
const day = 86_400n * second

describe('moving time', () => {
  test('by a duration: a round at that time follows at once, and time goes on from there', async () => {
    const admin = administered()
    const now = await admin.json<NetworkTime>('POST', '/time/advance', { nanos: String(30n * day) })
    expect(admin.net.replica.timeNanos()).toBe(genesisNanos + 30n * day)
    expect(now).toMatchObject({ blockTimeNanos: String(genesisNanos + 30n * day), progress: 'auto', round: '1' })
    admin.wall += second
    admin.fire(500)
    expect(admin.net.replica.timeNanos()).toBe(genesisNanos + 30n * day + second)
  })

  test('by nothing: nothing happens, also where a round has taken the present moment', async () => {
    const admin = administered()
    await admin.json('POST', '/time/advance', { nanos: String(second) })
    const now = await admin.json<NetworkTime>('POST', '/time/advance', { nanos: '0' })
    expect(now).toMatchObject({ round: '1', blockTimeNanos: String(genesisNanos + second), offsetNanos: String(second) })
  })

  test('to a moment', async () => {
    const admin = administered()
    await admin.json('POST', '/time/set', { timeNanos: String(genesisNanos + day) })
    expect(admin.net.replica.timeNanos()).toBe(genesisNanos + day)
    expect(admin.driver.timeNanos()).toBe(genesisNanos + day + 1n)
  })

  test('back is refused: it never runs back', async () => {
    const admin = administered()
    const response = await admin.ask('POST', '/time/set', { timeNanos: String(genesisNanos - 1n) })
    expect([response.status, await response.json()]).toMatchObject([409, { error: { code: 'time_runs_back' } }])
    expect(admin.net.replica.round()).toBe(0n)
  })

  test.each([
    ['no digits', { timeNanos: '2030-01-01' }],
    ['nothing', {}],
    ['a fraction', { timeNanos: 1.5 }],
    ['beyond 64 bits', { timeNanos: '99999999999999999999' }],
  ])('%s is refused', async (_, fields) => {
    const response = await administered().ask('POST', '/time/set', fields)
    expect([response.status, await response.json()]).toMatchObject([400, { error: { code: 'invalid_request' } }])
  })
})

describe('held time', () => {
  test('stands still, and no round happens but those that are asked for', async () => {
    const admin = administered()
    expect(await admin.json('POST', '/time/pause', {})).toMatchObject({ progress: 'paused', round: '0' })
    admin.wall += day
    admin.fire(0)
    admin.fire(500)
    expect(admin.net.replica.round()).toBe(0n)
    expect(await admin.json('POST', '/rounds', { rounds: 3 })).toMatchObject({ round: '3', blockTimeNanos: String(genesisNanos + 3n) })
  })

  test('moves when it is told to, without a round', async () => {
    const admin = administered()
    await admin.json('POST', '/time/pause', {})
    expect(await admin.json('POST', '/time/advance', { nanos: String(day) })).toMatchObject({
      round: '0',
      timeNanos: String(genesisNanos + day),
      offsetNanos: String(day),
    })
  })

  test('can pass by a step for each round', async () => {
    const admin = administered()
    await admin.json('POST', '/time/pause', {})
    await admin.json('POST', '/rounds', { rounds: 100, stepNanos: String(second) })
    expect([admin.net.replica.round(), admin.net.replica.timeNanos()]).toEqual([100n, genesisNanos + 100n * second])
  })

  test('catches up with the machine when it goes on', async () => {
    const admin = administered()
    await admin.json('POST', '/time/pause', {})
    admin.wall += 5n * second
    expect(await admin.json('POST', '/time/resume', {})).toMatchObject({ progress: 'auto', timeNanos: String(genesisNanos + 5n * second) })
    admin.fire(0)
    expect(admin.net.replica.timeNanos()).toBe(genesisNanos + 5n * second)
    expect(admin.net.replica.round()).toBe(1n)
  })

  test.each([0, -1, 1.5, '3', 100_001])('%s rounds are none that can be run', async (rounds) => {
    expect((await administered().ask('POST', '/rounds', { rounds })).status).toBe(400)
  })
})

test('a network that failed says so instead of running rounds', async () => {
  const admin = administered()
  admin.driver.stop()
  const response = await admin.ask('POST', '/rounds', {})
  expect([response.status, await response.json()]).toMatchObject([503, { error: { code: 'network_failed' } }])
})

test('bodies that are no JSON objects, or too long, are refused', async () => {
  const admin = administered()
  expect((await admin.ask('POST', '/rounds', '[1]')).status).toBe(400)
  expect((await admin.ask('POST', '/rounds', '{')).status).toBe(400)
  expect((await admin.ask('POST', '/rounds', `{"a":"${'x'.repeat(70_000)}"}`)).status).toBe(413)
  expect((await admin.ask('GET', '/nothing')).status).toBe(404)
  expect((await admin.ask('GET', '/snapshots/%ff/load')).status).toBe(405)
})
