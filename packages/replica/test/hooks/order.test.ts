/** Whatever is due together runs in one order, whatever made it due first. */
import { describe, expect, test } from 'vitest'
import { managementCanisterId, type Principal } from '@tidemark/types'
import {
  candid,
  encodeManagement,
  expectReply,
  later,
  program,
  settingsRecord,
  type SettingsChange,
  type TestNetwork,
} from '../../../../tests/support/index.ts'
import { hookModule, hookNetwork, notingHooks, thresholdsArgument } from './support/hookNetwork.ts'

const beforeMessages = ['low_wasm_memory', 'post_init', 'on_error', 'low_cycles', 'low_heap_memory', 'unfreeze', 'heartbeat'] as const
type Trigger = (typeof beforeMessages)[number] | 'message'

const init = (due: readonly Trigger[]) =>
  due.includes('heartbeat') ? notingHooks().on('heartbeat', program().note('heartbeat ')) : notingHooks()

type ManagementCall = readonly [method: string, arg: Uint8Array]

/** Management calls that make a hook due. */
function provocation(net: TestNetwork, id: Principal, trigger: Trigger, due: readonly Trigger[]): ManagementCall[] {
  const target = { canister_id: candid(id), sender_canister_version: [] }
  const settings = (change: SettingsChange): ManagementCall => [
    'update_settings',
    encodeManagement('update_settings', { ...target, settings: settingsRecord(change) }),
  ]
  switch (trigger) {
    case 'low_wasm_memory':
      return [settings({ wasm_memory_limit: 0n })]
    case 'post_init': {
      const code = { mode: { upgrade: [] }, wasm_module: hookModule, arg: init(due).bytes() }
      return [['install_code', encodeManagement('install_code', { ...target, ...code })]]
    }
    case 'low_cycles':
      return [['update_settings', thresholdsArgument(id, { low_cycles_threshold: net.balance(id) })]]
    case 'low_heap_memory':
      return [['update_settings', thresholdsArgument(id, { low_heap_memory_threshold: 1n })]]
    case 'unfreeze':
      return [settings({ freezing_threshold: 10n ** 15n }), settings({ freezing_threshold: 0n })]
    default:
      return []
  }
}

/** What ran first, each kind once. */
function order(net: TestNetwork, id: Principal, due: readonly Trigger[]): string[] {
  const ran = new Set(net.state(id).trim().split(' '))
  return [...ran].filter((word) => due.some((trigger) => trigger === word))
}

/** Makes everything due while the canister is stopped, then starts it. */
function playStopped(due: readonly Trigger[]): string[] {
  const { net } = hookNetwork()
  const id = net.install(hookModule, init(due))
  net.tick()
  // The callback traps while the canister is stopping: its error waits.
  if (due.includes('on_error')) net.send(id, later(3, program().trap('no')))
  expectReply(net.update(id, program().setState('').reply()))
  net.requestStop(id)
  net.tick(8)
  expect(net.canister(id).status.kind).toBe('stopped')
  // New code wipes what hooks have noted: it comes first.
  for (const trigger of due) {
    for (const [method, arg] of provocation(net, id, trigger, due)) {
      expectReply(net.call(managementCanisterId, method, arg, { effectiveCanisterId: id }))
    }
  }
  expectReply(net.lifecycle('start_canister', id))
  net.tick(3)
  return order(net, id, due)
}

/** Makes a hook due in the round in which a message waits. */
function playRunning(trigger: Trigger): string[] {
  const { net } = hookNetwork()
  const due = [trigger, 'message'] as const
  const id = net.install(hookModule, init(due))
  net.tick()
  expectReply(net.update(id, program().setState('').reply()))
  for (const [method, arg] of provocation(net, id, trigger, due)) net.submit(managementCanisterId, method, arg, { effectiveCanisterId: id })
  if (trigger === 'on_error') net.send(id, program().trap('no'))
  const message = net.send(id, program().note('message ').reply())
  net.tick()
  expect(net.status(message)?.status).toBe('replied')
  return order(net, id, due)
}

describe('pairs', () => {
  const pairs = beforeMessages.flatMap((first, n) => beforeMessages.slice(n + 1).map((second) => [first, second] as const))
  test.each(pairs)('%s runs before %s', (first, second) => {
    expect(playStopped([first, second])).toEqual([first, second])
    expect(playStopped([second, first])).toEqual([first, second])
  })

  // Heartbeats, timers and messages take turns.
  test.each(beforeMessages.filter((trigger) => trigger !== 'heartbeat'))('%s runs before a message', (trigger) => {
    expect(playRunning(trigger)).toEqual([trigger, 'message'])
  })
})

test('all at once', () => {
  expect(playStopped([...beforeMessages].reverse())).toEqual(beforeMessages)
})
