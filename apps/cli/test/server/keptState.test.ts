/** What the end of a process leaves of a local network, however it comes, and what is said when it cannot be used. */
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNetwork, type InputListener, type Network, RecordedReplica } from '@tidemark/network'
import { createReplica } from '@tidemark/replica'
import type { Principal } from '@tidemark/types'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { program, TestNetwork, universalCanister } from '../../../../tests/support/index.ts'
import { type KeptState, keepState } from '../../src/server/keptState.ts'

let folder = ''
const failures: unknown[] = []
const notices: string[] = []
const options = {
  decisive: { profile: '2026' },
  onFailure: (error: unknown) => failures.push(error),
  onNotice: (text: string) => notices.push(text),
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-kept-'))
  failures.length = notices.length = 0
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

const state = () => join(folder, 'state')
const hashOf = (network: Pick<Network, 'stateHash'>) => Buffer.from(network.stateHash()).toString('hex')
/** Inputs are written when the process has nothing else to do. */
const written = () => Promise.resolve()

/** A network that is kept in the folder, and what a client sees of it. */
function started(): { net: TestNetwork<Network>; kept: KeptState } {
  let note: InputListener | undefined
  const network = createNetwork({ subnets: [{ kind: 'application' }, { kind: 'system' }], onInput: (input) => note?.(input) })
  const kept = keepState(state(), network, options)
  note = kept.note
  return { net: new TestNetwork(network), kept }
}

function withCanister(): ReturnType<typeof started> & { id: Principal } {
  const begun = started()
  return { ...begun, id: begun.net.install(universalCanister({ exports: ['heartbeat'] }), program().setState('0')) }
}

/** The folder as the next process finds it when this one is killed now. */
function crash(): void {
  const left = join(folder, 'left')
  rmSync(left, { recursive: true, force: true })
  cpSync(state(), left, { recursive: true })
  rmSync(join(left, 'in-use'))
  rmSync(state(), { recursive: true })
  cpSync(left, state(), { recursive: true })
}

const journal = () => join(state(), 'journal')

describe('after a crash', () => {
  test('every call that was answered is there, with the rounds since: the state is the same', async () => {
    const { net, id } = withCanister()
    for (const note of ['a', 'b', 'c']) net.update(id, program().note(note).reply())
    net.query(id, program().replyState())
    net.tick(3)
    await written()
    crash()
    const next = started()
    expect(hashOf(next.net.replica)).toBe(hashOf(net.replica))
    expect(next.kept.isResumed).toBe(true)
    // And again, from where the journal was left.
    next.net.requests = net.requests
    next.net.update(id, program().note('d').reply())
    await written()
    crash()
    const last = started()
    expect(hashOf(last.net.replica)).toBe(hashOf(next.net.replica))
    expect(last.net.state(id)).toBe('0abcd')
    expect([failures, notices]).toEqual([[], []])
  })

  test('a subnet alone is where it was', async () => {
    const replica = createReplica()
    const kept = keepState(state(), replica, options)
    const entrance = new RecordedReplica(replica, kept.note)
    for (let round = 0; round < 5; round++) entrance.tick()
    await written()
    crash()
    const next = createReplica()
    keepState(state(), next, options)
    expect(next.round()).toBe(5n)
    expect(Buffer.from(next.stateHash())).toEqual(Buffer.from(replica.stateHash()))
  })

  test('a save in between has taken in what was before: the journal begins anew', async () => {
    const { net, kept, id } = withCanister()
    net.update(id, program().note('before').reply())
    await written()
    const long = readFileSync(journal()).length
    kept.noteCall()
    vi.advanceTimersByTime(60_000)
    expect(readFileSync(journal()).length).toBeLessThan(long / 10)
    net.update(id, program().note('after').reply())
    await written()
    crash()
    const next = started()
    expect(hashOf(next.net.replica)).toBe(hashOf(net.replica))
    expect(next.net.state(id)).toBe('0beforeafter')
  })

  test('a journal that a save has taken in already is left out', async () => {
    const { net, kept, id } = withCanister()
    net.update(id, program().note('once').reply())
    await written()
    const before = readFileSync(journal())
    kept.save()
    writeFileSync(journal(), before)
    crash()
    expect(started().net.state(id)).toBe('0once')
  })

  test.each([1, 7, 40])('an entry that lacks its last %i bytes is left out, with a word, and writing goes on', async (bytes) => {
    const { net, id } = withCanister()
    net.update(id, program().note('whole').reply())
    await written()
    const whole = hashOf(net.replica)
    const length = readFileSync(journal()).length
    net.send(id, program().note('torn').reply())
    await written()
    crash()
    truncateSync(journal(), readFileSync(journal()).length - bytes)
    const next = started()
    expect(hashOf(next.net.replica)).toBe(whole)
    expect(notices).toEqual([
      expect.stringMatching(/^The last \d+ bytes of the journal were not written to their end: they are left out\.$/),
    ])
    expect(readFileSync(journal()).length).toBe(length)
    next.net.requests = net.requests + 1
    next.net.update(id, program().note('again').reply())
    await written()
    crash()
    expect(started().net.state(id)).toBe('0wholeagain')
  })

  test('a round that failed does not happen again, nor the calls that waited for it', async () => {
    const { net, kept, id } = withCanister()
    await written()
    const before = hashOf(net.replica)
    net.send(id, program().note('poison').reply())
    await written()
    kept.note({ kind: 'tick', timeNanos: net.replica.timeNanos() + 1n })
    kept.forgetRound()
    kept.close()
    expect(hashOf(started().net.replica)).toBe(before)
  })

  test('a network that was put back to a snapshot is there', async () => {
    const { net, kept, id } = withCanister()
    const snapshot = net.replica.snapshot()
    net.update(id, program().note('gone').reply())
    net.replica.restore(snapshot)
    kept.noteRestore()
    net.update(id, program().note('kept').reply())
    await written()
    crash()
    expect(started().net.state(id)).toBe('0kept')
  })

  test('other options than before are refused while there is something to go through again', async () => {
    const { kept } = withCanister()
    await written()
    crash()
    const network = createNetwork({ subnets: [{ kind: 'application' }, { kind: 'system' }] })
    const others = { ...options, decisive: { profile: '2025' } }
    expect(() => keepState(state(), network, others)).toThrow(
      expect.objectContaining({ why: expect.stringContaining('{"profile":"2026"}, not {"profile":"2025"}') }),
    )
    kept.close()
    const same = started()
    same.kept.save()
    same.kept.close()
    keepState(state(), createNetwork({ subnets: [{ kind: 'application' }, { kind: 'system' }] }), others).close()
  })
})

test('a journal that grows too long has the state saved', async () => {
  const { net, kept } = started()
  for (let round = 0; round < 20_001; round++) kept.note({ kind: 'tick', timeNanos: BigInt(round) })
  await written()
  const long = readFileSync(journal()).length
  vi.advanceTimersByTime(1)
  expect(readFileSync(journal()).length).toBeLessThan(long / 100)
  expect(net.replica.round()).toBe(0n)
})

test('a failed save in between is told, and the next one is tried', () => {
  const { net, kept, id } = withCanister()
  rmSync(join(state(), 'trees'), { recursive: true })
  writeFileSync(join(state(), 'trees'), 'a file where a folder belongs')
  kept.noteCall()
  vi.advanceTimersByTime(60_000)
  expect(failures).toEqual([expect.objectContaining({ message: 'The state of the network was not saved.' })])
  rmSync(join(state(), 'trees'))
  net.update(id, program().note('saved').reply())
  kept.noteCall()
  vi.advanceTimersByTime(60_000)
  expect(failures).toHaveLength(1)
  kept.close()
  expect(started().net.state(id)).toBe('0saved')
})

test.each<[title: string, prepare: () => void, why: string]>([
  ['another process uses it', () => void keepState(state(), createReplica(), options), 'is in use by process'],
  [
    'it is of several subnets',
    () => keepState(state(), createNetwork({ subnets: [{ kind: 'nns' }] }), options).close(),
    'no state of a subnet',
  ],
  [
    'it is none',
    () => cpSync(import.meta.dirname, state(), { recursive: true }),
    'is not empty and holds no state of a network: keptState.test.ts',
  ],
])('a state cannot be used when %s', (_, prepare, why) => {
  prepare()
  expect(() => keepState(state(), createReplica(), options)).toThrow(expect.objectContaining({ why: expect.stringContaining(why) }))
})
