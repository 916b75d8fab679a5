/** Snapshots of a whole network: subnets, streams and the directory go back together. */
import { expect, test } from 'vitest'
import { Principal } from '@tidemark/types'
import { program } from '../../../tests/support/index.ts'
import { passOn, subnetsOf, type TestSubnets } from './support/subnets.ts'

const certified = (net: TestSubnets) => net.replica.subnets().map(({ replica }) => Buffer.from(replica.certificate([])).toString('hex'))

test('a call between subnets goes on from where it was, as often as one likes', () => {
  const net = subnetsOf(['application', 'application'])
  const [caller, callee] = [net.installOn(0), net.installOn(1)]
  const sent = net.send(caller, program().callUpdate(callee, program().note('x').replyState(), { ...passOn, cycles: 7n }))
  net.tick()
  const onTheWay = net.replica.snapshot()
  const ledger = net.replica.cyclesLedger()
  const run = () => {
    const outcome = net.await(sent)
    return { outcome, certified: certified(net), state: net.state(callee), ledger: net.replica.cyclesLedger() }
  }
  const first = run()
  expect(first.outcome).toMatchObject({ kind: 'reply', text: 'x' })
  net.replica.restore(onTheWay)
  expect(net.replica.cyclesLedger()).toEqual(ledger)
  expect(net.state(callee)).toBe('')
  expect(run()).toEqual(first)
})

test('a subnet that was added since is gone, and can be added again', () => {
  const net = subnetsOf(['nns', 'application'])
  const id = Principal.canister(0x0300_0000n)
  const before = net.replica.snapshot()
  const there = certified(net)
  const added = net.replica.addMainnetSubnet(id)
  const after = net.replica.snapshot()
  net.replica.restore(before)
  expect(net.replica.hostOf(id)).toBeUndefined()
  expect(certified(net)).toEqual(there)
  expect(net.replica.addMainnetSubnet(id).id.toText()).toBe(added.id.toText())
  net.replica.restore(after)
  expect(net.replica.hostOf(id)).toBe(added)
  net.replica.tick()
})

test('a snapshot of another network is refused', () => {
  const other = subnetsOf(['application']).replica.snapshot()
  expect(() => subnetsOf(['application']).replica.restore(other)).toThrow(RangeError('The snapshot was taken by another network.'))
})
