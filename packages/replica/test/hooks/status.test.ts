/** What the owner of a canister sees of its hooks. */
import { IDL } from '@dfinity/candid'
import { describe, expect, test } from 'vitest'
import { managementTypes } from '@tidemark/bindings'
import { expectReply, network, program } from '../../../../tests/support/index.ts'
import {
  hookModule,
  hookNetwork,
  hookState,
  hooksStatus,
  notingHooks,
  readStatus,
  setThresholds,
  statusBytes,
} from './support/hookNetwork.ts'

describe('canister_status', () => {
  test('shows the settings of hooks, and of each hook what replica.hookStates shows', () => {
    const { net } = hookNetwork()
    const id = net.install(hookModule, notingHooks().on('on_low_heap_memory', program().trap('no')))
    setThresholds(net, id, { low_cycles_threshold: 10n ** 18n, low_heap_memory_threshold: 1n })
    net.tick()
    const status = readStatus(statusBytes(net, id))
    expect(status.settings).toEqual({ low_cycles_threshold: [10n ** 18n], low_heap_memory_threshold: [1n], post_init_gate_seconds: [] })
    const told = hooksStatus(net, id)?.hooks.map((hook) => [
      hook.name,
      Object.keys(hook.state)[0],
      hook.reason[0],
      hook.number[0],
      hook.runs,
    ])
    expect(told).toEqual(net.replica.hookStates(id)?.map((hook) => [hook.name, hook.state, hook.reason, hook.number, hook.runs]))
    expect(told).toHaveLength(7)
    expect(told?.map(([name, state]) => `${name} ${state}`)).toContain('canister_on_low_heap_memory trapped')
  })

  test('reads the same to a client that does not know hooks', () => {
    const [plain, extended] = [false, true].map((experimentalHooks) => {
      const net = network({ experimentalHooks })
      const id = net.install(hookModule, notingHooks().on('post_init', program().reply()), { settings: { freezing_threshold: 0n } })
      const bytes = statusBytes(net, id)
      return { bytes, known: IDL.decode([managementTypes.CanisterStatusResult], bytes)[0], settings: readStatus(bytes).settings }
    })
    const withoutCounters = ({ known }: { known: unknown } = { known: undefined }) => ({ ...(known as object), cycles: 0n, version: 0n })
    expect(withoutCounters(extended)).toEqual(withoutCounters(plain))
    // Off, the reply is the protocol's own type, byte for byte.
    expect(plain?.bytes).toEqual(new Uint8Array(IDL.encode([managementTypes.CanisterStatusResult], [plain?.known])))
    expect(extended?.bytes.length).toBeGreaterThan(plain?.bytes.length ?? 0)
    expect(plain?.settings).toEqual({ low_cycles_threshold: [], low_heap_memory_threshold: [], post_init_gate_seconds: [] })
  })
})

describe('the hook of the protocol', () => {
  const name = 'canister_on_low_wasm_memory'
  const page = 65_536n
  const due = { wasm_memory_limit: 100n * page, wasm_memory_threshold: 99n * page }
  const notDue = { wasm_memory_limit: 100n * page, wasm_memory_threshold: 1n }

  test.each([
    ['with experimental hooks', true],
    ['without', false],
  ])('goes through its states, %s', (_, experimentalHooks) => {
    const net = network({ experimentalHooks })
    const id = net.install(hookModule, notingHooks())
    const see = () => {
      const { state, condition, number, runs, pending } = hookState(net, id, name) ?? {}
      return [state, condition, number, runs, pending]
    }
    expect(see()).toEqual(['idle', 'condition_not_satisfied', undefined, 0n, 0])
    expectReply(net.lifecycle('stop_canister', id))
    expectReply(net.updateSettings(id, due))
    expect(see()).toEqual(['pending', 'ready', 1n, 0n, 1])
    expectReply(net.updateSettings(id, notDue))
    expect(see()).toEqual(['skipped', 'condition_not_satisfied', 1n, 0n, 0])
    expect(hookState(net, id, name)?.reason).toBe('the condition is over')
    expectReply(net.updateSettings(id, due))
    expectReply(net.lifecycle('start_canister', id))
    net.tick()
    expect(see()).toEqual(['ran', 'executed', 2n, 1n, 0])
    expectReply(net.updateSettings(id, notDue))
    expect(see()).toEqual(['ran', 'condition_not_satisfied', 2n, 1n, 0])
    expectReply(net.update(id, program().on('on_low_wasm_memory', program().trap('no')).reply()))
    expectReply(net.updateSettings(id, due))
    net.tick()
    expect(see()).toEqual(['trapped', 'executed', 3n, 2n, 0])
    expect(hookState(net, id, name)?.reason).toContain('no')
  })

  test('taken without the export, it is shown as skipped', () => {
    const net = network()
    const id = net.create()
    expectReply(net.updateSettings(id, { wasm_memory_limit: 1n, wasm_memory_threshold: 2n }))
    net.tick()
    expect(hookState(net, id, name)).toMatchObject({ state: 'skipped', reason: 'the code does not export it', condition: 'executed' })
  })
})
