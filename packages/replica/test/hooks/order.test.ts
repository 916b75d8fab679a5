/** Whatever is due together runs in one order, whatever made it due first. */
import { describe, expect, test } from 'vitest'
import { managementCanisterId, type Principal } from '@tidemark/types'
import {
  candid,
  encodeManagement,
  expectReply,
  later,
  type Program,
  program,
  settingsRecord,
  type SettingsChange,
  type TestNetwork,
  universalCanister,
} from '../../../../tests/support/index.ts'
import { hookModule, hookNetwork, notingHooks, thresholdsArgument } from './support/hookNetwork.ts'

const hooks = ['low_wasm_memory', 'post_init', 'on_error', 'low_cycles', 'low_heap_memory', 'output_queue_full', 'unfreeze'] as const
type Trigger = (typeof hooks)[number] | 'heartbeat' | 'timer' | 'message' | 'response'

const init = (due: readonly Trigger[]) => {
  const body = notingHooks()
  if (due.includes('heartbeat')) body.on('heartbeat', program().note('heartbeat '))
  if (due.includes('timer')) body.on('global_timer', program().note('timer ')).sys('global_timer_set', 1n).op('drop')
  return body
}

const oneSecond = 1_000_000_000n

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

/** Calls that fill the queue to one callee, which answers much later. */
function fill(net: TestNetwork): Program {
  const callee = net.install(universalCanister(), '', { cycles: 10n ** 17n })
  return program().repeat(500, program().callUpdate(callee, later(30, program().reply())))
}

/** Makes everything due while the canister stops or is stopped, then starts it. */
function playStopped(due: readonly Trigger[]): string[] {
  const { net } = hookNetwork()
  const id = net.install(hookModule, init(due), { cycles: 10n ** 17n })
  net.tick()
  // Callbacks run while a canister stops, hooks do not: what they make due waits.
  if (due.includes('on_error')) net.send(id, later(3, program().trap('no')))
  if (due.includes('output_queue_full')) net.send(id, later(3, fill(net)))
  // The timer of the installation has fired by now; the next one is due once the canister is started.
  const soon = net.replica.timeNanos() + oneSecond
  expectReply(net.update(id, program().setState('').sys('global_timer_set', soon).op('drop').reply()))
  net.requestStop(id)
  net.tick(8)
  expect(net.canister(id).status.kind).toBe(due.includes('output_queue_full') ? 'stopping' : 'stopped')
  // New code wipes what hooks have noted: it comes first.
  for (const trigger of due) {
    for (const [method, arg] of provocation(net, id, trigger, due)) {
      expectReply(net.call(managementCanisterId, method, arg, { effectiveCanisterId: id }))
    }
  }
  net.replica.advanceTime(2n * oneSecond)
  expectReply(net.lifecycle('start_canister', id))
  net.tick(3)
  return order(net, id, due)
}

/** Makes a hook due in the round in which a message, or the response to a call, waits. */
function playRunning(trigger: Trigger, waiting: 'message' | 'response'): string[] {
  const { net } = hookNetwork()
  const due = [trigger, waiting] as const
  const id = net.install(hookModule, init(due), { cycles: 10n ** 17n })
  net.tick()
  expectReply(net.update(id, program().setState('').reply()))
  if (waiting === 'response') {
    net.send(id, later(1, program().note('response ').reply()))
    net.tick()
  }
  for (const [method, arg] of provocation(net, id, trigger, due)) net.submit(managementCanisterId, method, arg, { effectiveCanisterId: id })
  if (trigger === 'on_error') net.send(id, program().trap('no'))
  if (trigger === 'output_queue_full') net.send(id, fill(net).reply())
  if (waiting === 'message') net.send(id, program().note('message ').reply())
  net.tick(3)
  return order(net, id, due)
}

describe('pairs', () => {
  const pairs = hooks.flatMap((first, n) => hooks.slice(n + 1).map((second) => [first, second] as const))
  test.each(pairs)('%s runs before %s', (first, second) => {
    expect(playStopped([first, second])).toEqual([first, second])
    expect(playStopped([second, first])).toEqual([first, second])
  })

  // Heartbeat, timer and messages take turns.
  test.each(hooks.flatMap((hook) => (['heartbeat', 'timer'] as const).map((task) => [hook, task] as const)))(
    '%s runs before the %s',
    (hook, task) => {
      expect(playStopped([hook, task])).toEqual([hook, task])
    },
  )

  test.each(hooks)('%s runs before a message', (hook) => {
    expect(playRunning(hook, 'message')).toEqual([hook, 'message'])
  })

  // New code has nothing for the callback to run; and what traps, or fills the queue, is a message itself that may come second.
  test.each(['low_wasm_memory', 'low_cycles', 'low_heap_memory', 'unfreeze'] as const)('%s runs before a response', (hook) => {
    expect(playRunning(hook, 'response')).toEqual([hook, 'response'])
  })
})

test('all at once', () => {
  expect(playStopped([...hooks, 'heartbeat' as const].reverse())).toEqual([...hooks, 'heartbeat'])
})
