/**
 * The example canisters in every setting: hooks of the network; the library with the monitor; and the same on a network that is
 * reached over HTTP. That one is `tidemark start`, or the network whose address `TIDEMARK_HOOKS_NETWORK` gives.
 */
import { afterAll, describe, expect, test } from 'vitest'
import { Stack } from '../e2e/support/stack.ts'
import { createConnected } from './support/connected.ts'
import { createEmbedded } from './support/embedded.ts'
import { type Deployment, type ExampleCanister, type HookTarget, type Language, names } from './support/target.ts'

let started: Promise<Stack> | undefined
afterAll(async () => {
  await (await started)?.stop()
})

async function connectedAddress(): Promise<string> {
  const given = process.env['TIDEMARK_HOOKS_NETWORK']
  if (given !== undefined) return given
  started ??= Stack.start([])
  return (await started).host
}

// A live network mostly waits for the monitor's next poll: there the tests run side by side.
const settings = [
  { setting: 'hooks of the network', target: createEmbedded('native'), concurrent: false },
  { setting: 'the library and the monitor', target: createEmbedded('library'), concurrent: false },
  { setting: 'the same on a network over HTTP', target: createConnected(connectedAddress), concurrent: true },
]
const languages: Language[] = ['motoko', 'typescript']
const cases = settings.flatMap((each) => languages.map((language) => ({ ...each, language })))
const trillion = 10n ** 12n
const gibibyte = 1n << 30n
// The first canister of a kind waits for its build, and a live network for its monitor's polls.
const timeout = 300_000

for (const { setting, target, concurrent, language } of cases) {
  describe(`${language}, with ${setting}`, { timeout, concurrent }, () => check(target, language))
}

function check(target: HookTarget, language: Language): void {
  const deploy = (deployment?: Deployment) => target.deploy(language, deployment)

  test('post-init runs once, first of all, and its call to the network returns', async () => {
    const canister = await deploy()
    await canister.call('roll')
    expect(names(await canister.runs())).toEqual(['post_init'])
    expect(await canister.call('dice')).toMatchObject({ rolls: 1n })
    expect(((await canister.call('dice')) as { seed: bigint }).seed).not.toBe(0n)
  })

  test('an upgrade runs post-init again and keeps what was recorded', async () => {
    const canister = await deploy()
    await canister.upgrade()
    const runs = await canister.runs()
    expect(names(runs)).toEqual(['post_init', 'post_init'])
    expect(runs[1]?.number).toBeGreaterThan(runs[0]?.number ?? 0n)
  })

  test.each(['trap_before_await', 'trap_after_await'])(
    '%s is told, kept with its argument, and sent again once it is mended',
    async (method) => {
      const canister = await deploy()
      await expect(canister.call(method, 'no luck')).rejects.toThrow('no luck')
      await canister.settle()
      expect(names(await canister.runs())).toEqual(['post_init', 'on_error'])
      const [error] = await canister.errors()
      expect(error?.call).toMatchObject({ methodName: method, error: { code: 'IC0503', reject_code: 5 } })
      expect(error?.call.error.message).toContain('no luck')
      await canister.call('fail_hook', 'nothing')
      const numbers = BigUint64Array.of(error?.number ?? 0n)
      expect(await canister.call('canister_hook_redrive', numbers)).toEqual([[error?.number, [{ replied: expect.anything() }]]])
      const rolls = method === 'trap_before_await' ? 1n : 2n
      expect(await canister.call('dice')).toMatchObject({ rolls })
    },
  )

  test('each crossing of the cycles threshold is told once', async () => {
    const canister = await deploy()
    const threshold = (await canister.balance()) - 2n * trillion
    await canister.watch({ cycles: threshold })
    expect(names(await canister.runs())).toEqual(['post_init'])
    await burn(canister, 3n * trillion)
    await burn(canister, 1n * trillion)
    expect(names(await canister.runs())).toEqual(['post_init', 'on_low_cycles'])
    await canister.topUp(threshold)
    await burn(canister, threshold)
    expect(names(await canister.runs())).toEqual(['post_init', 'on_low_cycles', 'on_low_cycles'])
  })

  test('of what is due at once, low cycles come before the heap', async () => {
    const canister = await deploy()
    await canister.watch({ cycles: 10n ** 18n, heapMemory: 1n })
    await canister.settle()
    expect(names(await canister.runs())).toEqual(['post_init', 'on_low_cycles', 'on_low_heap_memory'])
  })

  test('a canister that can run again is told', async () => {
    const canister = await deploy()
    await canister.watch({})
    await canister.freezeBelow(10n ** 13n)
    await canister.freezeBelow(2_592_000n)
    expect(names(await canister.runs())).toEqual(['post_init', 'on_unfreeze'])
  })

  test('the hook of the protocol runs once for each crossing', async () => {
    const canister = await deploy()
    for (const expected of [1, 2]) {
      await canister.limitHeap(4n * gibibyte, 4n * gibibyte - 1n)
      await canister.call('grow_heap', 100_000n)
      await canister.settle()
      const runs = names(await canister.runs())
      expect(runs).toEqual(['post_init', ...Array.from({ length: expected }, () => 'on_low_wasm_memory')])
      await canister.limitHeap(4n * gibibyte, 0n)
    }
  })

  test('a full output queue is told once, and all calls return', async () => {
    const canister = await deploy()
    await canister.call('fill_output_queue', 500n, true)
    await canister.settle()
    expect(names(await canister.runs())).toEqual(['post_init', 'on_output_queue_full'])
    expect(await canister.call('canister_output_queue_size')).toBe(0n)
  })

  test('with a gate nobody is served before the seed is there', async () => {
    const canister = await deploy({ gateSeconds: 60, early: true })
    const rolled = await served(canister)
    const { seed } = (await canister.call('dice')) as { seed: bigint }
    expect(seed).not.toBe(0n)
    expect(rolled).toBe(BigInt.asUintN(64, seed + 1n))
  })

  // The library lets a guarded method wait until post-init has begun, which may take until the seed is there.
  test.runIf(target.hasNativeHooks)('without one, whoever comes early finds none', async () => {
    const canister = await deploy({ early: true })
    expect(await canister.call('roll')).toBe(1n)
    await canister.settle()
    expect(((await canister.call('dice')) as { seed: bigint }).seed).not.toBe(0n)
  })

  test('what is due in a stopped canister survives a snapshot and an upgrade, and runs once', async () => {
    const canister = await deploy()
    await canister.stop()
    await canister.watch({ cycles: 10n ** 18n })
    await canister.reload()
    await canister.upgrade()
    await canister.start()
    await canister.settle()
    const expected = ['post_init', 'post_init', 'on_low_cycles']
    expect(names(await canister.runs())).toEqual(expected)
    await canister.reload()
    await canister.stop()
    await canister.start()
    expect(names(await canister.runs())).toEqual(expected)
  })

  test('a run knows its time, memory and balance', async () => {
    const [run] = await (await deploy()).runs()
    expect(run?.number).toBe(1n)
    expect(run?.time_nanos).toBeGreaterThan(10n ** 18n)
    expect(run?.balance_cycles).toBeGreaterThan(trillion)
    expect(run?.memory_bytes).toBeGreaterThan(65_536n)
  })

  test('nobody else calls a hook', async () => {
    const canister = await deploy()
    await expect(canister.call('canister_on_unfreeze', [])).rejects.toThrow('Only the network, this canister and its monitor')
    expect(names(await canister.runs())).toEqual(['post_init'])
  })

  test('a handler that traps is told to the error hook', async () => {
    const canister = await deploy()
    await canister.call('fail_hook', 'canister_on_low_cycles')
    await canister.watch({ cycles: 10n ** 18n })
    expect(names(await canister.runs())).toContain('on_error')
    const [error] = await canister.errors()
    expect(error?.call.methodName).toBe('canister_on_low_cycles')
    const sent = await canister.deliveries()
    if (sent === undefined) return
    // Sent again until the handler holds, always under the same number.
    const [first] = sent
    expect(sent).toMatchObject([{ hook: 'canister_on_low_cycles', state: { pending: null } }])
    await canister.call('fail_hook', '')
    for (let n = 0; n < 10 && 'pending' in ((await canister.deliveries())?.[0]?.state ?? {}); n += 1) await canister.settle()
    expect(await canister.deliveries()).toMatchObject([{ number: first?.number, state: { delivered: null } }])
    expect((await canister.runs()).at(-1)).toMatchObject({ hook: 'canister_on_low_cycles', outcome: { ran: null } })
  })
}

/** Rolls the dice as soon as the canister lets messages in. */
async function served(canister: ExampleCanister): Promise<unknown> {
  try {
    return await canister.call('roll')
  } catch (error) {
    // Each language refuses in its own way.
    expect(String(error)).toMatch(/IC0406|canister_inspect_message explicitly refused/)
    await canister.settle()
    return canister.call('roll')
  }
}

async function burn(canister: ExampleCanister, cycles: bigint): Promise<void> {
  await canister.call('burn_cycles', cycles)
  await canister.settle()
}
