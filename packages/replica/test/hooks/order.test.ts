/** Whatever is due together runs in one order, whatever made it due first. docs/hooks/order.md shows what is seen here. */
import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '@tidemark/trace'
import { managementCanisterId, type Principal } from '@tidemark/types'
import {
  candid,
  encodeManagement,
  expectInPage,
  expectReply,
  hookTriggers,
  later,
  orderTable,
  type Program,
  program,
  settingsRecord,
  type SettingsChange,
  type TestNetwork,
  type Trigger,
  triggerOf,
  triggers,
  universalCanister,
} from '../../../../tests/support/index.ts'
import { hookModule, hookNetwork, notingHooks, thresholdsArgument } from './support/hookNetwork.ts'

const oneSecond = 1_000_000_000n
const pay = { cycles: 10n ** 17n }

const init = (due: readonly Trigger[]) => {
  const body = notingHooks()
  if (due.includes('heartbeat')) body.on('heartbeat', program().note('heartbeat '))
  if (due.includes('timer')) body.on('global_timer', program().note('timer ')).sys('global_timer_set', 1n).op('drop')
  return body
}

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

const kinds: Partial<Record<TraceEvent['kind'], Trigger>> = {
  on_low_wasm_memory: 'low_wasm_memory',
  heartbeat: 'heartbeat',
  global_timer: 'timer',
  update: 'message',
  reply_callback: 'response',
}

/** What ran first of a canister, by its trace, each kind once. */
function order(events: readonly TraceEvent[], id: Principal, due: readonly Trigger[]): Trigger[] {
  const own = events.filter(({ canisterId }) => canisterId === id.toText())
  const ran = own.map(({ kind, methodName }) => (kind === 'lifecycle_hook' ? triggerOf(methodName ?? '') : kinds[kind]))
  return [...new Set(ran)].filter((trigger): trigger is Trigger => trigger !== undefined && due.includes(trigger))
}

/** Calls that fill the queue to one callee, which answers much later. */
function fill(net: TestNetwork): Program {
  const callee = net.install(universalCanister(), '', pay)
  return program().repeat(500, program().callUpdate(callee, later(30, program().reply())))
}

/** Makes everything due while the canister stops or is stopped, then starts it. */
function playStopped(due: readonly Trigger[]): Trigger[] {
  const { net, events } = hookNetwork()
  const id = net.install(hookModule, init(due), pay)
  net.tick()
  // Callbacks run while a canister stops, hooks do not: what they make due waits.
  if (due.includes('on_error')) net.send(id, later(3, program().trap('no')))
  if (due.includes('output_queue_full')) net.send(id, later(3, fill(net)))
  // The timer of the installation has fired by now; the next one is due once the canister is started.
  const soon = net.replica.timeNanos() + oneSecond
  expectReply(net.update(id, program().sys('global_timer_set', soon).op('drop').reply()))
  net.requestStop(id)
  net.tick(8)
  expect(net.canister(id).status.kind).toBe(due.includes('output_queue_full') ? 'stopping' : 'stopped')
  // New code has no timer any more: it comes first.
  for (const trigger of due) {
    for (const [method, arg] of provocation(net, id, trigger, due)) {
      expectReply(net.call(managementCanisterId, method, arg, { effectiveCanisterId: id }))
    }
  }
  net.replica.advanceTime(2n * oneSecond)
  const before = events().length
  expectReply(net.lifecycle('start_canister', id))
  net.tick(3)
  return order(events().slice(before), id, due)
}

/** Makes a hook due in the round in which a message, or the response to a call, waits. */
function playRunning(trigger: Trigger, waiting: 'message' | 'response'): Trigger[] {
  const { net, events } = hookNetwork()
  const due = [trigger, waiting] as const
  const id = net.install(hookModule, init(due), pay)
  net.tick()
  // A heartbeat that fails, or fills the queue, runs before what waits. It has its turn after one of the messages.
  const beat: Partial<Record<Trigger, Program>> = { on_error: program().trap('no'), output_queue_full: fill(net) }
  net.send(
    id,
    program()
      .on('heartbeat', beat[trigger] ?? program())
      .reply(),
  )
  if (waiting === 'response') net.send(id, later(1, program().reply()))
  net.tick()
  const before = events().length
  for (const [method, arg] of provocation(net, id, trigger, due)) net.submit(managementCanisterId, method, arg, { effectiveCanisterId: id })
  if (waiting === 'message') net.send(id, program().note('message ').reply())
  net.tick()
  return order(events().slice(before), id, due)
}

function play(first: Trigger, second: Trigger): string {
  const seen =
    second === 'message' || second === 'response'
      ? [playRunning(first, second)]
      : [playStopped([first, second]), playStopped([second, first])]
  return seen.every((each) => each.join() === `${first},${second}`) ? 'before' : seen.map((each) => each.join(', ')).join(' or ')
}

const played = new Map<string, string>()

/** How a pair runs, both ways in which it can come about; `before` when always the first one does. */
function seenOf(first: Trigger, second: Trigger): string {
  const key = `${first} ${second}`
  const seen = played.get(key) ?? play(first, second)
  played.set(key, seen)
  return seen
}

describe('pairs', () => {
  const pairs = hookTriggers.flatMap((first, n) => triggers.slice(n + 1).map((second) => [first, second] as const))
  test.each(pairs)('%s runs before %s', (first, second) => {
    expect(seenOf(first, second)).toBe('before')
  })
})

test('all at once', () => {
  expect(playStopped([...hookTriggers, 'heartbeat' as const].reverse())).toEqual([...hookTriggers, 'heartbeat'])
})

test('the table of docs/hooks/order.md', () => {
  expectInPage(new URL('../../../../docs/hooks/order.md', import.meta.url), 'native', orderTable(triggers, seenOf))
})
