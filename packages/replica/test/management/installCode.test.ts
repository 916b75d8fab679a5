import { sha256 } from '@noble/hashes/sha2.js'
import type { managementTypes } from '@tidemark/bindings'
import type { CanisterState } from '@tidemark/state'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { checkpoint } from '../../src/round/heapDelta.ts'
import { assemble, counter, empty, persistent, saving, stubborn, trapping, unwelcome } from './support/modules.ts'
import {
  alice,
  bob,
  candid,
  gib,
  Network,
  type NetworkOptions,
  type Outcome,
  printState,
  trillion,
  valueOf,
  withoutCost,
} from './support/network.ts'

type Mode = managementTypes.InstallMode
const install: Mode = { install: null }
const reinstall: Mode = { reinstall: null }
const upgrade = (memory?: 'keep' | 'replace', skip?: boolean): Mode => ({
  upgrade: [
    {
      skip_pre_upgrade: skip === undefined ? [] : [skip],
      wasm_memory_persistence: memory === undefined ? [] : [memory === 'keep' ? { keep: null } : { replace: null }],
    },
  ],
})
const plainUpgrade: Mode = { upgrade: [] }

function setUp(options: NetworkOptions = {}, balance = 10n * trillion) {
  const network = new Network(options)
  const canister = network.canister(balance)
  const put = (module: Uint8Array, mode: Mode, caller = alice): Outcome<unknown> =>
    network.call(
      'install_code',
      { mode, canister_id: candid(canister.id), wasm_module: module, arg: new Uint8Array(0), sender_canister_version: [] },
      caller,
    )
  return { network, canister, put }
}

describe('what an installation does', () => {
  test('install runs init and records the deployment', () => {
    const { network, canister, put } = setUp()
    valueOf(put(counter, install))
    expect(canister).toMatchObject({ version: 1n, lastInstallNanos: network.subnet.timeNanos, globalTimerNanos: 12_345n })
    expect(canister.execution?.module.hash).toEqual(sha256(counter))
    expect(canister.execution?.live.exportGlobals()).toEqual([{ type: 'i64', value: 9n }])
    expect(new TextDecoder().decode(canister.certifiedData)).toBe('hello')
    expect(canister.log.records.map(({ content }) => new TextDecoder().decode(content))).toEqual(['hello'])
    expect(canister.history.changes).toMatchObject([
      {
        canisterVersion: 1n,
        origin: { kind: 'from_user', userId: alice },
        details: { kind: 'code_deployment', mode: 'install', moduleHash: sha256(counter) },
      },
    ])
    expect(network.ledgerGap()).toBe(0n)
  })
  test('upgrade keeps stable memory, certified data and log, and drops heap and timer', () => {
    const { canister, put } = setUp()
    valueOf(put(counter, install))
    valueOf(put(empty, plainUpgrade))
    expect(canister.stableMemory.sizePages).toBe(1)
    expect(canister).toMatchObject({ version: 2n, globalTimerNanos: 0n })
    expect(canister.certifiedData).toHaveLength(5)
    expect(canister.log.records).toHaveLength(1)
    expect(canister.history.changes[1]).toMatchObject({ details: { mode: 'upgrade' } })
  })
  test('reinstall starts from nothing, on an empty canister too', () => {
    const { canister, put } = setUp()
    valueOf(put(counter, reinstall))
    valueOf(put(empty, reinstall))
    expect(canister.stableMemory.sizePages).toBe(0)
    expect(canister.certifiedData).toHaveLength(0)
    expect(canister.log).toMatchObject({ records: [], nextIdx: 1n })
  })
  test('keep carries the heap over, replace does not', () => {
    const { canister, put } = setUp()
    valueOf(put(persistent, install))
    const heapPages = () => canister.execution?.live.heapPages
    expect(heapPages()).toBe(2)
    valueOf(put(persistent, upgrade('keep')))
    expect(heapPages()).toBe(2)
    valueOf(put(empty, upgrade('replace')))
    expect(heapPages()).toBe(1)
  })
  test('what runs before an upgrade counts, and can be skipped', () => {
    const { canister, put } = setUp()
    valueOf(put(saving, install))
    valueOf(put(saving, plainUpgrade))
    expect(canister.stableMemory.sizePages).toBe(1)
    valueOf(put(saving, upgrade('replace', true)))
    expect(canister.stableMemory.sizePages).toBe(1)
    valueOf(put(stubborn, plainUpgrade))
    valueOf(put(empty, upgrade(undefined, true)))
    expect(canister.stableMemory.sizePages).toBe(2)
  })
  test('on a filled subnet cycles are reserved for its memory', () => {
    const { network, canister, put } = setUp({ takenBytes: 1_000n * gib })
    valueOf(put(counter, install))
    expect(canister.reservedBalance).toBeGreaterThan(0n)
    expect(network.ledgerGap()).toBe(0n)
  })
  test.each(['running', 'stopped'] as const)('works on a %s canister', (kind) => {
    const { canister, put } = setUp()
    canister.status = { kind }
    valueOf(put(empty, install))
    expect(canister.status.kind).toBe(kind)
  })
})

describe('why an installation is refused', () => {
  const rows: [what: string, before: [Uint8Array, Mode][], module: Uint8Array, mode: Mode, code: string, text: RegExp][] = [
    [
      'install over code',
      [[empty, install]],
      empty,
      install,
      'IC0514',
      /cannot be installed because the canister is not empty\. Try installing with mode='reinstall' instead\.$/,
    ],
    [
      'upgrade of nothing',
      [],
      empty,
      plainUpgrade,
      'IC0537',
      /^Error from Canister \S+: Attempted to execute a message, but the canister contains no Wasm module\./,
    ],
    ['no module', [], new Uint8Array([1, 2, 3]), install, 'IC0505', /^Error from Canister \S+: Canister's Wasm module is not valid: /],
    ['init traps', [], trapping, install, 'IC0502', /^Error from Canister \S+: Canister trapped: unreachable/],
    ['what runs before the upgrade traps', [[stubborn, install]], empty, plainUpgrade, 'IC0502', /Canister trapped: unreachable/],
    ['what runs after the upgrade traps', [[counter, install]], unwelcome, plainUpgrade, 'IC0502', /Canister trapped: unreachable/],
    [
      'the option that persistence asks for is missing',
      [[persistent, install]],
      persistent,
      plainUpgrade,
      'IC0504',
      /^Missing upgrade option: /,
    ],
    ['keep is asked of a module that cannot', [[empty, install]], empty, upgrade('keep'), 'IC0504', /^Invalid upgrade option: /],
  ]
  test.each(rows)('%s', (_, before, module, mode, code, text) => {
    const { network, canister, put } = setUp()
    for (const [earlier, earlierMode] of before) valueOf(put(earlier, earlierMode))
    const state = withoutCost(network, canister)
    expect(put(module, mode)).toMatchObject({ code, text: expect.stringMatching(text) })
    expect(withoutCost(network, canister)).toBe(state)
    expect(network.ledgerGap()).toBe(0n)
  })
  test('a stranger: before anything else', () => {
    const { network, put } = setUp({}, 0n)
    const before = printState(network.subnet)
    expect(put(new Uint8Array([1]), install, bob)).toMatchObject({ code: 'IC0512' })
    expect(printState(network.subnet)).toBe(before)
  })
  test('the prepayment is not there: nothing is looked at, nothing is charged', () => {
    const { network, canister, put } = setUp({}, 300_004_999_999n)
    canister.settings = { ...canister.settings, freezingThreshold: 0n }
    const before = printState(network.subnet)
    expect(put(new Uint8Array([1]), install)).toEqual({
      code: 'IC0207',
      text: `Canister installation failed with \`Canister ${canister.id.toText()} is out of cycles: please top up the canister with at least 1 additional cycles\`.`,
    })
    expect(printState(network.subnet)).toBe(before)
  })
  test('too soon after an earlier one, where that is limited', () => {
    const { canister, put } = setUp({ management: { rateLimits: true } })
    valueOf(put(counter, install))
    expect(canister.installCodeDebit).toBeGreaterThan(0n)
    expect(put(empty, reinstall)).toMatchObject({ code: 'IC0209' })
  })
  test('its heap is over the limit of the settings', () => {
    const { canister, put } = setUp()
    canister.settings = { ...canister.settings, wasmMemoryLimit: 65_536n }
    expect(put(persistent, install)).toMatchObject({
      code: 'IC0539',
      text: expect.stringMatching(
        /Canister exceeded its current Wasm memory limit of 65536 bytes\. The peak Wasm memory usage was 131072 bytes\./,
      ),
    })
    valueOf(put(empty, install))
  })
  test('the subnet has no memory for it', () => {
    const { put } = setUp({ capacityBytes: 10n * 1_073_741_824n + 65_000n })
    expect(put(empty, install)).toEqual({
      code: 'IC0101',
      text: expect.stringMatching(/^Canister requested 64\.\d\d KiB of memory but only 63\.\d\d KiB are available in the subnet\.$/),
    })
  })
  test('what is left of the prepayment counts when the memory is judged', () => {
    // 64 MiB for thirty days come to about 51 billion cycles on top of 26 billion; the prepayment leaves 40 billion.
    const { canister, put } = setUp({}, 340_000_000_000n)
    valueOf(put(assemble('(module (memory 1024))'), install))
    expect(canister.balance).toBeGreaterThan(339_000_000_000n)
  })
  test('a heap that the canister could not keep for its threshold', () => {
    const { put } = setUp({}, 400_000_000_000n)
    const large = assemble('(module (memory 8192))')
    expect(put(large, install)).toEqual({
      code: 'IC0532',
      text: expect.stringMatching(
        /^Canister cannot grow memory by \d+ bytes due to insufficient cycles\. At least [\d_]+ additional cycles are required\.$/,
      ),
    })
  })
})

describe('what an installation costs', () => {
  const charge = (module: Uint8Array, options: NetworkOptions = {}) => {
    const { network, canister, put } = setUp(options)
    put(module, install)
    expect(canister.balance + network.subnet.burnedCycles).toBe(10n * trillion)
    expect(canister.consumedCycles.instructions).toBe(network.subnet.burnedCycles)
    return network.subnet.burnedCycles
  }
  test('the base fee and making an instance, when there was nothing to compile or to run', () => {
    expect(charge(empty)).toBe(25_000_000n)
    expect(charge(empty, { subnetSize: 34 })).toBe(65_384_615n)
    expect(charge(empty, { profile: '2025' })).toBe(5_000_000n)
  })
  test.each<[profile: '2025' | '2026', factor: bigint]>([
    ['2025', 2n],
    ['2026', 1n],
  ])('with the prices of %s instructions of a module of 64 bits cost %i times those of 32', (profile, factor) => {
    const [of32, of64] = ['', 'i64'].map((address) => {
      const { network, put } = setUp({ profile })
      put(empty, install)
      const before = network.subnet.burnedCycles
      put(assemble(`(module (memory ${address} 1) (func ${'nop '.repeat(100)}))`), reinstall)
      return network.subnet.burnedCycles - before - 5_000_000n
    })
    expect(of32).toBeGreaterThan(0n)
    expect(of64).toBe(factor * (of32 as bigint))
  })
  test('what the subnet has compiled since its last checkpoint counts a hundredth', () => {
    const { network, canister, put } = setUp()
    const module = assemble(`(module (func ${'nop '.repeat(1_000)}))`)
    const spent = (mode: Mode) => {
      const before = network.subnet.burnedCycles
      valueOf(put(module, mode))
      return network.subnet.burnedCycles - before - 25_000_000n
    }
    const first = spent(install)
    const opcodes = BigInt(canister.execution?.module.instructionCount ?? 0)
    expect([first, spent(reinstall)]).toEqual([6_000n * opcodes, 60n * opcodes])
    network.subnet.round = 499n
    checkpoint({ state: network.subnet, env: network.env })
    expect(spent(reinstall)).toBe(60n * opcodes)
    network.subnet.round = 500n
    checkpoint({ state: network.subnet, env: network.env })
    expect(spent(reinstall)).toBe(first)
  })
  test('what is no module counts by its bytes, unpacked', () => {
    expect(charge(new Uint8Array(7))).toBe(25_000_000n + 7n * 6_000n)
    const packed = gzipSync(new Uint8Array(1_000))
    expect(charge(packed)).toBe(25_000_000n + 1_000n * 6_000n)
  })
  test('the base fee alone, when it was clear at once that it fails', () => {
    const { network, put } = setUp({ management: { rateLimits: true } })
    const spent = (module: Uint8Array, mode: Mode) => {
      const before = network.subnet.burnedCycles
      expect(put(module, mode)).not.toHaveProperty('ok')
      return network.subnet.burnedCycles - before
    }
    expect(spent(empty, plainUpgrade)).toBe(5_000_000n)
    put(persistent, install)
    expect(spent(empty, install)).toBe(5_000_000n)
    expect(spent(empty, reinstall)).toBe(5_000_000n)
    network.subnet.canisters().forEach((canister) => (canister.installCodeDebit = 0n))
    expect(spent(persistent, plainUpgrade)).toBe(5_000_000n)
  })
  test('pre-upgrade runs and is paid for before the new module is looked at', () => {
    const { network, canister, put } = setUp()
    put(saving, install)
    const before = network.subnet.burnedCycles
    expect(put(new Uint8Array(0), plainUpgrade)).toMatchObject({ code: 'IC0505' })
    expect(network.subnet.burnedCycles - before).toBeGreaterThan(25_000_000n)
    expect(canister.stableMemory.sizePages).toBe(0)
  })
  test('the instructions on top, also when it fails; what it printed stays in the log', () => {
    expect(charge(trapping)).toBeGreaterThan(5_000_000n)
    const { canister, put } = setUp()
    put(trapping, install)
    expect(canister.log.records.map(({ content }) => new TextDecoder().decode(content))).toEqual(['oh no', '[TRAP]: unreachable'])
  })
})

describe('install_chunked_code', () => {
  const half = Math.floor(counter.length / 2)
  const parts = [counter.slice(0, half), counter.slice(half)]
  const chunked = (
    change: (
      arg: managementTypes.InstallChunkedCodeArgs,
      network: Network,
      canister: CanisterState,
    ) => Partial<managementTypes.InstallChunkedCodeArgs> = () => ({}),
  ) => {
    const { network, canister } = setUp()
    const hashes = parts.map((chunk) => valueOf(network.call('upload_chunk', { canister_id: candid(canister.id), chunk })))
    const arg: managementTypes.InstallChunkedCodeArgs = {
      mode: install,
      target_canister: candid(canister.id),
      store_canister: [],
      chunk_hashes_list: hashes,
      wasm_module_hash: sha256(counter),
      arg: new Uint8Array(0),
      sender_canister_version: [],
    }
    return { network, canister, outcome: network.call('install_chunked_code', { ...arg, ...change(arg, network, canister) }) }
  }
  test('installs the pieces put together, and leaves them stored', () => {
    const { canister, outcome } = chunked()
    valueOf(outcome)
    expect(canister.execution?.module.hash).toEqual(sha256(counter))
    expect(canister.chunkStore.size).toBe(2)
  })
  test('takes the pieces from another canister that the caller controls', () => {
    const { canister, outcome } = chunked((_, network, store) => {
      const target = network.canister()
      return { target_canister: candid(target.id), store_canister: [candid(store.id)] }
    })
    valueOf(outcome)
    expect(canister.execution).toBeUndefined()
  })
  test('a stranger’s store', () => {
    const { outcome } = chunked((_, network) => ({ store_canister: [candid(network.canister(1n, [bob]).id)] }))
    expect(outcome).toMatchObject({ code: 'IC0512' })
  })
  test('a piece that is not there', () => {
    const { outcome } = chunked(() => ({ chunk_hashes_list: [{ hash: new Uint8Array(32) }] }))
    expect(outcome).toEqual({
      code: 'IC0504',
      text: `Error from Wasm chunk store: Chunk hash [${Array(32).fill(0).join(', ')}] was not found.`,
    })
  })
  test('another hash', () => {
    const { outcome } = chunked(({ chunk_hashes_list }) => ({ chunk_hashes_list: chunk_hashes_list.toReversed() }))
    expect(outcome).toMatchObject({
      code: 'IC0504',
      text: expect.stringMatching(
        /^Error from Wasm chunk store: Wasm module hash \[\d+(, \d+){31}\] does not match given hash WasmHash\(\[/,
      ),
    })
  })
  test('a hash that is none', () => {
    const { outcome } = chunked(() => ({ chunk_hashes_list: [{ hash: new Uint8Array(31) }] }))
    expect(outcome).toEqual({ code: 'IC0504', text: 'Error from Wasm chunk store: Chunk hash is invalid. The length is not 32.' })
    const { outcome: whole } = chunked(() => ({ wasm_module_hash: new Uint8Array([1, 2]) }))
    expect(whole).toEqual({ code: 'IC0504', text: 'Invalid wasm hash [1, 2]' })
  })
  test('putting the pieces together costs an instruction per byte, and each counts as a MiB', () => {
    const { network, canister, put } = setUp()
    put(counter, install)
    const whole = network.subnet.burnedCycles
    expect(canister.execution).toBeDefined()
    const uploads = 2n * 200_000_000n
    expect(chunked().network.subnet.burnedCycles).toBe(whole + uploads + 2n * 1_048_576n)
    const missing = chunked(() => ({ chunk_hashes_list: [{ hash: new Uint8Array(32) }] }))
    expect(missing.network.subnet.burnedCycles).toBe(uploads + 5_000_000n + 1_048_576n)
  })
  test('more pieces than a module has', () => {
    const { outcome } = chunked(({ chunk_hashes_list: [first] }) => ({
      chunk_hashes_list: Array.from({ length: 101 }, () => first ?? { hash: new Uint8Array(32) }),
    }))
    expect(outcome).toMatchObject({ code: 'IC0504', text: expect.stringMatching(/^Error from Wasm chunk store: /) })
  })
})
