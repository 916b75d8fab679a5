/** Nothing of the state can be forgotten without a test that fails. */
import {
  CanisterQueues,
  type CanisterState,
  Fifo,
  ManagementQueue,
  MessageMemory,
  PagedMemory,
  SubnetState,
  capture,
  revive,
} from '@tidemark/state'
import { describe, expect, test } from 'vitest'
import { network, program, universalCanister } from '../../../../tests/support/index.ts'
import { createReplica } from '../../src/index.ts'
import { World } from '../../src/world.ts'

/** Names of the hidden fields of a class, as its source declares them. */
function hiddenFields(type: { readonly prototype: object }): string[] {
  return [...Function.prototype.toString.call(type).matchAll(/^\s*#(\w+)\s*(?:;|=)/gm)].map(([, name]) => name as string).sort()
}

describe('hidden fields, which reflection cannot find', () => {
  // A new one belongs into the class's own `capture` (or is derived, and a restore sees to it), and then into this list.
  test.each<[type: { readonly prototype: object }, fields: string[]]>([
    [Fifo, ['captured', 'head', 'items']],
    [CanisterQueues, ['ingress', 'localTurns', 'memory', 'nextSource', 'remoteTurns', 'responses', 'senders', 'unanswered']],
    [ManagementQueue, ['lanes', 'nextSource']],
    [MessageMemory, ['bestEffortBytes', 'queuedBytes', 'reservations']],
    // The last three are there during a message only.
    [PagedMemory, ['pages', 'sizePages', 'pagesAtBegin', 'sizeAtBegin', 'written']],
    [SubnetState, ['canisters', 'captured', 'handedOut', 'removed', 'sorted']],
    // Chosen once for all.
    [World, ['nodeCount', 'nodes']],
    [Object.getPrototypeOf(createReplica()).constructor as { readonly prototype: object }, ['certify', 'tree', 'world']],
  ])('of %s are all captured', (type, fields) => {
    expect(hiddenFields(type)).toEqual(fields.toSorted())
  })

  test.each([
    ['canister queues', CanisterQueues, CanisterQueues.stateClass.capture(new CanisterQueues())],
    ['the management queue', ManagementQueue, ManagementQueue.stateClass.capture(new ManagementQueue())],
    ['message memory', MessageMemory, MessageMemory.stateClass.capture(new MessageMemory())],
  ])('of %s come back', (_, type, state) => {
    expect(Object.keys(state as object).sort()).toEqual(hiddenFields(type))
  })
})

/** A world with something in every corner. */
function busyWorld(): { readonly world: World; readonly canister: CanisterState } {
  const net = network({ experimentalHooks: true })
  const id = net.install(universalCanister({ exports: ['heartbeat'] }))
  net.update(id, program().note('x').replyState())
  const world = new World({})
  return { world, canister: net.replica.canister(id) as CanisterState }
}

describe('fields that are added', () => {
  test('to a canister are captured by value', () => {
    const { world, canister } = busyWorld()
    const grown = Object.assign(canister, { addedLater: { list: [1n], map: new Map([['a', { deep: 1 }]]) } })
    const captured = capture(world.classes, grown)
    grown.addedLater.list.push(2n)
    grown.addedLater.map.get('a')!.deep = 2
    expect(revive(captured).addedLater).toEqual({ list: [1n], map: new Map([['a', { deep: 1 }]]) })
  })

  test('to the subnet or the world are captured', () => {
    const net = network()
    const snapshot = net.replica.snapshot().open(net.replica)
    expect(Object.keys(snapshot.subnet.fields).sort()).toEqual(
      Object.keys(new SubnetState(0n, 0n))
        .filter((name) => name !== 'ingressHistory')
        .sort(),
    )
    expect(Object.keys(snapshot.fields).sort()).toEqual([
      'nextChargeNanos',
      'nextDayNanos',
      'pendingTimeNanos',
      'queryStats',
      'randomDraws',
      'stalled',
    ])
  })

  test.each<[value: unknown, text: string]>([
    [new Date(0), 'addedLater: an object of class Date cannot be captured'],
    [() => 1, 'addedLater: a function cannot be captured'],
    [new Map([[{}, 1]]), 'addedLater: a key that is no plain value'],
    [new Set([{}]), 'addedLater: a key that is no plain value'],
  ])('and that nobody knows how to capture stop a snapshot: %s', (addedLater, text) => {
    const { world } = busyWorld()
    expect(() => capture(world.classes, { addedLater })).toThrow(text)
  })
})
