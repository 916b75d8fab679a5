/** `canister_on_low_cycles`: once for a crossing, armed again with hysteresis, paid for out of the reserve. */
import { IDL } from '@dfinity/candid'
import { describe, expect, test } from 'vitest'
import { managementCanisterId, type Principal } from '@tidemark/types'
import { candid, expectReject, expectReply, type Program, program, type TestNetwork } from '../../../../tests/support/index.ts'
import { creationArgument, hookModule, hookNetwork, hookState, notingHooks, setThresholds } from './support/hookNetwork.ts'

const trillion = 10n ** 12n
const name = 'canister_on_low_cycles'
const burn = (cycles: bigint) => program().amount('cycles_burn128', 0n, cycles).reply()

function start(threshold: bigint, init: Program = notingHooks(), cycles = 10n * trillion) {
  const { net, ran } = hookNetwork()
  const id = net.install(hookModule, init, { cycles })
  net.tick()
  setThresholds(net, id, { low_cycles_threshold: threshold })
  net.tick()
  const runs = () => ran().filter((event) => event.methodName === name).length
  return { net, id, runs }
}

describe('a crossing', () => {
  test('runs it once, with the threshold as its argument and the management canister as its caller', () => {
    const body = program().read('msg_caller').op('append_state').read('msg_arg_data').op('append_state').reply()
    const { net, id, runs } = start(5n * trillion, program().on('on_low_cycles', body))
    expect(runs()).toBe(0)
    expectReply(net.update(id, burn(6n * trillion)))
    net.tick(5)
    expect(runs()).toBe(1)
    const caller = managementCanisterId.bytes
    const arg = IDL.encode([IDL.Nat], [5n * trillion])
    expect([...expectReply(net.query(id, program().replyState())).bytes]).toEqual([...caller, ...new Uint8Array(arg)])
    expect(hookState(net, id, name)).toEqual({ name, state: 'ran', reason: undefined, number: 2n, pending: 0, runs: 1n, dropped: 0n })
  })

  test('comes directly after the message that brought it about', () => {
    const { net, id } = start(5n * trillion)
    expectReply(net.update(id, program().setState('').reply()))
    net.send(
      id,
      program()
        .note('burn ')
        .then(burn(6n * trillion)),
    )
    net.send(id, program().note('next ').reply())
    net.tick()
    expect(net.state(id)).toBe('burn low_cycles next ')
  })

  test('may also come from a change of the threshold', () => {
    const { net, id, runs } = start(5n * trillion)
    setThresholds(net, id, { low_cycles_threshold: 11n * trillion })
    net.tick()
    expect(runs()).toBe(1)
  })

  test('may also come from the charge for memory, of an idle canister', () => {
    const { net, id, runs } = start(1n)
    setThresholds(net, id, { low_cycles_threshold: net.balance(id) - 100_000_000n })
    net.tick(3)
    expect(runs()).toBe(0)
    net.advance(36_000)
    expect(net.replica.hasPendingWork()).toBe(true)
    net.tick()
    expect(runs()).toBe(1)
  })

  test.each([0n, undefined])('does not exist with a threshold of %s', (threshold) => {
    const { net, id, runs } = start(threshold ?? 20n * trillion)
    const before = runs()
    if (threshold === 0n) expectReply(net.update(id, burn(9n * trillion)))
    net.tick(2)
    expect(runs()).toBe(before)
  })
})

describe('it is armed again', () => {
  test.each<[title: string, top: bigint, runs: number]>([
    ['not by a balance at the threshold and a tenth', 5n * trillion + trillion / 2n, 1],
    ['by a balance above that', 5n * trillion + trillion / 2n + 1n, 2],
  ])('%s', (_, balance, expected) => {
    const { net, id, runs } = start(5n * trillion)
    expectReply(net.update(id, burn(6n * trillion)))
    net.tick()
    net.replica.addCycles(id, balance - net.balance(id))
    expectReply(net.update(id, burn(trillion)))
    net.tick(2)
    expect(runs()).toBe(expected)
  })
})

describe('who gets it', () => {
  test('a stopped canister only once it is started', () => {
    const { net, id, runs } = start(5n * trillion)
    expectReply(net.lifecycle('stop_canister', id))
    setThresholds(net, id, { low_cycles_threshold: 11n * trillion })
    net.tick(3)
    expect(runs()).toBe(0)
    expect(hookState(net, id, name)?.state).toBe('pending')
    expectReply(net.lifecycle('start_canister', id))
    net.tick()
    expect(runs()).toBe(1)
  })

  test('nobody when the balance has risen first: skipped, and armed again', () => {
    const { net, id, runs } = start(5n * trillion)
    expectReply(net.lifecycle('stop_canister', id))
    setThresholds(net, id, { low_cycles_threshold: 11n * trillion })
    net.topUp(id, 20n * trillion)
    expectReply(net.lifecycle('start_canister', id))
    net.tick()
    expect(runs()).toBe(0)
    expect(hookState(net, id, name)).toMatchObject({ state: 'skipped', reason: 'the balance has risen above the threshold', number: 2n })
    setThresholds(net, id, { low_cycles_threshold: 31n * trillion })
    net.tick()
    expect(runs()).toBe(1)
  })

  test('a frozen canister too, paid for out of what the freezing threshold protects', () => {
    const { net, id, runs } = start(trillion)
    expectReply(net.updateSettings(id, { freezing_threshold: 10n ** 15n }))
    expect(expectReject(net.update(id, program().reply()))).toContain('IC0207')
    const before = net.balance(id)
    setThresholds(net, id, { low_cycles_threshold: 10n * trillion })
    net.tick()
    expect(runs()).toBe(1)
    expect(net.balance(id)).toBeLessThan(before)
    const { minted, held, burned } = net.replica.cyclesLedger()
    expect(minted).toBe(held + burned)
  })

  test('with very little left it runs with fewer instructions, and never below zero', () => {
    const { net, id, runs } = start(trillion, program().on('on_low_cycles', program().burn(10_000_000_000).reply()))
    net.updateSettings(id, { freezing_threshold: 0n })
    const spare = 20_000_000_000n
    expectReply(net.update(id, burn(net.balance(id) - spare)))
    net.tick(2)
    expect(runs()).toBe(1)
    expect(hookState(net, id, name)?.reason).toMatch(/exceeded the limit of \d+ instructions/)
    expect(net.balance(id)).toBeGreaterThanOrEqual(0n)
  })

  test('a canister without cycles keeps it until there are some', () => {
    const { net, id, runs } = start(trillion)
    // No message of its own can leave a canister with nothing.
    const state = net.canister(id) as { balance: bigint }
    state.balance = 0n
    net.replica.addCycles(id, 1n)
    net.tick(2)
    expect([runs(), hookState(net, id, name)?.state, net.balance(id)]).toEqual([0, 'pending', 1n])
    net.replica.addCycles(id, trillion / 2n)
    net.tick()
    expect(runs()).toBe(1)
  })
})

test('a run that traps is not repeated', () => {
  const { net, id, runs } = start(5n * trillion, program().on('on_low_cycles', program().note('x').trap('no')))
  expectReply(net.update(id, burn(6n * trillion)))
  net.tick(3)
  expect(runs()).toBe(1)
  expect(net.state(id)).toBe('')
  expect(hookState(net, id, name)).toMatchObject({ state: 'trapped', number: 2n })
  expect(hookState(net, id, name)?.reason).toContain('no')
})

describe('neither lost nor repeated', () => {
  const loadOwnSnapshot = (net: TestNetwork, id: Principal) => {
    const target = { canister_id: candid(id), sender_canister_version: [] }
    const taking = { ...target, replace_snapshot: [], uninstall_code: [] }
    const taken = net.manage('take_canister_snapshot', taking, { effectiveCanisterId: id }) as { id: Uint8Array }
    expectReply(net.managing('load_canister_snapshot', { ...target, snapshot_id: taken.id }, { effectiveCanisterId: id }))
  }

  test.each<[title: string, change: (net: TestNetwork, id: Principal) => void]>([
    ['by an upgrade', (net, id) => expectReply(net.upgrade(id, hookModule, notingHooks()))],
    ['by a snapshot that is loaded', loadOwnSnapshot],
  ])('%s', (_, change) => {
    const { net, id, runs } = start(5n * trillion)
    expectReply(net.lifecycle('stop_canister', id))
    setThresholds(net, id, { low_cycles_threshold: 11n * trillion })
    change(net, id)
    expect(hookState(net, id, name)?.state).toBe('pending')
    expectReply(net.lifecycle('start_canister', id))
    net.tick(2)
    expect(runs()).toBe(1)
    change(net, id)
    net.tick(2)
    expect(runs()).toBe(1)
  })
})

test('the thresholds can be given when a canister is created', () => {
  const { net } = hookNetwork()
  const arg = creationArgument({ low_cycles_threshold: 5n, low_heap_memory_threshold: 7n })
  const options = { effectiveCanisterId: net.replica.defaultEffectiveCanisterId }
  expectReply(net.call(managementCanisterId, 'provisional_create_canister_with_cycles', arg, options))
  expect(net.replica.canisters().at(-1)?.settings).toMatchObject({ lowCyclesThreshold: 5n, lowHeapMemoryThreshold: 7n })
})
