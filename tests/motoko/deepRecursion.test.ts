/** Recursion as deep as on the public network, in processes with stack enough for it. */
import { networkStackBudget } from '@tidemark/replica'
import wabtInit from 'wabt'
import { beforeAll, describe, expect, test } from 'vitest'
import { deepShapes } from '../e2e/browser/deepShapes.ts'
import { expectReject, expectReply, network } from '../support/index.ts'
import { decodeResult, encodeArguments } from './support/candid.ts'
import { compilePrograms, compileTimeout } from './support/programs.ts'

const nothing = encodeArguments([])
let list: Uint8Array

beforeAll(async () => {
  list = (await compilePrograms(['linked_list'])).get('linked_list') ?? new Uint8Array()
}, compileTimeout)

describe.each([
  ['what every engine has', {}, 250, 1_000, 4_000],
  ['what the public network gives', { stackBudget: networkStackBudget }, 4_000, 20_000, 50_000],
] as const)('with %s', (_, options, nodes, depth, tooDeep) => {
  test('a canister answers with a linked list, and reads one', () => {
    const net = network(options)
    const id = net.install(list, nothing)
    const { bytes } = expectReply(net.call(id, 'give', encodeArguments([BigInt(nodes)])))
    expect(decodeResult(expectReply(net.call(id, 'length', bytes)).bytes)).toBe(BigInt(nodes))
  })

  test('a recursion ends where the budget does', () => {
    const net = network(options)
    const id = net.install(list, nothing)
    const sum = (n: number) => net.call(id, 'sum', encodeArguments([BigInt(n)]))
    expect(decodeResult(expectReply(sum(depth)).bytes)).toBe((BigInt(depth) * BigInt(depth - 1)) / 2n)
    expect(expectReject(sum(tooDeep))).toMatch(/^IC0502 .*stack overflow/)
    expect(decodeResult(expectReply(sum(3)).bytes)).toBe(3n)
  })
})

// The engine's own end of the stack would come earlier or later as it optimises the code, and leave another bill.
test.each(Object.keys(deepShapes))('%s: ends at the same depth, however often it ran', async (shape) => {
  const wabt = await wabtInit()
  const { buffer } = wabt.parseWat('deep.wat', deepShapes[shape] ?? '', { simd: true }).toBinary({})
  const net = network({ stackBudget: networkStackBudget })
  const id = net.install(buffer, nothing)
  const costs = Array.from({ length: 10 }, () => {
    const before = net.balance(id)
    expect(expectReject(net.call(id, 'deep', nothing))).toMatch(/^IC0502 .*stack overflow/)
    return before - net.balance(id)
  })
  expect(new Set(costs.slice(1)).size).toBe(1)
})
