/** Motoko programs that are driven through the protocol do what they do in process, and end in the same state. */
import { IDL } from '@dfinity/candid'
import { createNetwork, decodeRecord, replay } from '@tidemark/network'
import { networkStackBudget } from '@tidemark/replica'
import { managementCanisterId, Principal } from '@tidemark/types'
import { beforeAll, expect, test } from 'vitest'
import { type Argument, encodeArguments, of } from '../../../tests/motoko/support/candid.ts'
import { compilePrograms, compileTimeout } from '../../../tests/motoko/support/programs.ts'
import { candid, encodeManagement, type Outcome, TestNetwork } from '../../../tests/support/index.ts'
import type { JsonValue } from '../src/wire/json.ts'
import { type Answer, base64, type Client, createClient, createInstance } from './support/client.ts'

let programs: ReadonlyMap<string, Uint8Array>

beforeAll(async () => {
  programs = await compilePrograms([
    'stable_v1',
    'stable_v2',
    'trap_rollback',
    'throwing',
    'await_self',
    'timer_once',
    'heartbeat',
    'composite',
    'linked_list',
  ])
}, compileTimeout)

/** What a test does with a network, wherever it is: outcomes are `reply` with the bytes, or the reject's code and text. */
interface Driver {
  create(): Promise<Principal>
  install(id: Principal, program: string, mode: object): Promise<string>
  update(id: Principal, method: string, ...args: readonly Argument[]): Promise<string>
  query(id: Principal, method: string, ...args: readonly Argument[]): Promise<string>
  tick(rounds: number): Promise<void>
  advance(seconds: number): Promise<void>
}

const nanosPerSecond = 1_000_000_000n
const creation = { amount: [10n ** 15n], settings: [], specified_id: [], sender_canister_version: [] }

function installation(id: Principal, program: string, mode: object): Record<string, unknown> {
  return { mode, canister_id: candid(id), wasm_module: programs.get(program), arg: encodeArguments([]), sender_canister_version: [] }
}

function inProcess(): Driver {
  const net = new TestNetwork(
    createNetwork({ subnets: [{ kind: 'application' }], httpOutcalls: 'mocked_any_scheme', stackBudget: networkStackBudget }),
  )
  const anonymous = { sender: Principal.fromBytes(Uint8Array.of(4)) }
  const told = (outcome: Outcome): string =>
    outcome.kind === 'reply' ? `reply ${base64(outcome.bytes)}` : `${outcome.reject.errorCode} ${outcome.reject.message}`
  return {
    create: async () => net.create({ ...anonymous, cycles: 10n ** 15n }),
    install: async (id, program, mode) => {
      return told(net.managing('install_code', installation(id, program, mode), { ...anonymous, effectiveCanisterId: id }))
    },
    update: async (id, method, ...args) => told(net.call(id, method, encodeArguments(args), anonymous)),
    query: async (id, method, ...args) => {
      const message = { ...anonymous, canisterId: id, effectiveCanisterId: id, methodName: method, arg: encodeArguments(args) }
      const result = net.replica.query(message)
      return result.status === 'replied' ? `reply ${base64(result.arg)}` : `${result.reject.errorCode} ${result.reject.message}`
    },
    tick: async (rounds) => net.tick(rounds),
    advance: async (seconds) => net.replica.advanceTime(BigInt(seconds) * nanosPerSecond),
  }
}

function throughProtocol(client: Client, path: string): Driver {
  const told = ({ status, body }: Answer): string => {
    const { Ok: reply, Err: reject } = body as { Ok?: string; Err?: { error_code: string; reject_message: string } }
    if (reply !== undefined) return `reply ${reply}`
    return reject === undefined ? `status ${status}` : `${reject.error_code} ${reject.reject_message}`
  }
  const callOf = (target: string, method: string, payload: Uint8Array) => {
    return { sender: 'BA==', canister_id: target, effective_principal: 'None', method, payload: base64(payload) }
  }
  const run = async (call: JsonValue): Promise<Answer> => {
    const submitted = await client.post(`${path}/update/submit_ingress_message`, call)
    const { Ok: messageId } = submitted.body as { Ok?: JsonValue }
    return messageId === undefined ? submitted : client.post(`${path}/update/await_ingress_message`, messageId)
  }
  const manage = (method: string, argument: unknown) =>
    run(callOf(base64(managementCanisterId.bytes), method, encodeManagement(method, argument)))
  return {
    create: async () => {
      const { Ok: reply } = (await manage('provisional_create_canister_with_cycles', creation)).body as { Ok: string }
      // Candid of a record with one principal: its bytes are at the end.
      return Principal.fromBytes(Uint8Array.from(Buffer.from(reply, 'base64').subarray(-10)))
    },
    install: async (id, program, mode) => told(await manage('install_code', installation(id, program, mode))),
    update: async (id, method, ...args) => told(await run(callOf(base64(id.bytes), method, encodeArguments(args)))),
    query: async (id, method, ...args) => {
      return told(await client.post(`${path}/read/query`, callOf(base64(id.bytes), method, encodeArguments(args))))
    },
    tick: async (rounds) => {
      for (let n = 0; n < rounds; n++) await client.post(`${path}/update/tick`, {})
    },
    advance: async (seconds) => {
      const { body } = await client.get(`${path}/read/get_time`)
      const now = BigInt((body as { nanos_since_epoch: bigint }).nanos_since_epoch)
      await client.post(`${path}/update/set_time`, { nanos_since_epoch: now + BigInt(seconds) * nanosPerSecond })
    },
  }
}

const install = { install: null }
const keep = { upgrade: [{ skip_pre_upgrade: [], wasm_memory_persistence: [{ keep: null }] }] }

test.each<[title: string, script: (driver: Driver) => Promise<string[]>]>([
  [
    'recursion as deep as on the public network, and deeper',
    async (driver) => {
      const id = await driver.create()
      await driver.install(id, 'linked_list', install)
      const list = await driver.update(id, 'give', 4_000n)
      const deep = await driver.update(id, 'sum', 20_000n)
      const tooDeep = await driver.update(id, 'sum', 60_000n)
      expect(list.length).toBeGreaterThan(4_000)
      expect(tooDeep).toContain('stack overflow')
      return [list, deep, tooDeep]
    },
  ],
  [
    'an upgrade that keeps the state, and one that fails',
    async (driver) => {
      const id = await driver.create()
      const told = [await driver.install(id, 'stable_v1', install), await driver.update(id, 'add', 1n, 'one')]
      told.push(await driver.update(id, 'add', 2n, 'two'), await driver.query(id, 'get'))
      told.push(await driver.install(id, 'stable_v2', keep), await driver.query(id, 'get'))
      told.push(await driver.install(id, 'stable_v1', install), await driver.update(id, 'add', 3n, 'three'))
      return [...told, await driver.query(id, 'get')]
    },
  ],
  [
    'traps before and after awaits, and thrown errors',
    async (driver) => {
      const [trapping, throwing] = [await driver.create(), await driver.create()]
      const told = [await driver.install(trapping, 'trap_rollback', install), await driver.install(throwing, 'throwing', install)]
      for (const method of ['beforeAwait', 'afterAwait', 'afterTwoAwaits', 'missing']) told.push(await driver.update(trapping, method))
      for (const method of ['throwAfterChange', 'throwAfterAwait']) told.push(await driver.update(throwing, method))
      return [...told, await driver.query(throwing, 'throwInQuery'), await driver.query(throwing, 'get')]
    },
  ],
  [
    'async calls to itself and to others',
    async (driver) => {
      const [first, second] = [await driver.create(), await driver.create()]
      const told = [await driver.install(first, 'await_self', install), await driver.install(second, 'trap_rollback', install)]
      return [...told, await driver.update(first, 'run'), await driver.update(second, 'callThenTrap', first.toText())]
    },
  ],
  [
    'timers, in the order of their times',
    async (driver) => {
      const id = await driver.create()
      const told = [await driver.install(id, 'timer_once', install)]
      for (const [seconds, word] of [
        [20n, 'later'],
        [10n, 'sooner'],
      ] as const) {
        told.push(await driver.update(id, 'set', seconds, word))
      }
      for (let n = 0; n < 3; n++) {
        await driver.advance(10)
        await driver.tick(4)
        told.push(await driver.query(id, 'get'))
      }
      return told
    },
  ],
  [
    'heartbeats in every round',
    async (driver) => {
      const id = await driver.create()
      const told = [await driver.install(id, 'heartbeat', install)]
      await driver.tick(7)
      return [...told, await driver.query(id, 'get')]
    },
  ],
  [
    'composite queries, also those that call one that fails',
    async (driver) => {
      const ids = [await driver.create(), await driver.create(), await driver.create()] as const
      const told: string[] = []
      for (const id of ids) told.push(await driver.install(id, 'composite', install))
      for (const [n, id] of ids.entries()) told.push(await driver.update(id, 'set', BigInt(10 ** n)))
      const [first, ...others] = ids
      const names = of(
        IDL.Vec(IDL.Text),
        others.map((id) => id.toText()),
      )
      told.push(await driver.query(first, 'sum', names, 5n), await driver.query(first, 'deep', names, 0n))
      return [...told, await driver.query(first, 'failing'), await driver.query(first, 'sum', of(IDL.Vec(IDL.Text), ['aaaaa-aa']), 1n)]
    },
  ],
])('%s', async (_, script) => {
  const client = createClient()
  const path = await createInstance(client)
  const told: readonly string[] = await script(throughProtocol(client, path))
  expect(told).toEqual(await script(inProcess()))
  expect(told.filter((line) => line.startsWith('reply ')).length).toBeGreaterThan(1)

  const record = await client.request(`${path}/_/record`, {})
  const network = replay(decodeRecord(new Uint8Array(await record.arrayBuffer())))
  expect(Buffer.from(network.stateHash()).toString('hex')).toBe(record.headers.get('x-state-hash'))
  await client.close()
})
