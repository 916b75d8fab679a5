/** The example canisters in every setting: hooks of the network, the library with the monitor, and a network of today. */
import { describe, expect, test } from 'vitest'
import { connectedUrl, createConnected } from './support/connected.ts'
import { createEmbedded } from './support/embedded.ts'
import { type ExampleCanister, type HookTarget, type Language, names } from './support/target.ts'

interface Setting {
  readonly setting: string
  readonly create: () => HookTarget
}

const settings: Setting[] = [
  { setting: 'hooks of the network', create: () => createEmbedded('native') },
  { setting: 'the library and the monitor', create: () => createEmbedded('library') },
  ...(connectedUrl === undefined ? [] : [{ setting: `the network at ${connectedUrl}`, create: () => createConnected(connectedUrl ?? '') }]),
]
const languages: Language[] = ['motoko', 'typescript']
const cases = settings.flatMap((each) => languages.map((language) => ({ ...each, language })))
const trillion = 10n ** 12n

describe.each(cases)('$language, with $setting', ({ create, language }) => {
  const target = create()
  const deploy = () => target.deploy(language)

  test('post-init runs once, first of all, and its call to the network returns', { timeout: 120_000 }, async () => {
    const canister = await deploy()
    await canister.call('roll')
    expect(names(await canister.runs())).toEqual(['post_init'])
    expect(await canister.call('dice')).toMatchObject({ rolls: 1n })
    expect(((await canister.call('dice')) as { seed: bigint }).seed).not.toBe(0n)
  })

  test('an upgrade runs post-init again and keeps what was recorded', { timeout: 120_000 }, async () => {
    const canister = await deploy()
    await canister.upgrade()
    const runs = await canister.runs()
    expect(names(runs)).toEqual(['post_init', 'post_init'])
    expect(runs[1]?.number).toBeGreaterThan(runs[0]?.number ?? 0n)
  })

  test.each(['trap_before_await', 'trap_after_await'])(
    '%s is told, kept with its argument, and sent again once it is mended',
    { timeout: 120_000 },
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

  test('each crossing of the cycles threshold is told once', { timeout: 120_000 }, async () => {
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

  test('of what is due at once, low cycles come before the heap', { timeout: 120_000 }, async () => {
    const canister = await deploy()
    await canister.watch({ cycles: 10n ** 18n, heapMemory: 1n })
    await canister.settle()
    expect(names(await canister.runs())).toEqual(['post_init', 'on_low_cycles', 'on_low_heap_memory'])
  })

  test('a canister that can run again is told', { timeout: 120_000 }, async () => {
    const canister = await deploy()
    await canister.watch({})
    await canister.freezeBelow(10n ** 13n)
    await canister.freezeBelow(2_592_000n)
    expect(names(await canister.runs())).toEqual(['post_init', 'on_unfreeze'])
  })

  test('a run knows its time and balance', { timeout: 120_000 }, async () => {
    const [run] = await (await deploy()).runs()
    expect(run?.number).toBe(1n)
    expect(run?.time_nanos).toBeGreaterThan(10n ** 18n)
    expect(run?.balance_cycles).toBeGreaterThan(trillion)
    if (language === 'motoko') expect(run?.memory_bytes).toBeGreaterThan(0n)
  })

  test('nobody else calls a hook', { timeout: 120_000 }, async () => {
    const canister = await deploy()
    await expect(canister.call('canister_on_unfreeze', [])).rejects.toThrow('Only the network, this canister and its monitor')
    expect(names(await canister.runs())).toEqual(['post_init'])
  })

  test('a handler that traps is told to the error hook', { timeout: 120_000 }, async () => {
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
    for (let n = 0; n < 10; n += 1) await canister.settle()
    expect(await canister.deliveries()).toMatchObject([{ number: first?.number, state: { delivered: null } }])
    expect((await canister.runs()).at(-1)).toMatchObject({ hook: 'canister_on_low_cycles', outcome: { ran: null } })
  })
})

async function burn(canister: ExampleCanister, cycles: bigint): Promise<void> {
  await canister.call('burn_cycles', cycles)
  await canister.settle()
}
