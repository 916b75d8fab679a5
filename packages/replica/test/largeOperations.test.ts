/** A single operation that costs more than a slice cannot be done, however much the message may use in all. */
import { describe, expect, test } from 'vitest'
import {
  type Program,
  type TestNetwork,
  expectReject,
  expectReply,
  heavy,
  network,
  program,
  universalCanister,
} from '../../../tests/support/index.ts'

const wasm = { wasm32: universalCanister(), wasm64: universalCanister({ mode: 'wasm64' }) }
const overrun = (instructions: number, slice = 2_000_000_000) =>
  `Canister attempted to perform a large memory operation that used ${instructions} instructions and exceeded the slice limit ${slice}.`

const fill = (bytes: number) => program().int(0).int(bytes).int(1).op('fill').reply()
const append = (bytes: number) => program().int(0).int(bytes).sys('msg_reply_data_append').reply()

describe.each(['wasm32', 'wasm64'] as const)('%s', (width) => {
  const ask = (net: TestNetwork, body: Program) => net.update(net.install(wasm[width]), body, { rounds: 30 })

  test.each([
    ['a bulk operation', fill(2_000_000_001), 2_000_000_001],
    ['a reply', append(40_000_001), 2_000_000_550],
    [
      'an argument',
      program().sys('call_new', 0, 0, 0, 0, 0, 0, 0, 0).int(0).int(50_000_000).sys('call_data_append').reply(),
      2_500_000_500,
    ],
    ['a read of stable memory', program().sys('stable64_read', 0, 0, 2_000_000_100).reply(), 2_000_000_120],
  ])('%s', (_name, body, instructions) => {
    const error = expectReject(ask(network(), body))
    expect(error).toContain(`IC0522 Error from Canister lxzze-o7777-77777-aaaaa-cai: ${overrun(instructions)}`)
    expect(error).toContain('#slice-overrun')
  })

  test('up to a slice it is judged as anything else', () => {
    expect(expectReject(ask(network(), fill(1_999_999_000)))).toContain('heap out of bounds')
    expect(expectReject(ask(network(), append(30_000_000)))).toContain('IC0504')
  })

  test('that does not fit into the message either, names the limit of the message', () => {
    expect(expectReject(ask(network(), heavy(37).then(fill(3_000_000_000))))).toContain('limit of 40000000000 instructions')
  })

  test('a query has slices only when it is replicated', () => {
    const net = network()
    const id = net.install(wasm[width])
    expect(expectReject(net.query(id, fill(2_500_000_000)))).toContain('heap out of bounds')
    expect(expectReject(net.call(id, 'query', fill(2_500_000_000)))).toContain(overrun(2_500_000_000))
  })
})

test('an installation on a system subnet has longer slices', () => {
  const installing = (subnetType: 'application' | 'system', bytes: number) => {
    const net = network({ subnetType })
    return expectReject(net.installInto(net.create(), wasm.wasm64, program().int(0).int(bytes).int(1).op('fill')))
  }
  expect(installing('application', 3_000_000_000)).toContain(overrun(3_000_000_000))
  expect(installing('system', 3_000_000_000)).toContain('heap out of bounds')
  expect(installing('system', 6_000_000_000)).toContain(overrun(6_000_000_000, 5_000_000_000))
})

test('what failed is paid for, and leaves nothing behind', () => {
  const net = network()
  const id = net.install(wasm.wasm32)
  const before = net.canister(id).consumedCycles.instructions
  expectReject(net.update(id, program().note('x').then(fill(2_100_000_000))))
  expect(net.state(id)).toBe('')
  expect(net.canister(id).consumedCycles.instructions - before).toBeGreaterThan(2_100_000_000n)
  expectReply(net.update(id, program().reply()))
})
