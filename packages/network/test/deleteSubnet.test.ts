/** A network that loses a subnet. */
import { Principal } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { createRecordedNetwork, type NetworkRecord, replay, type SubnetKind } from '../src/index.ts'
import { expectReply, program } from '../../../tests/support/index.ts'
import { passOn, subnetsOf, TestSubnets } from './support/subnets.ts'

function pair(latencyRounds: number) {
  const net = subnetsOf(['nns', 'application', 'application'], { latencyRounds })
  const [, kept, lost] = net.replica.subnets()
  if (kept === undefined || lost === undefined) throw new Error('there are no such subnets')
  return { net, kept, lost, caller: net.installOn(1), callee: net.installOn(2) }
}

describe('a subnet that was deleted', () => {
  test('is not there, nor are its canisters', () => {
    const { net, kept, lost, caller, callee } = pair(1)
    net.replica.deleteSubnet(lost.id)
    expect(net.replica.subnets().map(({ id }) => id)).not.toContain(lost.id)
    expect([net.replica.subnet(lost.id), net.replica.hostOf(callee), net.replica.canister(callee)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(net.replica.hostOf(caller)).toBe(kept)
    expect(expectReply(net.update(caller, program().reply('here'))).text).toBe('here')
  })

  test('is called in vain', () => {
    const { net, lost, caller, callee } = pair(1)
    net.replica.deleteSubnet(lost.id)
    const answered = net.update(caller, program().callUpdate(callee, program().reply(), passOn))
    expect(expectReply(answered).text).toBe(`No route to canister ${callee.toText()}`)
  })

  test.each([1, 3])('rejects a call on its way, or taken in, with a latency of %i', (latency) => {
    for (const rounds of [1, 1 + latency]) {
      const { net, lost, caller, callee } = pair(latency)
      const waiting = program().callUpdate(
        callee,
        program().callUpdate(caller, program().reply(), { onReply: program(), onReject: program() }),
        {
          ...passOn,
          cycles: 1_000n,
        },
      )
      const requestId = net.send(caller, waiting)
      net.tick(rounds)
      net.replica.deleteSubnet(lost.id)
      net.tick(2 * latency + 2)
      const status = net.status(requestId)
      expect(status?.status === 'replied' && Buffer.from(status.reply).toString()).toBe(`No route to canister ${callee.toText()}`)
    }
  })

  test('answers that it sent before arrive', () => {
    const { net, lost, caller, callee } = pair(3)
    const requestId = net.send(caller, program().callUpdate(callee, program().reply('in time'), passOn))
    net.tick(1 + 3 + 1)
    net.replica.deleteSubnet(lost.id)
    net.tick(5)
    const status = net.status(requestId)
    expect(status?.status === 'replied' && Buffer.from(status.reply).toString()).toBe('in time')
  })

  test('comes back with a snapshot from before', () => {
    const { net, lost, callee } = pair(1)
    const snapshot = net.replica.snapshot()
    net.replica.deleteSubnet(lost.id)
    net.replica.restore(snapshot)
    expect(expectReply(net.update(callee, program().reply('back'))).text).toBe('back')
  })

  test('makes room: another one gets ids of its own', () => {
    const { net, lost } = pair(1)
    net.replica.deleteSubnet(lost.id)
    const added = net.replica.addMainnetSubnet(Principal.fromText('mf7xa-laaaa-aaaar-qaaaa-cai'))
    expect(added.ranges.some(({ first }) => lost.ranges.some((range) => range.first === first))).toBe(false)
  })
})

test('a network that lost a subnet is replayed to the same state', () => {
  const { network, record } = createRecordedNetwork({ subnets: [{ kind: 'application' }, { kind: 'system' }] })
  const net = new TestSubnets(network)
  const [caller, callee] = [net.installOn(0), net.installOn(1)]
  net.send(caller, program().callUpdate(callee, program().reply(), passOn))
  net.tick()
  network.deleteSubnet(network.subnets()[1]?.id ?? caller)
  net.tick(3)
  const again = replay(record() as NetworkRecord)
  expect(again.stateHash()).toEqual(network.stateHash())
  expect(again.subnets()).toHaveLength(1)
})

test.each<[string, readonly SubnetKind[], number]>([
  ['with ids of the public network', ['nns', 'application', 'fiduciary'], 2],
  ['that canisters go to by default', ['nns', 'system', 'application'], 2],
  ['that speaks for the others', ['system', 'application'], 0],
])('a subnet %s stays', (_title, kinds, at) => {
  const { replica } = subnetsOf(kinds)
  expect(() => replica.deleteSubnet(replica.subnets()[at]?.id ?? replica.subnetId)).toThrow(RangeError)
  expect(replica.subnets()).toHaveLength(kinds.length)
})

test('the default subnet stays the one of the genesis when others are added', () => {
  const { replica } = subnetsOf(['nns', 'system'])
  const before = replica.defaultEffectiveCanisterId
  replica.addMainnetSubnet(Principal.fromText('rimrc-piaaa-aaaao-aaljq-cai'))
  expect(replica.subnets().map(({ kind }) => kind)).toContain('application')
  expect(replica.defaultEffectiveCanisterId).toEqual(before)
})
