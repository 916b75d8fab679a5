/** Why a canister does not answer a query, and which reason comes first when there are several. */
import type { Principal } from '@tidemark/types'
import { expect, test } from 'vitest'
import { type TestNetwork, expectReject, later, network, program, universalCanister } from '../../../../tests/support/index.ts'

const wasm = universalCanister()

type Condition = 'empty' | 'frozen' | 'stopping' | 'stopped'

function canister(net: TestNetwork, conditions: readonly Condition[]): Principal {
  const id = net.create({ cycles: 10n ** 12n })
  if (!conditions.includes('empty')) net.installInto(id, wasm)
  if (conditions.includes('stopping')) {
    net.send(id, program().callUpdate(net.install(wasm), later(30, program().reply())))
    net.tick()
    net.requestStop(id)
    net.tick()
  }
  if (conditions.includes('stopped')) net.lifecycle('stop_canister', id)
  if (conditions.includes('frozen')) net.updateSettings(id, { freezing_threshold: 10n ** 15n })
  return id
}

const frozen = "is unable to process query calls because it's frozen. Please top up the canister with cycles and try again."
const stopped = 'is stopped and therefore does not have a CallContextManager'

test.each<[title: string, conditions: readonly Condition[], method: string, code: string, text: string]>([
  ['frozen', ['frozen'], 'query', 'IC0207', frozen],
  ['frozen, a composite query', ['frozen'], 'composite_query', 'IC0207', frozen],
  ['frozen, no such method', ['frozen'], 'nope', 'IC0536', "Canister has no query method 'nope'"],
  ['frozen and empty', ['frozen', 'empty'], 'query', 'IC0537', 'the canister contains no Wasm module'],
  ['stopping', ['stopping'], 'query', 'IC0509', 'is not running'],
  ['stopping, no such method', ['stopping'], 'nope', 'IC0536', "Canister has no query method 'nope'"],
  ['stopping and frozen', ['stopping', 'frozen'], 'query', 'IC0207', frozen],
  ['stopped', ['stopped'], 'query', 'IC0508', stopped],
  ['stopped, frozen, no such method', ['stopped', 'frozen'], 'nope', 'IC0508', stopped],
  ['stopped and empty', ['stopped', 'empty'], 'query', 'IC0508', stopped],
])('%s', (_, conditions, method, code, text) => {
  const net = network()
  const id = canister(net, conditions)
  const reject = expectReject(net.query(id, program().reply(), method))
  expect(reject).toContain(text)
  expect(reject).toMatch(new RegExp(`^${code} .*${id.toText()}`))
})

test('a query that does not answer', () => {
  const net = network()
  const id = canister(net, [])
  expect(expectReject(net.query(id, program()))).toBe(`IC0506 Canister ${id.toText()} did not produce a response`)
  expect(expectReject(net.call(id, 'query', program()))).toBe(`IC0506 Canister ${id.toText()} did not reply to the call`)
})
