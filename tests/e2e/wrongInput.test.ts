import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Actor, AgentError, HttpAgent, type Identity } from '@dfinity/agent'
import { IDL } from '@dfinity/candid'
import { Ed25519KeyIdentity } from '@dfinity/identity'
import { Principal } from '@dfinity/principal'
import { management, type managementTypes } from '@tidemark/bindings'
import { HttpAgent as NewHttpAgent } from '@icp-sdk/core/agent'
import { Principal as NewPrincipal } from '@icp-sdk/core/principal'
import { encode } from 'cborg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { settingsRecord } from '../support/index.ts'
import { Stack } from './support/stack.ts'

let stack: Stack
let stranger: HttpAgent
let hook: Principal

beforeAll(async () => {
  stack = await Stack.start()
  stranger = await agentOf(Ed25519KeyIdentity.generate(new Uint8Array(32).fill(5)))
  hook = Principal.fromText(stack.id('low_wasm_memory_hook_wasm'))
}, 180_000)
afterAll(async () => {
  await stack?.stop()
})

function agentOf(identity: Identity): Promise<HttpAgent> {
  return HttpAgent.create({ host: stack.host, identity, shouldFetchRootKey: true, retryTimes: 0 })
}

function managing(agent: HttpAgent, effectiveCanisterId: Principal) {
  return Actor.createActor<managementTypes._SERVICE>(management.idlFactory, {
    agent,
    canisterId: Principal.managementCanister(),
    callTransform: () => ({ effectiveCanisterId }),
    queryTransform: () => ({ effectiveCanisterId }),
  })
}

async function rejection(call: Promise<unknown>): Promise<{ code: number; error: string; text: string }> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    const { rejectCode, rejectErrorCode, rejectMessage } = error.cause.code as unknown as {
      rejectCode: number
      rejectErrorCode: string
      rejectMessage: string
    }
    return { code: rejectCode, error: rejectErrorCode, text: rejectMessage }
  }
  throw new Error('the call was not rejected')
}

describe('the network answers with the protocol’s own error', () => {
  const nobody = Principal.fromText('iji6k-jp777-77777-aaaja-cai')
  const empty = new Uint8Array([68, 73, 68, 76, 0, 0])

  test('to a call of a canister that is not there', async () => {
    expect(await rejection(stranger.call(nobody, { methodName: 'x', arg: empty, effectiveCanisterId: nobody }).then(submitted))).toEqual({
      code: 3,
      error: 'IC0301',
      text: `Canister ${nobody.toText()} not found`,
    })
  })

  test('to a method that is not there', async () => {
    const service = () => IDL.Service({ no_such: IDL.Func([], [], []) })
    const actor = Actor.createActor<{ no_such: () => Promise<void> }>(service, { agent: stranger, canisterId: hook })
    const answer = await rejection(actor.no_such())
    expect(answer).toMatchObject({ code: 5, error: 'IC0536' })
    expect(answer.text).toContain("Canister has no update method 'no_such'")
  })

  test('to one who is no controller', async () => {
    const answer = await rejection(managing(stranger, hook).stop_canister({ canister_id: hook }))
    expect(answer).toMatchObject({ code: 5, error: 'IC0512' })
  })

  test('to an argument of the wrong type', async () => {
    const answer = await rejection(
      stranger
        .call(Principal.managementCanister(), { methodName: 'canister_status', arg: new Uint8Array([1, 2, 3]), effectiveCanisterId: hook })
        .then(submitted),
    )
    expect(answer).toMatchObject({ code: 4, error: 'IC0408' })
  })

  /** A canister of the stranger's own. */
  async function ownCanister(): Promise<Principal> {
    const { canister_id } = await managing(stranger, hook).provisional_create_canister_with_cycles({
      amount: [],
      settings: [],
      specified_id: [],
      sender_canister_version: [],
    })
    return Principal.fromUint8Array(canister_id.toUint8Array())
  }

  test('to bytes that are no module', async () => {
    const id = await ownCanister()
    const install = managing(stranger, id).install_code({
      mode: { install: null },
      canister_id: id,
      wasm_module: new Uint8Array([1, 2, 3]),
      arg: empty,
      sender_canister_version: [],
    })
    const answer = await rejection(install)
    expect(answer).toMatchObject({ code: 5, error: 'IC0505' })
    expect(answer.text).toContain("Canister's Wasm module is not valid")
  })

  test('to settings out of range', async () => {
    const id = await ownCanister()
    const settings = settingsRecord({ compute_allocation: 101n }) as unknown as managementTypes.CanisterSettings
    const answer = await rejection(managing(stranger, id).update_settings({ canister_id: id, settings, sender_canister_version: [] }))
    expect(answer).toMatchObject({ code: 5, error: 'IC0504' })
    expect(answer.text).toContain('ComputeAllocation expected to be in the range [0..100], got 101')
  })

  async function submitted(response: Awaited<ReturnType<HttpAgent['call']>>): Promise<void> {
    const body = response.response.body as unknown as { reject_code?: number; reject_message?: string; error_code?: string } | null
    if (body?.reject_code !== undefined) {
      const cause = { code: { rejectCode: body.reject_code, rejectErrorCode: body.error_code, rejectMessage: body.reject_message } }
      throw Object.assign(Object.create(AgentError.prototype) as AgentError, { cause })
    }
  }
})

describe('the HTTP interface refuses', () => {
  const post = (path: string, body: Uint8Array) =>
    fetch(`${stack.host}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/cbor' },
      body: body as Uint8Array<ArrayBuffer>,
    })
  const callPath = () => `/api/v4/canister/${hook.toText()}/call`

  test('malformed CBOR', async () => {
    const response = await post(callPath(), new Uint8Array([0xff, 0x00, 0x17]))
    expect(response.status).toBe(400)
    expect(await response.text()).not.toContain('    at ')
  })

  test('a body over the limit', async () => {
    const response = await post(callPath(), new Uint8Array(6 * 1024 * 1024))
    expect(response.status).toBe(413)
  })

  const content = (expiry: bigint, sender: Uint8Array) => ({
    request_type: 'call',
    canister_id: hook.toUint8Array(),
    method_name: 'x',
    arg: new Uint8Array(0),
    sender,
    ingress_expiry: expiry,
  })

  test('an expired message', async () => {
    const response = await post(callPath(), encode({ content: content(1_600_000_000_000_000_000n, new Uint8Array([4])) }))
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('Specified ingress_expiry not within expected range')
  })

  test('a signature that is not right', async () => {
    const identity = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(6))
    const expiry = BigInt(Math.floor(Date.now() / 1000) + 200) * 1_000_000_000n
    const body = encode({
      content: content(expiry, identity.getPrincipal().toUint8Array()),
      sender_pubkey: new Uint8Array(identity.getPublicKey().toDer()),
      sender_sig: new Uint8Array(64),
    })
    const response = await post(callPath(), body)
    expect([400, 403]).toContain(response.status)
  })
})

describe('the command line says plainly what is wrong', () => {
  const rows: [what: string, args: () => string[], text: RegExp][] = [
    ['a canister that dfx.json does not have', () => ['canister', 'status', 'nobody'], /nobody/],
    [
      'an argument that is no Candid',
      () => ['canister', 'call', 'low_wasm_memory_hook_wasm', 'get_executed_functions_order', '(1 :'],
      /argument|Candid|expected/i,
    ],
    [
      'an argument of the wrong number',
      () => ['canister', 'call', 'low_wasm_memory_hook_wasm', 'get_executed_functions_order', '(1, "x")'],
      /argument|expected|type/i,
    ],
    [
      'a setting that is no number',
      () => ['canister', 'update-settings', 'low_wasm_memory_hook_wasm', '--wasm-memory-limit', 'much'],
      /wasm-memory-limit|much/,
    ],
    ['a command that is not there', () => ['canister', 'fly'], /unknown command|fly/],
  ]
  test.each(rows)('%s', async (_, args, text) => {
    const result = await stack.tidemark(...args())
    expect(result.code).not.toBe(0)
    expect(result.stderr).toMatch(text)
    expect(result.stderr).not.toContain('    at ')
  })

  test('a Motoko file that does not compile', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tidemark-broken-'))
    writeFileSync(join(folder, 'dfx.json'), JSON.stringify({ canisters: { broken: { type: 'motoko', main: 'main.mo' } } }))
    writeFileSync(join(folder, 'main.mo'), 'persistent actor { public func f() : async Nat { "no number" } }')
    const main = join(import.meta.dirname, '..', '..', 'apps', 'cli', 'src', 'main.ts')
    let stderr = ''
    try {
      execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, 'deploy', 'broken', '--network', stack.host, '-y'], {
        cwd: folder,
        encoding: 'utf8',
        stdio: 'pipe',
      })
    } catch (error) {
      stderr = (error as { stderr: string }).stderr
    }
    expect(stderr).toContain('main.mo')
    expect(stderr).not.toContain('    at ')
  })
})

test('the agents of both generations verify certificates and query signatures', async () => {
  const empty = new Uint8Array([68, 73, 68, 76, 0, 0])
  const methodName = 'get_executed_functions_order'
  const old = await stranger.query(hook, { methodName, arg: empty })
  expect(old.status).toBe('replied')
  const agent = await NewHttpAgent.create({ host: stack.host, shouldFetchRootKey: true })
  const fresh = await agent.query(NewPrincipal.fromText(hook.toText()), { methodName, arg: empty })
  expect(fresh.status).toBe('replied')
})
