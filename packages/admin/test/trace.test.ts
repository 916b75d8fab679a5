/** The trace as a stream: filtered, resumable, and never in the way of the network. */
import { decodeTrace, type TraceEvent } from '@tidemark/trace'
import { describe, expect, test } from 'vitest'
import { program } from '../../../tests/support/index.ts'
import type { NetworkStatus } from '../src/index.ts'
import { administered, type Administered } from './support/adminOf.ts'

const decoder = new TextDecoder()
const works = program().reply('x')
const traps = program().trap('no')

async function open(
  admin: Administered,
  query = '',
  headers: Record<string, string> = {},
): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const { body } = await admin.ask('GET', `/trace${query}`, undefined, headers)
  if (body === null) throw new Error('no body')
  return body.getReader()
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  return decoder.decode((await reader.read()).value)
}

async function eventsOf(admin: Administered, query: string): Promise<readonly TraceEvent[]> {
  return decodeTrace(await (await admin.ask('GET', `/trace${query}`)).text())
}

const recording = async (admin: Administered) => (await admin.json<NetworkStatus & Record<string, unknown>>('GET', '/status')).trace

describe('following', () => {
  test('gives what happens from then on, and records only as long as somebody reads', async () => {
    const admin = administered()
    const id = admin.install()
    expect(await recording(admin)).toEqual({ recording: false, streams: 0, oldestSeq: 0, nextSeq: 0 })
    const reader = await open(admin)
    expect(await recording(admin)).toMatchObject({ recording: true, streams: 1 })
    admin.net.update(id, works)
    expect(decodeTrace(await next(reader))).toMatchObject([{ seq: 0, kind: 'update', canisterId: id.toText() }])
    await reader.cancel()
    expect(await recording(admin)).toMatchObject({ recording: false, streams: 0 })
    admin.net.update(id, works)
    expect(await recording(admin)).toMatchObject({ nextSeq: 1 })
  })

  test('shows a sign of life when nothing happens', async () => {
    const admin = administered()
    const reader = await open(admin)
    const quiet = next(reader)
    await Promise.resolve()
    admin.fire(15_000)
    expect(await quiet).toBe('\n')
    await reader.cancel()
  })

  test('ends after the number of events that was asked for', async () => {
    const admin = administered()
    const id = admin.install()
    const whole = eventsOf(admin, '?limit=2')
    await Promise.resolve()
    for (let n = 0; n < 3; n++) admin.net.update(id, works)
    expect((await whole).map(({ seq }) => seq)).toEqual([0, 1])
    expect(await recording(admin)).toMatchObject({ streams: 0 })
  })

  test('as server-sent events, for those who accept them; the last number resumes', async () => {
    const admin = administered({ alwaysTrace: true })
    const id = admin.install()
    admin.net.update(id, works)
    const accept = { accept: 'text/event-stream' }
    const response = await admin.ask('GET', '/trace?since=0&follow=false&kind=update', undefined, accept)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const text = await response.text()
    expect(text).toMatch(/^event: trace\nid: (\d+)\ndata: \{"seq":\1,.*"kind":"update".*\}\n\n$/)
    admin.net.update(id, traps)
    const resumed = await admin.ask('GET', '/trace?follow=false', undefined, {
      ...accept,
      'last-event-id': /id: (\d+)/.exec(text)?.[1] ?? '',
    })
    expect(await resumed.text()).toMatch(/"outcome":"trapped"/)
  })
})

describe('what is kept', () => {
  test('is filtered by canister, kind, method and outcome', async () => {
    const admin = administered({ alwaysTrace: true })
    const [one, two] = [admin.install(), admin.install()]
    admin.net.update(one, works)
    admin.net.update(two, works)
    admin.net.update(two, traps)
    const kept = async (query: string) =>
      (await eventsOf(admin, `?since=0&follow=false&${query}`)).map(({ kind, canisterId }) => [kind, canisterId])
    expect(await kept(`kind=update&canister=${one.toText()}`)).toEqual([['update', one.toText()]])
    expect(await kept('outcome=trapped')).toEqual([['update', two.toText()]])
    expect(await kept('method=update')).toHaveLength(3)
    expect(await kept(`kind=init&kind=update&canister=${one.toText()}&canister=${two.toText()}`)).toHaveLength(5)
    expect((await admin.ask('GET', '/trace?kind=nothing')).status).toBe(400)
    expect((await admin.ask('GET', '/trace?since=-1')).status).toBe(400)
    expect((await admin.ask('GET', '/trace?limit=0')).status).toBe(400)
  })
})

describe('a reader that does not keep up', () => {
  test('never holds the network back; it is told how much it missed, and gets the newest', async () => {
    const admin = administered()
    const id = admin.install()
    const reader = await open(admin)
    for (let n = 0; n < 6_000; n++) admin.net.update(id, works)
    let text = ''
    const seqs: number[] = []
    while (seqs.at(-1) !== 5_999) {
      text = await next(reader)
      for (const line of text.split('\n')) {
        if (line !== '' && !line.startsWith('{"dropped"')) seqs.push((JSON.parse(line) as { seq: number }).seq)
      }
      if (text.includes('"dropped"')) seqs.push(-Number(/"dropped":(\d+)/.exec(text)?.[1]))
    }
    await reader.cancel()
    const dropped = seqs.filter((seq) => seq < 0).reduce((sum, seq) => sum - seq, 0)
    const got = seqs.filter((seq) => seq >= 0)
    expect(dropped).toBeGreaterThan(1_000)
    expect(dropped + got.length).toBe(6_000)
    expect(got).toEqual(got.toSorted((a, b) => a - b))
  })

  test('nobody gets more than sixteen of them', async () => {
    const admin = administered()
    const readers = await Promise.all(Array.from({ length: 16 }, () => open(admin)))
    const response = await admin.ask('GET', '/trace')
    expect([response.status, await response.json()]).toMatchObject([429, { error: { code: 'too_many_streams' } }])
    for (const reader of readers) await reader.cancel()
    expect((await recording(admin)).streams).toBe(0)
  })
})
