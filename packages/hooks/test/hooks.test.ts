import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  argumentsOf,
  createMemoryStore,
  deadLetterLimits,
  decodeHook,
  describeError,
  hookNameOf,
  hookNames,
  type Notification,
} from '../src/index.ts'
import { FakeCanister, monitor, network, self } from './fakeHost.ts'

const error = { code: 'IC0503', reject_code: 5, message: 'm', backtrace: [] as [] }
const events: Notification[] = [
  { LowWasmMemory: null },
  { PostInit: null },
  { Error: { methodName: 'a', args: Uint8Array.of(1), error } },
  { LowCycles: 1n },
  { LowHeapMemory: 2n },
  { OutputQueueFull: null },
  { Unfreeze: null },
]
const fail = (text: string) => () => {
  throw new Error(text)
}

describe('post-init', () => {
  test('runs once for each piece of code', async () => {
    const store = createMemoryStore()
    const first = new FakeCanister({}, store)
    await first.settle()
    expect(first.ran).toEqual(['canister_post_init'])
    const upgraded = new FakeCanister({}, store)
    await upgraded.settle()
    expect(upgraded.ran).toEqual(['canister_post_init'])
    expect(upgraded.hooks.runs.map(({ number }) => number)).toEqual([1n, 2n])
  })

  test('that had no turn gives way to that of newer code', async () => {
    const store = createMemoryStore()
    new FakeCanister({}, store)
    const upgraded = new FakeCanister({}, store)
    await upgraded.settle()
    expect(upgraded.hooks.runs.map(({ outcome }) => outcome)).toEqual([{ skipped: 'newer code was installed' }, { ran: null }])
  })

  test('called by the network is not run again by the timer', async () => {
    const canister = new FakeCanister()
    await canister.hooks.receive(network, { PostInit: null })
    await canister.settle()
    expect(canister.ran).toEqual(['canister_post_init'])
  })

  test('gates those who ask until it has ended, or for as long as the gate lasts', async () => {
    const canister = new FakeCanister({ gateSeconds: 5 })
    let finish = () => undefined as void
    canister.handler = () => new Promise<void>((resolve) => (finish = resolve))
    const settled = canister.settle()
    expect([canister.hooks.isOpen, canister.hooks.admits]).toEqual([false, false])
    canister.time = 4_999_999_999n
    expect(canister.hooks.isOpen).toBe(false)
    canister.time = 5_000_000_000n
    expect(canister.hooks.isOpen).toBe(true)
    finish()
    await settled
    canister.time = 0n
    expect(canister.hooks.isOpen).toBe(true)
  })
})

describe('a canister whose post-init has run', () => {
  let canister: FakeCanister
  beforeEach(async () => {
    canister = new FakeCanister({ cyclesThreshold: 100n, heapMemoryThreshold: 50n, outputQueueCapacity: 2 })
    await canister.settle()
    canister.ran.length = 0
    canister.hooks.setMonitors([monitor])
  })

  test('hook methods are for the network, the canister and its monitor', async () => {
    await expect(canister.hooks.receive(Principal.anonymous(), { Unfreeze: null })).rejects.toThrow('canister_on_unfreeze')
    await canister.hooks.receive(self, { Unfreeze: null })
    await canister.hooks.receive(monitor, { Unfreeze: null })
    expect(canister.ran).toEqual(['canister_on_unfreeze', 'canister_on_unfreeze'])
  })

  test('a delivery is run once, however often it comes', async () => {
    for (let n = 0; n < 3; n += 1) await canister.hooks.receive(monitor, { Unfreeze: null }, { number: 7n })
    await canister.hooks.receive(monitor, { Unfreeze: null }, { number: 8n })
    expect(canister.ran).toHaveLength(2)
  })

  test('a delivery whose handler trapped is rejected, told to the error hook, and run again when it comes again', async () => {
    canister.handler = (event) => ('Unfreeze' in event ? fail('not yet')() : undefined)
    await expect(canister.hooks.receive(monitor, { Unfreeze: null }, { number: 7n })).rejects.toThrow('not yet')
    expect(canister.ran).toEqual(['canister_on_error'])
    canister.handler = () => undefined
    await canister.hooks.receive(monitor, { Unfreeze: null }, { number: 7n })
    expect(canister.ran).toEqual(['canister_on_error', 'canister_on_unfreeze'])
  })

  test('a trap is caught, kept with its arguments, told, and passed on', async () => {
    const args = Uint8Array.of(1, 2)
    await expect(canister.hooks.guarded('pay', args, fail('no money'))).rejects.toThrow('no money')
    await canister.settle()
    expect(canister.ran).toEqual(['canister_on_error'])
    expect(canister.hooks.errors).toMatchObject([{ call: { methodName: 'pay', args, error: { code: 'IC0503', message: 'no money' } } }])
  })

  test('a captured call is made again until it replies', async () => {
    await expect(canister.hooks.guarded('pay', Uint8Array.of(5), fail('no'))).rejects.toThrow('no')
    const [captured] = canister.hooks.errors
    const number = captured?.number ?? 0n
    canister.methods.set('pay', fail('still no'))
    expect(await canister.hooks.redrive([number])).toEqual([[number, { rejected: 'still no' }]])
    canister.methods.set('pay', (args) => args)
    expect(await canister.hooks.redrive([number, 99n])).toEqual([
      [number, { replied: Uint8Array.of(5) }],
      [99n, undefined],
    ])
    canister.methods.set('pay', fail('not asked'))
    expect(await canister.hooks.redrive([number])).toEqual([[number, { replied: Uint8Array.of(5) }]])
    expect(canister.hooks.errors).toMatchObject([{ attempts: 2n }])
  })

  test('an error of the error hook is told to nobody', async () => {
    canister.handler = fail('always')
    await expect(canister.hooks.guarded('a', new Uint8Array(0), fail('no'))).rejects.toThrow()
    await canister.settle()
    expect(canister.hooks.runs.at(-1)).toMatchObject({ hook: 'canister_on_error', outcome: { trapped: 'always' } })
    expect(canister.hooks.runs).toHaveLength(2)
  })

  test('each crossing counts once, whatever the balance does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.bigInt({ min: 0n, max: 200n }), { maxLength: 40 }), async (balances) => {
        const fresh = new FakeCanister({ cyclesThreshold: 100n })
        await fresh.settle()
        let armed = true
        let expected = 0
        for (const balance of balances) {
          fresh.balance = balance
          await fresh.hooks.guarded('a', new Uint8Array(0), () => undefined)
          await fresh.settle()
          if (balance <= 100n && armed) expected += 1
          if (balance <= 100n) armed = false
          else if (balance > 110n) armed = true
        }
        expect(fresh.ran.filter((name) => name === 'canister_on_low_cycles')).toHaveLength(expected)
      }),
    )
  })

  test('a crossing that the canister has told is not told again by the monitor', async () => {
    canister.balance = 50n
    canister.hooks.check()
    await canister.hooks.drain()
    await canister.hooks.receive(monitor, { LowCycles: 100n }, { number: 1n })
    expect(canister.ran).toEqual(['canister_on_low_cycles'])
    expect(canister.hooks.runs.at(-1)?.outcome).toEqual({ skipped: 'this crossing has been told' })
  })

  test('paced calls never exceed the capacity, keep their order, and tell that there is no room', async () => {
    const started: number[] = []
    let most = 0
    const call = (n: number) => async () => {
      started.push(n)
      most = Math.max(most, canister.hooks.outputQueueSize)
      for (let turns = 0; turns < 10; turns += 1) await Promise.resolve()
    }
    await Promise.all([0, 1, 2, 3, 4].map((n) => canister.hooks.paced(call(n))))
    expect(started).toEqual([0, 1, 2, 3, 4])
    expect([most, canister.hooks.outputQueueSize]).toEqual([2, 0])
    await canister.settle()
    expect(canister.ran).toContain('canister_on_output_queue_full')
  })
})

test('what is due at once runs in the documented order, whatever the order of its coming', async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(events, { minLength: 2 }), async (raised) => {
      const store = createMemoryStore()
      new FakeCanister({}, store)
      // An upgrade leaves due what came before it; post-init is raised anew by the new code.
      raised.forEach((event, n) => {
        store.due.set(BigInt(n + 10), event)
        store.runs.set(BigInt(n + 10), { ...runOf(event), number: BigInt(n + 10) })
      })
      store.writeFacts({ ...(store.readFacts() ?? noFactsYet()), nextNumber: 100n })
      const canister = new FakeCanister({}, store)
      await canister.settle()
      const wanted = new Set(['canister_post_init', ...raised.map((event) => hookNameOf(event))])
      expect(canister.ran).toEqual(hookNames.filter((name) => wanted.has(name)))
    }),
  )
})

function runOf(event: Notification) {
  const observed = { time_nanos: 0n, memory_bytes: 0n, balance_cycles: 0n }
  return { ...observed, hook: hookNameOf(event), delivery: [] as [], outcome: { pending: null } }
}

function noFactsYet(): never {
  throw new Error('the first code has written facts')
}

describe('the arguments of a hook', () => {
  test.each(events.slice(1))('%# are read as they were written, with and without a delivery number', (event) => {
    expect(decodeHook(hookNameOf(event), argumentsOf(event))).toEqual({ event, delivery: undefined })
  })

  test('of a monitor carry its number', () => {
    const bytes = IDL.encode([IDL.Nat, IDL.Opt(IDL.Record({ number: IDL.Nat64 }))], [5n, [{ number: 9n }]])
    expect(decodeHook('canister_on_low_cycles', bytes)).toEqual({ event: { LowCycles: 5n }, delivery: { number: 9n } })
  })

  test('of another kind are refused', () => {
    expect(() => decodeHook('canister_on_low_cycles', IDL.encode([IDL.Text], ['x']))).toThrow('canister_on_low_cycles got other arguments')
    expect(() => decodeHook('greet', IDL.encode([], []))).toThrow('greet is no hook')
  })
})

test.each([
  [
    { rejectCode: 5, rejectMessage: 'IC0503: oh' },
    { code: 'IC0503', reject_code: 5, message: 'oh' },
  ],
  [
    { rejectCode: 4, rejectMessage: 'no' },
    { code: '', reject_code: 4, message: 'no' },
  ],
  [new Error('IC05: x'), { code: '', reject_code: 0, message: 'IC05: x' }],
  [{ type: 'CallPerformFailed' }, { code: '', reject_code: 0, message: 'CallPerformFailed' }],
])('%j is described', (thrown, expected) => {
  expect(describeError(thrown)).toEqual({ ...expected, backtrace: [] })
})

test('errors are bounded: the oldest make room', async () => {
  const canister = new FakeCanister()
  await canister.settle()
  for (let n = 0; n < deadLetterLimits.errors + 3; n += 1) {
    await canister.hooks.guarded('a', Uint8Array.of(n), fail('no')).catch(() => undefined)
    await canister.settle()
  }
  expect(canister.hooks.errors).toHaveLength(deadLetterLimits.errors)
  expect(canister.hooks.errors[0]?.call.args).toEqual(Uint8Array.of(3))
  expect(canister.store.readFacts()?.droppedErrors).toBe(3n)
})
