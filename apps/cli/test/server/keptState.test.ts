/** When the state of a local network is saved, and what is said when it cannot be used. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNetwork } from '@tidemark/network'
import { createReplica } from '@tidemark/replica'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepState } from '../../src/server/keptState.ts'

let folder = ''
const unexpected = (error: unknown) => {
  throw error
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-kept-'))
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

/** Round that a network finds that starts with what was saved. */
function resumedRound(): bigint {
  const replica = createReplica()
  keepState(folder, replica, unexpected).close()
  return replica.round()
}

test('a crash loses what was called in the last ten seconds, and nothing before', () => {
  const replica = createReplica()
  const kept = keepState(folder, replica, unexpected)
  kept.noteCall()
  replica.tick()
  vi.advanceTimersByTime(9_999)
  kept.noteCall()
  replica.tick()
  vi.advanceTimersByTime(1)
  replica.tick()
  // The crash: nothing is saved any more, and the folder is given free by the end of the process.
  kept.close()
  vi.advanceTimersByTime(60_000)
  expect(resumedRound()).toBe(2n)
})

test('a failed save in between is told, and the next one is tried', () => {
  const failures: unknown[] = []
  const replica = createReplica()
  const kept = keepState(folder, replica, (error) => failures.push(error))
  writeFileSync(join(folder, 'trees'), 'a file where a folder belongs')
  kept.noteCall()
  vi.advanceTimersByTime(10_000)
  expect(failures).toEqual([expect.objectContaining({ message: 'The state of the network was not saved.' })])
  rmSync(join(folder, 'trees'))
  replica.tick()
  kept.noteCall()
  vi.advanceTimersByTime(10_000)
  expect(failures).toHaveLength(1)
  kept.close()
  expect(resumedRound()).toBe(1n)
})

test.each<[title: string, prepare: () => void, why: string]>([
  ['another process uses it', () => void keepState(folder, createReplica(), unexpected), 'is in use by process'],
  ['it is of several subnets', () => saved(createNetwork({ subnets: [{ kind: 'application' }] })), 'this is no state of a subnet'],
  ['it is none', () => writeFileSync(join(folder, 'letter.txt'), 'Dear all'), 'is not empty and holds no state of a network: letter.txt'],
])('a state cannot be used when %s', (_, prepare, why) => {
  prepare()
  expect(() => keepState(folder, createReplica(), unexpected)).toThrow(expect.objectContaining({ why: expect.stringContaining(why) }))
})

function saved(network: Parameters<typeof keepState>[1]): void {
  const kept = keepState(folder, network, unexpected)
  kept.save()
  kept.close()
}
