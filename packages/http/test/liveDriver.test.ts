import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { anonymousPrincipal, type IngressMessage } from '@tidemark/types'
import { createLiveDriver, type LiveDriver } from '../src/index.ts'
import { greeter, greeterId } from './support/network.ts'
import { TestReplica } from './support/testReplica.ts'

/** Timers that run when the test says so. */
class Timers {
  readonly planned: { run: () => void; ms: number }[] = []

  readonly schedule = (run: () => void, ms: number): (() => void) => {
    const timer = { run, ms }
    this.planned.push(timer)
    return () => {
      const at = this.planned.indexOf(timer)
      if (at >= 0) this.planned.splice(at, 1)
    }
  }

  /** Runs the timer of the given delay. */
  fire(ms: number): void {
    const at = this.planned.findIndex((timer) => timer.ms === ms)
    const [timer] = this.planned.splice(at, 1)
    if (at < 0 || timer === undefined) throw new Error(`no timer of ${ms} ms among ${this.delays().join(', ')}`)
    timer.run()
  }

  delays(): number[] {
    return this.planned.map(({ ms }) => ms).sort((a, b) => a - b)
  }
}

let replica: TestReplica
let timers: Timers
let wall: bigint
let failures: unknown[]
let driver: LiveDriver

beforeEach(() => {
  wall = 1_000n
  failures = []
  timers = new Timers()
  replica = new TestReplica(500n)
  replica.canisters.set(greeterId.key, greeter)
  driver = createLiveDriver({
    replica,
    now: () => wall,
    schedule: timers.schedule,
    idleRoundMs: 250,
    onFailure: (error) => failures.push(error),
  })
})
afterEach(() => driver.stop())

function message(id: number, methodName = 'refuse'): IngressMessage {
  return {
    requestId: new Uint8Array(32).fill(id),
    sender: anonymousPrincipal,
    canisterId: greeterId,
    effectiveCanisterId: greeterId,
    methodName,
    arg: new Uint8Array(0),
    ingressExpiryNanos: 0n,
    sizeBytes: 0,
  }
}

describe('rounds', () => {
  test('begin at once and then keep the idle beat', () => {
    expect(timers.delays()).toEqual([0])
    timers.fire(0)
    expect(replica.round()).toBe(1n)
    expect(timers.delays()).toEqual([250])
    timers.fire(250)
    expect(replica.round()).toBe(2n)
  })

  test('come at once when work is announced, and never twice', () => {
    timers.fire(0)
    replica.submit(message(1))
    driver.poke()
    driver.poke()
    expect(timers.delays()).toEqual([0])
  })

  test('are not hurried when there is nothing to do', () => {
    timers.fire(0)
    driver.poke()
    expect(timers.delays()).toEqual([250])
  })

  test('follow back to back while messages wait', () => {
    replica.canisters.set(greeterId.key, {
      updates: { refuse: () => (replica.submit(message(2, 'forever')), undefined), forever: () => undefined },
    })
    replica.submit(message(1))
    timers.fire(0)
    expect(timers.delays()).toEqual([0])
    timers.fire(0)
    expect(timers.delays()).toEqual([250])
  })

  test('have the time of the wall, but at least a nanosecond more than the round before', () => {
    timers.fire(0)
    expect(replica.timeNanos()).toBe(1_000n)
    wall = 10n
    expect(driver.timeNanos()).toBe(1_001n)
    timers.fire(250)
    expect(replica.timeNanos()).toBe(1_001n)
    wall = 5_000n
    timers.fire(250)
    expect(replica.timeNanos()).toBe(5_000n)
  })
})

describe('a round waits a little', () => {
  test('for calls that are being read, until the last of them is there', () => {
    timers.fire(0)
    const [first, second] = [driver.expect?.(), driver.expect?.()]
    replica.submit(message(1))
    driver.poke()
    first?.()
    expect(timers.delays()).toEqual([10])
    second?.()
    second?.()
    expect(timers.delays()).toEqual([0])
  })

  test('but not longer than ten milliseconds', () => {
    timers.fire(0)
    driver.expect?.()
    replica.submit(message(1))
    driver.poke()
    timers.fire(10)
    expect(replica.round()).toBe(2n)
  })

  test('for the next of a crowd, as long as there is one', async () => {
    const answered = [1, 2, 3, 4].map((id) => (replica.submit(message(id)), driver.settled(message(id).requestId, 9_000)))
    timers.fire(0)
    await Promise.all(answered)
    replica.submit(message(5))
    driver.poke()
    expect(timers.delays()).toEqual([2])
    timers.fire(2)
    replica.submit(message(6))
    driver.poke()
    expect(timers.delays()).toEqual([0])
  })

  test('only if there is work', () => {
    timers.fire(0)
    driver.expect?.()?.()
    expect(timers.delays()).toEqual([250])
  })
})

describe('those who wait for a call', () => {
  test('are called when it has an outcome, all of them, and their timers go', async () => {
    const { requestId } = message(1)
    replica.submit(message(1))
    const waiting = [driver.settled(requestId, 9_000), driver.settled(requestId, 9_000)]
    expect(timers.delays()).toEqual([0, 9_000, 9_000])
    timers.fire(0)
    await Promise.all(waiting)
    expect(timers.delays()).toEqual([250])
  })

  test('need not wait for one that has an outcome already', async () => {
    replica.submit(message(1))
    timers.fire(0)
    await driver.settled(message(1).requestId, 9_000)
    expect(timers.delays()).toEqual([250])
  })

  test('are let go when their time is over', async () => {
    replica.submit(message(1, 'forever'))
    const waiting = driver.settled(message(1).requestId, 9_000)
    timers.fire(0)
    timers.fire(9_000)
    await waiting
    expect(replica.ingressRecord(message(1).requestId)?.status.status).toBe('processing')
  })
})

describe('a round that fails', () => {
  test('stops the driver for good and tells everyone why', async () => {
    const failure = new Error('broken')
    replica.submit(message(1))
    const waiting = driver.settled(message(1).requestId, 9_000)
    replica.failNextRound = failure
    timers.fire(0)
    await expect(waiting).rejects.toBe(failure)
    await expect(driver.settled(message(1).requestId, 9_000)).rejects.toBe(failure)
    expect(failures).toEqual([failure])
    driver.poke()
    expect(timers.delays()).toEqual([])
  })
})

test('a stopped driver makes no more rounds, and those who wait are told', async () => {
  timers.fire(0)
  replica.submit(message(1))
  const waiting = driver.settled(message(1).requestId, 9_000)
  driver.stop()
  await expect(waiting).rejects.toThrow('stopped')
  expect(timers.delays()).toEqual([])
  expect(failures).toEqual([])
})
