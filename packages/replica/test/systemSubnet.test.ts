/** A system subnet lets executions run longer, and charges for nothing. */
import { describe, expect, test } from 'vitest'
import { expectReject, expectReply, heavy, network, program, universalCanister } from '../../../tests/support/index.ts'

const wasm = universalCanister()
/** A bit more than five billion instructions, without system calls. */
const longQuery = () => program().burn(715_000_000).reply('done')

describe('instructions of one execution', () => {
  test.each([
    ['application', 41, 40_000_000_000],
    ['verified_application', 41, 40_000_000_000],
    ['system', 51, 50_000_000_000],
  ] as const)('%s subnet, update of %i billion', (subnetType, billions, limit) => {
    const net = network({ subnetType })
    const id = net.install(wasm)
    const error = expectReject(net.update(id, heavy(billions).reply(), { rounds: 40 }))
    expect(error).toContain(`IC0522 Error from Canister ${id.toText()}: Canister exceeded the limit of ${limit} instructions`)
    expectReply(net.update(id, heavy(billions - 4).reply(), { rounds: 40 }))
  })

  test('a replicated query may use as much as an update on a system subnet', () => {
    const ask = (subnetType: 'application' | 'system') => {
      const net = network({ subnetType })
      return net.call(net.install(wasm), 'query', longQuery())
    }
    expect(expectReject(ask('application'))).toContain('limit of 5000000000 instructions')
    expect(expectReply(ask('system')).text).toBe('done')
  })

  test('queries that are not replicated have the same limit everywhere', () => {
    const net = network({ subnetType: 'system' })
    expect(expectReject(net.query(net.install(wasm), longQuery()))).toContain('limit of 5000000000 instructions')
  })
})

test('nothing is charged on a system subnet', () => {
  const net = network({ subnetType: 'system' })
  const [id, other] = [net.create({ cycles: 1_000_000n }), net.create({ cycles: 0n })]
  for (const canister of [id, other]) expectReply(net.installInto(canister, wasm))
  expectReply(net.update(id, program().growHeap(1).callUpdate(other, program().reply('hello'), { onReply: program().reply() })))
  expectReply(net.updateSettings(id, { compute_allocation: 50n, memory_allocation: 2n ** 40n }))
  net.advance(1_000_000)
  expect([id, other].map((canister) => net.replica.canister(canister)?.balance)).toEqual([1_000_000n, 0n])
  expect(net.replica.canister(other)?.execution).toBeDefined()
})
