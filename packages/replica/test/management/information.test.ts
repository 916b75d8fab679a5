import { appendLog, recordChange } from '@tidemark/state'
import type { Reject } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { canisterStatusRecord } from '../../src/management/index.ts'
import { counter } from './support/modules.ts'
import { alice, bob, candid, Network, type NetworkOptions, printState, trillion, user, valueOf } from './support/network.ts'

function setUp(options: NetworkOptions = {}) {
  const network = new Network(options)
  const canister = network.canister()
  const arg = { canister_id: candid(canister.id) }
  valueOf(
    network.call('install_code', {
      ...arg,
      mode: { install: null },
      wasm_module: counter,
      arg: new Uint8Array(0),
      sender_canister_version: [],
    }),
  )
  return { network, canister, arg, asker: network.canister(trillion, [bob]) }
}

describe('canister_status', () => {
  test('tells everything; the memory size is the sum of its parts', () => {
    const { network, canister, arg } = setUp()
    canister.queryStats.callsTotal = 3n
    const status = valueOf(network.call('canister_status', arg))
    expect(status).toMatchObject({
      status: { running: null },
      ready_for_migration: false,
      version: 1n,
      module_hash: [canister.execution?.module.hash],
      cycles: canister.balance,
      reserved_cycles: 0n,
      query_stats: { num_calls_total: 3n, num_instructions_total: 0n, request_payload_bytes_total: 0n, response_payload_bytes_total: 0n },
      memory_metrics: {
        wasm_memory_size: 65_536n,
        stable_memory_size: 65_536n,
        global_memory_size: 64n,
        wasm_binary_size: BigInt(counter.length),
        snapshots_size: 0n,
      },
    })
    expect(status.memory_size).toBe(Object.values(status.memory_metrics).reduce((sum, bytes) => sum + bytes, 0n))
    expect(status.settings).toMatchObject({
      freezing_threshold: 2_592_000n,
      reserved_cycles_limit: 5n * trillion,
      wasm_memory_limit: 0n,
      log_memory_limit: 4_096n,
    })
    expect(network.query('canister_status', arg)).toEqual(status)
  })
  test.each([
    ['2025' as const, 13, 10_972_800_000n],
    ['2026' as const, 13, 28_296_000_000n],
    ['2026' as const, 34, 74_004_923_076n],
  ])('idle cycles of one GiB, %s at %i nodes', (profile, subnetSize, perDay) => {
    const { network, canister } = setUp({ profile, subnetSize })
    canister.settings = { ...canister.settings, memoryAllocation: 1_073_741_824n }
    expect(canisterStatusRecord(canister, network.env).idle_cycles_burned_per_day).toBe(perDay)
  })
  test('an empty canister that was never limited', () => {
    const network = new Network()
    const canister = Object.assign(network.canister(0n), { status: { kind: 'stopped' } })
    expect(canisterStatusRecord(canister, network.env)).toMatchObject({
      status: { stopped: null },
      ready_for_migration: true,
      module_hash: [],
      memory_size: 0n,
    })
  })
  test('strangers are refused, by call and by query, until the setting lets them', () => {
    const { network, canister, arg } = setUp()
    const text = `Caller ${bob.toText()} is not allowed to read the canister status`
    expect(network.call('canister_status', arg, bob)).toEqual({ code: 'IC0542', text })
    expect(network.query('canister_status', arg, bob)).toMatchObject({ code: 5, errorCode: 'CanisterStatusAccessDenied', message: text })
    canister.settings = { ...canister.settings, statusVisibility: { kind: 'public' } }
    valueOf(network.call('canister_status', arg, bob))
  })
  test('a canister may always ask about itself', () => {
    const { network, canister, arg } = setUp()
    valueOf(network.callFrom(canister, 'canister_status', arg))
  })
  test('asking changes nothing', () => {
    const { network, arg } = setUp()
    const before = printState(network.subnet)
    valueOf(network.call('canister_status', arg))
    expect(printState(network.subnet)).toBe(before)
  })
})

test('canister_metrics tells what cycles went to', () => {
  const { network, canister, arg } = setUp()
  const { cycles_consumed } = valueOf(network.call('canister_metrics', arg))
  expect(cycles_consumed.instructions).toBe(canister.consumedCycles.instructions)
  expect(cycles_consumed.instructions).toBeGreaterThan(5_000_000n)
  expect(network.query('canister_metrics', arg)).toEqual({ cycles_consumed })
  expect(network.query('canister_metrics', arg, bob)).toMatchObject({ errorCode: 'CanisterInvalidController' })
})

describe('canister_info', () => {
  test.each([
    ['no number', [], []],
    ['two', [2n], [18n, 19n]],
    ['more than there are', [100n], Array.from({ length: 20 }, (_, i) => BigInt(i))],
  ] as [string, [] | [bigint], bigint[]][])('%s requested', (_, requested, versions) => {
    const network = new Network()
    const canister = network.canister()
    for (let i = 0n; i < 20n; i++) {
      recordChange(canister.history, {
        timestampNanos: i,
        canisterVersion: i,
        origin: { kind: 'from_user', userId: bob },
        details: { kind: 'code_uninstall' },
      })
    }
    const info = valueOf(
      network.callFrom(network.canister(), 'canister_info', { canister_id: candid(canister.id), num_requested_changes: requested }),
    )
    expect(info).toMatchObject({ total_num_changes: 20n, module_hash: [], controllers: [candid(alice)] })
    expect(info.recent_changes.map(({ canister_version }) => canister_version)).toEqual(versions)
  })
  test('each kind of change and origin is shown', () => {
    const { network, canister } = setUp()
    recordChange(canister.history, {
      timestampNanos: 5n,
      canisterVersion: 2n,
      origin: { kind: 'from_canister', canisterId: canister.id, canisterVersion: 4n },
      details: { kind: 'controllers_change', controllers: [bob] },
    })
    recordChange(canister.history, {
      timestampNanos: 6n,
      canisterVersion: 3n,
      origin: { kind: 'from_user', userId: bob },
      details: {
        kind: 'load_snapshot',
        fromCanisterId: undefined,
        snapshotId: new Uint8Array(2),
        canisterVersion: 1n,
        takenAtTimestampNanos: 4n,
        source: 'metadata_upload',
      },
    })
    const { recent_changes } = valueOf(
      network.callFrom(canister, 'canister_info', { canister_id: candid(canister.id), num_requested_changes: [9n] }),
    )
    expect(recent_changes).toMatchObject([
      {
        origin: { from_user: { user_id: candid(alice) } },
        details: { code_deployment: { mode: { install: null }, module_hash: canister.execution?.module.hash } },
      },
      {
        timestamp_nanos: 5n,
        origin: { from_canister: { canister_id: candid(canister.id), canister_version: [4n] } },
        details: { controllers_change: { controllers: [candid(bob)] } },
      },
      {
        details: {
          load_snapshot: { from_canister_id: [], canister_version: 1n, taken_at_timestamp: 4n, source: { metadata_upload: null } },
        },
      },
    ])
  })
})

describe('canister_metadata', () => {
  const read = (name: string, caller: 'asker' | 'owner' = 'asker') => {
    const { network, canister, asker, arg } = setUp()
    if (caller === 'owner') canister.settings = { ...canister.settings, controllers: [asker.id] }
    return network.callFrom(asker, 'canister_metadata', { ...arg, name })
  }
  test('public sections are for all, private ones for controllers', () => {
    expect(new TextDecoder().decode(valueOf(read('open')).value)).toBe('for all')
    expect(new TextDecoder().decode(valueOf(read('closed', 'owner')).value)).toBe('for owners')
  })
  test.each(['closed', 'nothing'])('%s: there is no such section for a stranger', (name) => {
    expect(read(name)).toMatchObject({
      code: 'IC0406',
      text: expect.stringMatching(new RegExp(`^The canister \\S+ has no metadata section with the name ${name}\\.$`)),
    })
  })
  test('an empty canister has none', () => {
    const network = new Network()
    const canister = network.canister()
    expect(network.callFrom(canister, 'canister_metadata', { canister_id: candid(canister.id), name: 'open' })).toEqual({
      code: 'IC0406',
      text: `The canister ${canister.id.toText()} has no Wasm module and hence no metadata is available.`,
    })
  })
})

describe('fetch_canister_logs', () => {
  const withLogs = (options: NetworkOptions = {}) => {
    const network = new Network(options)
    const canister = network.canister()
    for (const [i, text] of ['one', 'two', 'three'].entries())
      appendLog(canister.log, BigInt(100 + i), new TextEncoder().encode(text), 4_096)
    return { network, canister, id: candid(canister.id) }
  }
  const texts = (answer: { canister_log_records: { content: Uint8Array }[] } | Reject) =>
    'code' in answer ? answer : answer.canister_log_records.map(({ content }) => new TextDecoder().decode(content))

  test.each([
    ['all', [], ['one', 'two', 'three']],
    ['by index, end excluded', [{ by_idx: { start: 1n, end: 2n } }], ['two']],
    ['by time', [{ by_timestamp_nanos: { start: 101n, end: 200n } }], ['two', 'three']],
    ['an empty range', [{ by_idx: { start: 2n, end: 1n } }], []],
  ] as const)('query: %s', (_, filter, expected) => {
    const { network, id } = withLogs()
    expect(texts(network.query('fetch_canister_logs', { canister_id: id, filter: filter.length === 0 ? [] : [filter[0]] }))).toEqual(
      expected,
    )
  })
  test('an answer holds two megabytes, with forty bytes for every record: the newest, or the first that a filter lets through', () => {
    const network = new Network()
    const canister = network.canister()
    for (let n = 0; n < 50_003; n++) appendLog(canister.log, 0n, new Uint8Array(0), 2_097_152)
    const fetch = (filter: [] | [{ by_idx: { start: bigint; end: bigint } }]) => {
      const { canister_log_records: records } = network.query('fetch_canister_logs', { canister_id: candid(canister.id), filter }) as {
        canister_log_records: { idx: bigint }[]
      }
      return [records.length, records[0]?.idx, records.at(-1)?.idx]
    }
    expect(fetch([])).toEqual([50_000, 3n, 50_002n])
    expect(fetch([{ by_idx: { start: 1n, end: 60_000n } }])).toEqual([50_000, 1n, 50_000n])
  })
  test('strangers are refused until the setting lets them', () => {
    const { network, canister, id } = withLogs()
    const fetch = () => network.query('fetch_canister_logs', { canister_id: id, filter: [] }, bob)
    expect(fetch()).toMatchObject({
      code: 4,
      errorCode: 'CanisterRejectedMessage',
      message: `Caller ${bob.toText()} is not allowed to access canister logs`,
    })
    canister.settings = { ...canister.settings, logVisibility: { kind: 'allowed_viewers', viewers: [bob] } }
    expect(texts(fetch())).toHaveLength(3)
  })
  test('a canister pays for the bytes that it gets', () => {
    const { network, canister, id } = withLogs()
    canister.settings = { ...canister.settings, logVisibility: { kind: 'public' } }
    const before = canister.balance
    const arg = { canister_id: id, filter: [] as [] }
    expect(network.callFrom(canister, 'fetch_canister_logs', arg, 1n)).toMatchObject({
      code: 'IC0406',
      text: expect.stringMatching(/^fetch_canister_logs request sent with 1 cycles, but [\d_]+ cycles are required\.$/),
    })
    const outcome = network.callFrom(canister, 'fetch_canister_logs', arg, 3n * trillion)
    expect(texts(valueOf(outcome))).toHaveLength(3)
    const paid = before - canister.balance
    expect(paid).toBe(13n * (5_000_000n + 80n * BigInt('result' in outcome ? outcome.result.data.length : 0)))
    expect(network.ledgerGap()).toBe(0n)
  })
  test('before 2026 canisters could not', () => {
    const { network, canister, id } = withLogs({ profile: '2025' })
    expect(network.callFrom(canister, 'fetch_canister_logs', { canister_id: id, filter: [] }, trillion)).toEqual({
      code: 'IC0406',
      text: 'fetch_canister_logs API is only accessible to end users in non-replicated mode',
    })
  })
})

describe('about the subnet', () => {
  test('subnet_info and node_metrics_history answer for this subnet', () => {
    const { network, asker } = setUp()
    network.subnet.round = 12n
    const subnet_id = candid(network.env.subnetId)
    expect(valueOf(network.callFrom(asker, 'subnet_info', { subnet_id }))).toEqual({ replica_version: '1.2.3', registry_version: 7n })
    expect(valueOf(network.callFrom(asker, 'node_metrics_history', { subnet_id, start_at_timestamp_nanos: 0n }))).toEqual([
      {
        timestamp_nanos: network.subnet.timeNanos,
        node_metrics: [{ node_id: candid(user(101)), num_blocks_proposed_total: 12n, num_block_failures_total: 0n }],
      },
    ])
    expect(valueOf(network.callFrom(asker, 'node_metrics_history', { subnet_id, start_at_timestamp_nanos: 2n ** 64n - 1n }))).toEqual([])
  })
  test('subnet_metrics tells what the subnet did and holds', () => {
    const { network, asker } = setUp()
    Object.assign(network.subnet, { round: 12n, canisterStateBytes: 500, updateTransactions: 7 })
    const { burnedCycles } = network.subnet
    expect(valueOf(network.callFrom(asker, 'subnet_metrics', { subnet_id: candid(network.env.subnetId) }))).toEqual({
      block_height: 12n,
      num_canisters: BigInt(network.subnet.canisters().length),
      canister_state_bytes: 500n,
      consumed_cycles_total: burnedCycles,
      update_transactions_total: 7n,
    })
  })
  test.each(['subnet_info', 'node_metrics_history', 'subnet_metrics'] as const)('%s: another subnet', (method) => {
    const { network, asker } = setUp()
    expect(network.callFrom(asker, method, { subnet_id: candid(bob), start_at_timestamp_nanos: 0n })).toEqual({
      code: 'IC0406',
      text: `Provided target subnet ID ${bob.toText()} does not match current subnet ID ${network.env.subnetId.toText()}.`,
    })
  })
  test('list_canisters is for subnets with administrators', () => {
    expect(new Network().query('list_canisters', undefined as never)).toMatchObject({
      code: 4,
      message: 'list_canisters is only available on subnets with subnet admins',
    })
  })
})
