import type { managementTypes } from '@tidemark/bindings'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printNumber } from '../../src/management/print.ts'
import { alice, bob, candid, carol, gib, Network, printState, trillion, user, valueOf } from './support/network.ts'
import { settings } from './support/settingsArg.ts'

type Fields = Partial<managementTypes.CanisterSettings>
type Definite = managementTypes.DefiniteCanisterSettings

const withOutcome = (fields: Fields, prepare: (network: Network) => ReturnType<Network['canister']> = (network) => network.canister()) => {
  const network = new Network()
  const canister = prepare(network)
  const before = printState(network.subnet)
  const outcome = network.call('update_settings', {
    canister_id: candid(canister.id),
    settings: settings(fields),
    sender_canister_version: [],
  })
  return { network, canister, before, outcome }
}

const shownAfter = (fields: Fields): Definite => {
  const { network, canister, outcome } = withOutcome(fields, (fresh) => fresh.canister(10n ** 18n))
  valueOf(outcome)
  return valueOf(network.call('canister_status', { canister_id: candid(canister.id) }, alice)).settings
}

const viewers = { allowed_viewers: [candid(bob)] }

describe('each field can be changed and is shown', () => {
  const rows: [name: keyof Definite, fields: Fields, shown: unknown][] = [
    ['controllers', { controllers: [[candid(carol), candid(alice), candid(carol)]] }, [candid(alice), candid(carol)]],
    ['compute_allocation', { compute_allocation: [100n] }, 100n],
    ['memory_allocation', { memory_allocation: [gib] }, gib],
    ['freezing_threshold', { freezing_threshold: [2n ** 64n - 1n] }, 2n ** 64n - 1n],
    ['reserved_cycles_limit', { reserved_cycles_limit: [2n ** 128n - 1n] }, 2n ** 128n - 1n],
    ['minimum_incoming_canister_call_cycles', { minimum_incoming_canister_call_cycles: [2n ** 128n - 1n] }, 2n ** 128n - 1n],
    ['log_visibility', { log_visibility: [{ public: null }] }, { public: null }],
    ['log_memory_limit', { log_memory_limit: [2_097_152n] }, 2_097_152n],
    ['log_memory_limit', { log_memory_limit: [0n] }, 0n],
    ['snapshot_visibility', { snapshot_visibility: [viewers] }, viewers],
    ['status_visibility', { status_visibility: [viewers] }, viewers],
    ['wasm_memory_limit', { wasm_memory_limit: [2n ** 48n] }, 2n ** 48n],
    ['wasm_memory_threshold', { wasm_memory_threshold: [2n ** 48n] }, 2n ** 48n],
    [
      'environment_variables',
      {
        environment_variables: [
          [
            { name: 'b', value: '2' },
            { name: 'a', value: '1' },
          ],
        ],
      },
      [
        { name: 'a', value: '1' },
        { name: 'b', value: '2' },
      ],
    ],
  ]
  test.each(rows)('%s', (name, fields, shown) => {
    expect(shownAfter(fields)[name]).toEqual(shown)
  })
})

test('fields that are not named stay as they are', () => {
  const before = shownAfter({})
  const { controllers, ...rest } = shownAfter({ controllers: [[candid(alice), candid(bob)]] })
  expect(controllers).toHaveLength(2)
  expect({ ...rest, controllers: before.controllers }).toEqual(before)
})

describe('what is out of range is refused and changes nothing', () => {
  const ten = Array.from({ length: 11 }, (_, i) => candid(user(i + 10)))
  const long = 'x'.repeat(129)
  const rows: [what: string, fields: Fields, code: string, text: string][] = [
    ['compute', { compute_allocation: [101n] }, 'IC0504', 'ComputeAllocation expected to be in the range [0..100], got 101'],
    [
      'memory',
      { memory_allocation: [2n ** 64n] },
      'IC0504',
      `MemoryAllocation expected to be in the range [0..2^64-1], got ${printNumber(2n ** 64n)}`,
    ],
    [
      'more memory than there is',
      { memory_allocation: [2n ** 60n] },
      'IC0101',
      'Canister requested 1024.00 PiB of memory but only 1.99 TiB are available in the subnet.',
    ],
    [
      'threshold',
      { freezing_threshold: [2n ** 64n] },
      'IC0504',
      `Freezing threshold expected to be in the range of [0..2^64-1], got ${printNumber(2n ** 64n)}`,
    ],
    [
      'reserved',
      { reserved_cycles_limit: [2n ** 128n] },
      'IC0504',
      `Reserved cycles limit expected to be in the range of [0..2^128-1], got ${printNumber(2n ** 128n)}`,
    ],
    [
      'heap limit',
      { wasm_memory_limit: [2n ** 48n + 1n] },
      'IC0504',
      `Wasm memory limit expected to be in the range of [0..2^64-1], got ${printNumber(2n ** 48n + 1n)}`,
    ],
    [
      'hook',
      { wasm_memory_threshold: [2n ** 48n + 1n] },
      'IC0504',
      `Wasm memory threshold expected to be in the range of [0..2^64-1], got ${printNumber(2n ** 48n + 1n)}`,
    ],
    [
      'incoming',
      { minimum_incoming_canister_call_cycles: [2n ** 128n] },
      'IC0504',
      `Minimum incoming canister call cycles expected to be in the range of [0..2^128-1], got ${printNumber(2n ** 128n)}`,
    ],
    ['small log', { log_memory_limit: [4_095n] }, 'IC0406', 'The canister log memory limit 4095 is too low. It must be at least 4096.'],
    [
      'large log',
      { log_memory_limit: [2_097_153n] },
      'IC0406',
      'The canister log memory limit 2097153 is too high. It must be at most 2097152.',
    ],
    [
      'eleven controllers',
      { controllers: [ten] },
      'IC0408',
      'Error decoding candid: Deserialize error: The number of elements exceeds maximum allowed 10',
    ],
    [
      'eleven viewers',
      { log_visibility: [{ allowed_viewers: ten }] },
      'IC0408',
      'Error decoding candid: Deserialize error: The number of elements exceeds maximum allowed 10',
    ],
    [
      '21 variables',
      { environment_variables: [Array.from({ length: 21 }, (_, i) => ({ name: `n${i}`, value: '' }))] },
      'IC0408',
      'Too many environment variables: 21 (max: 20)',
    ],
    [
      'long name',
      { environment_variables: [[{ name: long, value: '' }]] },
      'IC0408',
      `Environment variable name "${long}" exceeds the maximum allowed length of 128.`,
    ],
    [
      'long value',
      { environment_variables: [[{ name: 'a', value: long }]] },
      'IC0408',
      `Environment variable value "${long}" exceeds the maximum allowed length of 128.`,
    ],
    [
      'the same name twice',
      {
        environment_variables: [
          [
            { name: 'a', value: '' },
            { name: 'a', value: '1' },
          ],
        ],
      },
      'IC0408',
      'Duplicate environment variables are not allowed',
    ],
  ]
  test.each(rows)('%s', (_, fields, code, text) => {
    const { network, outcome, before } = withOutcome({ ...fields, freezing_threshold: fields.freezing_threshold ?? [1n] })
    expect(outcome).toEqual({ code, text })
    expect(printState(network.subnet)).toBe(before)
  })
})

describe('what cannot be afforded is refused and changes nothing', () => {
  const poor = (network: Network) => network.canister(1_000_000n)
  const reserving = (network: Network) => Object.assign(network.canister(), { reservedBalance: 1_000n })
  const rows: [what: string, fields: Fields, prepare: (network: Network) => ReturnType<Network['canister']>, code: string, text: RegExp][] =
    [
      [
        'compute of a poor canister',
        { compute_allocation: [1n] },
        poor,
        'IC0530',
        /^Cannot increase compute allocation to 1% due to insufficient cycles\. At least [\d_]+ additional cycles are required\.$/,
      ],
      [
        'memory of a poor canister',
        { memory_allocation: [gib] },
        poor,
        'IC0531',
        /^Cannot increase memory allocation to 1024\.00 MiB due to insufficient cycles\. At least [\d_]+ additional/,
      ],
      ['both: compute is told first', { memory_allocation: [gib], compute_allocation: [1n] }, poor, 'IC0530', /compute/],
      [
        'a limit below the reserve',
        { reserved_cycles_limit: [999n] },
        reserving,
        'IC0540',
        /^Cannot set the reserved cycles limit 999 below the reserved cycles balance of the canister 1_000\.$/,
      ],
      [
        'more compute than there is',
        { compute_allocation: [100n] },
        (network) => {
          for (let i = 0; i < 2; i++) {
            const other = network.canister()
            other.settings = { ...other.settings, computeAllocation: 100n }
          }
          return network.canister(10n ** 18n)
        },
        'IC0101',
        /^Canister requested a compute allocation of 100% which cannot be satisfied because the Subnet's remaining compute capacity is 99%\.$/,
      ],
    ]
  test.each(rows)('%s', (_, fields, prepare, code, text) => {
    const { network, outcome, before } = withOutcome(fields, prepare)
    expect(outcome).toMatchObject({ code, text: expect.stringMatching(text) })
    expect(printState(network.subnet)).toBe(before)
  })
})

describe('memory allocation on a filled subnet', () => {
  const allocate = (takenBytes: bigint, bytes: bigint, balance: bigint, reservedCyclesLimit = 10n ** 18n) => {
    const network = new Network({ takenBytes })
    const canister = network.canister(balance)
    canister.settings = { ...canister.settings, reservedCyclesLimit, freezingThreshold: 0n }
    const outcome = network.call('update_settings', {
      canister_id: candid(canister.id),
      settings: settings({ memory_allocation: [bytes] }),
      sender_canister_version: [],
    })
    return { network, canister, outcome }
  }

  test('subnet full: refused with what is left', () => {
    expect(allocate(2037n * gib, 2n * gib, 10n ** 18n).outcome).toEqual({
      code: 'IC0101',
      text: 'Canister requested 2.00 GiB of memory but only 1024.00 MiB are available in the subnet.',
    })
  })
  test('above the threshold cycles are reserved, and nothing is lost', () => {
    const { network, canister, outcome } = allocate(800n * gib, gib, 10n * trillion)
    valueOf(outcome)
    expect(canister.reservedBalance).toBe(3_705_790_785_000n)
    expect(canister.balance + canister.reservedBalance).toBe(10n * trillion)
    expect(network.ledgerGap()).toBe(0n)
  })
  test('reserved limit too low', () => {
    expect(allocate(800n * gib, gib, 10n * trillion, trillion).outcome).toMatchObject({
      code: 'IC0533',
      text: `Cannot increase memory allocation to 1024.00 MiB due to its reserved cycles limit. The current limit (1_000_000_000_000) would be exceeded by 2_705_790_785_000.`,
    })
  })
  test('balance too low for the reservation', () => {
    expect(allocate(800n * gib, gib, trillion).outcome).toMatchObject({ code: 'IC0531' })
  })
})

test('a frozen canister may still lower its threshold', () => {
  const { canister, outcome } = withOutcome({ freezing_threshold: [0n] }, (network) => network.canister(1n))
  valueOf(outcome)
  expect(canister.settings.freezingThreshold).toBe(0n)
})

describe('who may change settings', () => {
  const arg = (network: Network) => ({
    canister_id: candid(network.canister().id),
    settings: settings({}),
    sender_canister_version: [] as [],
  })
  test('a stranger is told who controls the canister', () => {
    const network = new Network()
    const outcome = network.call('update_settings', arg(network), bob)
    const [canister] = network.subnet.canisters()
    expect(outcome).toEqual({
      code: 'IC0512',
      text: `Only the controllers of the canister ${canister?.id.toText()} can control it.\nCanister's controllers: ${alice.toText()}\nSender's ID: ${bob.toText()}`,
    })
  })
  test('a range error comes before the missing canister, as it is found while decoding', () => {
    const network = new Network()
    const outcome = network.call('update_settings', {
      canister_id: candid(bob),
      settings: settings({ compute_allocation: [101n] }),
      sender_canister_version: [],
    })
    expect(outcome).toMatchObject({ code: 'IC0504' })
  })
  test('a missing canister comes before missing rights', () => {
    const outcome = new Network().call(
      'update_settings',
      { canister_id: candid(bob), settings: settings({}), sender_canister_version: [] },
      bob,
    )
    expect(outcome).toEqual({ code: 'IC0301', text: `Canister ${bob.toText()} not found.` })
  })
})

test('each change raises the version; only one of controllers enters the history', () => {
  const network = new Network()
  const canister = network.canister()
  const update = (fields: Fields) =>
    valueOf(network.call('update_settings', { canister_id: candid(canister.id), settings: settings(fields), sender_canister_version: [] }))
  update({ freezing_threshold: [5n] })
  expect(canister.version).toBe(1n)
  expect(canister.history.total).toBe(0n)
  update({ controllers: [[candid(alice)]] })
  expect(canister.version).toBe(2n)
  expect(canister.history.changes).toMatchObject([
    { canisterVersion: 2n, details: { kind: 'controllers_change' }, origin: { kind: 'from_user' } },
  ])
})

test('a canister that states another version than its own is refused', () => {
  const network = new Network()
  const sender = network.canister()
  const target = network.canister(trillion, [sender.id])
  const call = (version: bigint) =>
    network.callFrom(sender, 'update_settings', {
      canister_id: candid(target.id),
      settings: settings({}),
      sender_canister_version: [version],
    })
  expect(call(3n)).toMatchObject({ code: 'IC0504' })
  valueOf(call(0n))
})

test('whatever is asked for, a refusal leaves the state as it was and cycles add up', () => {
  const nat = (max: bigint) => fc.option(fc.bigInt({ min: 0n, max }), { nil: undefined })
  const optional = (value: bigint | undefined): [] | [bigint] => (value === undefined ? [] : [value])
  fc.assert(
    fc.property(
      nat(130n),
      nat(3000n * gib),
      nat(2n ** 65n),
      nat(2n ** 40n),
      nat(2n ** 49n),
      nat(10_000n),
      (compute, memory, freezing, reserved, heap, log) => {
        const { network, before, outcome } = withOutcome({
          compute_allocation: optional(compute),
          memory_allocation: optional(memory),
          freezing_threshold: optional(freezing),
          reserved_cycles_limit: optional(reserved),
          wasm_memory_limit: optional(heap),
          log_memory_limit: optional(log),
        })
        if ('code' in outcome) expect(printState(network.subnet)).toBe(before)
        expect(network.ledgerGap()).toBe(0n)
      },
    ),
    { seed: 1, numRuns: 200 },
  )
})

describe('a small change is taken in free and pays afterwards', () => {
  const paid = (balance: bigint, freezing: bigint) => {
    const { network, canister, outcome } = (() => {
      const fresh = new Network()
      const target = fresh.canister(balance)
      const arg = {
        canister_id: candid(target.id),
        settings: settings({ freezing_threshold: [freezing] }),
        sender_canister_version: [] as [],
      }
      return { network: fresh, canister: target, outcome: fresh.call('update_settings', arg, alice, 300) }
    })()
    valueOf(outcome)
    expect(network.ledgerGap()).toBe(0n)
    return canister.consumedCycles.ingress_induction
  }
  test('the fee for its bytes', () => expect(paid(trillion, 0n)).toBe(1_200_000n + 2_000n * 300n))
  test('nothing, if the canister would have to go below its threshold', () => {
    expect(paid(1_799_999n, 0n)).toBe(0n)
    expect(paid(trillion, 2n ** 64n - 1n)).toBe(1_800_000n)
  })
})
