import { Principal as CandidPrincipal } from '@dfinity/principal'
import type { ManagementService } from '@tidemark/bindings'
import { createReject, fromHex, type IngressMessage, managementCanisterId, Principal } from '@tidemark/types'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  answerRandomness,
  effectiveCanisterIdOf,
  executeManagement,
  filterManagementIngress,
  payingCanisterOf,
} from '../../src/management/index.ts'
import { limitDecoding } from '@tidemark/bindings'
import { methods } from '../../src/management/methods.ts'
import { alice, bob, candid, encodeArg, Network, printState, trillion, valueOf } from './support/network.ts'
import { settings } from './support/settingsArg.ts'

const nothing = fromHex('4449444c0000')
const target = Principal.canister(5n)

describe('dispatch', () => {
  test('an unknown method', () => {
    const network = new Network()
    expect(network.callRaw(network.canister(), 'nonexistent', nothing)).toEqual({
      code: 'IC0536',
      text: "Management canister has no method 'nonexistent'",
    })
  })
  test.each(['setup_initial_dkg', 'reshare_chain_key', 'rename_canister'])('%s is for canisters of the root subnet', (name) => {
    const network = new Network()
    const sender = network.canister()
    const text = `${name} is called by ${sender.id.toText()}. It can only be called by NNS.`
    expect(network.callRaw(sender, name, nothing)).toEqual({ code: 'IC0504', text })
    expect(network.ingressRaw(name, nothing)).toEqual({ code: 'IC0504', text: `${name} cannot be called by a user.` })
  })
  test.each(['bitcoin_get_successors', 'bitcoin_send_transaction_internal'])('%s is for the Bitcoin canisters', (name) => {
    const network = new Network()
    expect(network.callRaw(network.canister(), name, nothing)).toEqual({ code: 'IC0406', text: 'Permission denied.' })
    expect(network.ingressRaw(name, nothing)).toEqual({ code: 'IC0504', text: `${name} cannot be called by a user.` })
  })
  test.each(['toString', '__proto__', 'constructor'])('%s is no method', (name) => {
    expect(new Network().ingressRaw(name, nothing)).toMatchObject({ code: 'IC0536' })
  })
  test.each(
    Object.entries(methods)
      .filter(([, { ingress }]) => ingress === undefined)
      .map(([name]) => name),
  )('%s is for canisters', (name) => {
    expect(new Network().ingressRaw(name, nothing)).toEqual({ code: 'IC0504', text: `${name} cannot be called by a user.` })
  })
  test('creating a canister takes no argument, and does not say what is wrong with one', () => {
    const network = new Network()
    const sender = network.canister()
    expect(network.callRaw(sender, 'create_canister', nothing, trillion)).toHaveProperty('ok')
    expect(network.callRaw(sender, 'create_canister', new Uint8Array([1, 2, 3]), trillion)).toEqual({
      code: 'IC0408',
      text: 'Payload deserialization error.',
    })
  })
  test.each(Object.keys(methods).filter((name) => !['raw_rand', 'list_canisters', 'create_canister'].includes(name)))(
    '%s: what is not Candid is refused',
    (name) => {
      const network = new Network()
      const sender = network.canister()
      const before = printState(network.subnet)
      for (const arg of [new Uint8Array(0), new Uint8Array([1, 2, 3]), nothing]) {
        expect(network.callRaw(sender, name, arg, 100n * trillion)).toMatchObject({ code: expect.stringMatching(/IC0408|IC0406/) })
      }
      expect(printState(network.subnet)).toBe(before)
    },
  )
  test('fields and arguments that nobody knows are passed over', () => {
    const network = new Network()
    const canister = network.canister()
    // record { canister_id : principal; new_field : text }, and a second argument
    const arg = Uint8Array.from([
      ...fromHex('4449444c016c02b3c4b1f20468'),
      ...fromHex('b9fad5ea0971'),
      2,
      0,
      0x7d,
      1,
      canister.id.bytes.length,
      ...canister.id.bytes,
      2,
      0x68,
      0x69,
      7,
    ])
    expect(network.ingressRaw('start_canister', arg)).toMatchObject({ ok: undefined })
  })
})

describe('advice', () => {
  const advised = (method: string, arg: Uint8Array, network = new Network()) => {
    const { subnet, env, options } = network
    const call = {
      subnet,
      env,
      options,
      caller: bob,
      origin: { kind: 'ingress', requestKey: 'a' },
      methodName: method,
      arg,
      cycles: 0n,
    } as const
    const result = executeManagement(call)
    return result.kind === 'reject' ? result.reject.message.split('\n').at(-1) : undefined
  }
  test('stands on the last line, with a link', () => {
    const network = new Network()
    const own = encodeArg('start_canister', { canister_id: candid(network.canister().id) })
    expect(advised('start_canister', own, network)).toMatch(/ See documentation: https:\S+#invalid-controller$/)
    expect(advised('start_canister', encodeArg('start_canister', { canister_id: candid(target) }))).toMatch(/#canister-not-found$/)
  })
  test('is left out where there is none', () => {
    expect(advised('start_canister', nothing)).toMatch(/^Error decoding candid: /)
  })
})

describe('what this subnet does not have', () => {
  const derivation_path: Uint8Array[] = []
  const ecdsa = { curve: { secp256k1: null }, name: 'key_1' } as const
  const schnorr = { algorithm: { ed25519: null }, name: 'test_key_1' } as const
  const vetkd = { curve: { bls12_381_g2: null }, name: 'other' } as const
  const blob = new Uint8Array(32)
  const unroutable = (method: string, reason: string) => `Unable to route management canister request ${method}: ChainKeyError("${reason}")`
  const unknown = (method: string, key: string) => unroutable(method, `Requested unknown threshold key: ${key}, existing keys: []`)
  const disabled = (method: string, key: string) =>
    unroutable(method, `Requested unknown or disabled threshold key: ${key}, existing enabled keys: []`)
  const rows: [method: keyof ManagementService, arg: unknown, code: string, text: string][] = [
    [
      'ecdsa_public_key',
      { canister_id: [], derivation_path, key_id: ecdsa },
      'IC0301',
      unknown('ecdsa_public_key', 'ecdsa:Secp256k1:key_1'),
    ],
    [
      'sign_with_ecdsa',
      { message_hash: blob, derivation_path, key_id: ecdsa },
      'IC0301',
      disabled('sign_with_ecdsa', 'ecdsa:Secp256k1:key_1'),
    ],
    [
      'schnorr_public_key',
      { canister_id: [], derivation_path, key_id: schnorr },
      'IC0301',
      unknown('schnorr_public_key', 'schnorr:Ed25519:test_key_1'),
    ],
    [
      'sign_with_schnorr',
      { message: blob, derivation_path, key_id: schnorr, aux: [] },
      'IC0301',
      disabled('sign_with_schnorr', 'schnorr:Ed25519:test_key_1'),
    ],
    [
      'vetkd_public_key',
      { canister_id: [], context: blob, key_id: vetkd },
      'IC0301',
      unknown('vetkd_public_key', 'vetkd:Bls12_381_G2:other'),
    ],
    [
      'vetkd_derive_key',
      { input: blob, context: blob, transport_public_key: blob, key_id: vetkd },
      'IC0301',
      disabled('vetkd_derive_key', 'vetkd:Bls12_381_G2:other'),
    ],
    [
      'http_request',
      {
        url: 'https://x',
        method: { get: null },
        headers: [],
        body: [],
        max_response_bytes: [],
        transform: [],
        is_replicated: [],
        pricing_version: [],
      },
      'IC0504',
      'This API is not enabled on this subnet',
    ],
    [
      'bitcoin_get_balance',
      { address: 'a', network: { mainnet: null }, min_confirmations: [] },
      'IC0301',
      'Canister ghsi2-tqaaa-aaaan-aaaca-cai not found',
    ],
    ['bitcoin_get_current_fee_percentiles', { network: { testnet: null } }, 'IC0301', 'Canister g4xu7-jiaaa-aaaan-aaaaq-cai not found'],
  ]
  test.each(rows)('%s returns all cycles', (method, arg, code, text) => {
    const network = new Network()
    const sender = network.canister()
    const before = printState(network.subnet)
    expect(network.callRaw(sender, method, encodeArg(method, arg), trillion)).toEqual({ code, text })
    expect(printState(network.subnet)).toBe(before)
  })
})

describe('raw_rand', () => {
  test('is answered later, each call with other bytes, cycles returned', () => {
    const network = new Network()
    const sender = network.canister()
    for (const callbackId of [1n, 2n])
      expect(network.callRaw(sender, 'raw_rand', nothing, 9n, callbackId)).toMatchObject({ code: 'deferred' })
    const answers = answerRandomness(network.subnet, network.options)
    expect(answers).toMatchObject([
      { to: { kind: 'canister', caller: sender.id, callbackId: 1n, respondent: managementCanisterId }, refund: 9n },
      { to: { callbackId: 2n } },
    ])
    const bytes = answers.map(({ payload }) => ('data' in payload ? payload.data.slice(-32) : undefined))
    expect(bytes).toEqual([new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)])
    expect(answerRandomness(network.subnet, network.options)).toEqual([])
  })
  test('takes no argument', () => {
    const network = new Network()
    expect(network.callRaw(network.canister(), 'raw_rand', fromHex('4449444c00017f'))).toMatchObject({ code: 'IC0408' })
    expect(network.subnet.randomnessRequests).toEqual([])
  })
})

describe('effective canister id', () => {
  test.each([
    ['start_canister', { canister_id: candid(target) }, target],
    ['provisional_create_canister_with_cycles', { amount: [], settings: [], specified_id: [], sender_canister_version: [] }, 'any'],
    ['list_canisters', undefined, 'any'],
    [
      'install_chunked_code',
      {
        mode: { install: null },
        target_canister: candid(target),
        store_canister: [candid(bob)],
        chunk_hashes_list: [],
        wasm_module_hash: new Uint8Array(0),
        arg: new Uint8Array(0),
        sender_canister_version: [],
      },
      target,
    ],
  ])('%s', (method, arg, expected) => {
    expect(effectiveCanisterIdOf(method, encodeArg(method, arg))).toEqual(expected)
  })
  test('none for what cannot be understood', () => {
    expect(effectiveCanisterIdOf('start_canister', nothing)).toBeUndefined()
    expect(effectiveCanisterIdOf('unheard_of', nothing)).toBeUndefined()
  })
  test('an id that is too long for a principal', () => {
    const long = CandidPrincipal.fromUint8Array(new Uint8Array(40))
    expect(effectiveCanisterIdOf('start_canister', encodeArg('start_canister', { canister_id: long }))).toBeUndefined()
  })
})

describe('ingress filter', () => {
  const message = (methodName: string, arg: Uint8Array, sender = alice): IngressMessage => ({
    requestId: new Uint8Array(32),
    sender,
    canisterId: managementCanisterId,
    effectiveCanisterId: target,
    methodName,
    arg,
    ingressExpiryNanos: 0n,
    sizeBytes: 500,
  })
  const filter = (network: Network, method: string, arg: Uint8Array, sender = alice, allowProvisional?: boolean) =>
    filterManagementIngress(network.subnet, network.env, message(method, arg, sender), () => undefined, allowProvisional)
  const create = encodeArg('provisional_create_canister_with_cycles', {
    amount: [],
    settings: [],
    specified_id: [],
    sender_canister_version: [],
  })

  const bytes = Uint8Array.of(1, 2, 3)
  const unread = 'IC0408: Error decoding candid: Cannot parse header 010203: binary parser error: io error'
  test.each<[method: string, arg: Uint8Array, code: string, text: string]>([
    ['raw_rand', nothing, 'CanisterRejectedMessage', 'ic00 method raw_rand can not be called via ingress messages'],
    ['fetch_canister_logs', nothing, 'CanisterRejectedMessage', 'ic00 method fetch_canister_logs can not be called via ingress messages'],
    ['list_canisters', nothing, 'CanisterRejectedMessage', 'ic00 method list_canisters can not be called via ingress messages'],
    ['create_canister', bytes, 'CanisterRejectedMessage', 'Only canisters can call ic00 method create_canister'],
    ['reshare_chain_key', nothing, 'CanisterRejectedMessage', 'ic00 method reshare_chain_key can not be called via ingress messages'],
    ['rename_canister', nothing, 'CanisterRejectedMessage', 'Only canisters can call ic00 method rename_canister'],
    ['unheard_of', nothing, 'CanisterMethodNotFound', 'ic00 interface does not expose method unheard_of'],
    ['start_canister', bytes, 'InvalidManagementPayload', `Failed to parse payload for ic00 method start_canister: ${unread}`],
    ['canister_info', bytes, 'InvalidManagementPayload', `Failed to parse payload for ic00 method canister_info: ${unread}`],
  ])('%s is refused', (method, arg, errorCode, text) => {
    expect(filter(new Network(), method, arg)).toMatchObject({ errorCode, message: text })
  })
  test('what nobody pays for is decoded when it is executed', () => {
    expect(filter(new Network(), 'provisional_top_up_canister', bytes)).toBeUndefined()
  })
  test('who cannot pay hears that before who may not call', () => {
    const network = new Network()
    const { id } = network.canister()
    const unpaid = createReject('CanisterOutOfCycles', 'no cycles')
    const ask = (method: string) => {
      const arg = encodeArg(method, { canister_id: candid(id), name: 'n', num_requested_changes: [] })
      return filterManagementIngress(network.subnet, network.env, message(method, arg, bob), () => unpaid)
    }
    expect(['start_canister', 'canister_info', 'canister_metadata'].map(ask)).toEqual([unpaid, unpaid, unpaid])
    expect(
      filter(network, 'canister_info', encodeArg('canister_info', { canister_id: candid(id), num_requested_changes: [] })),
    ).toMatchObject({
      message: 'Only canisters can call ic00 method canister_info',
    })
  })
  test('a canister that is not there', () => {
    expect(filter(new Network(), 'start_canister', encodeArg('start_canister', { canister_id: candid(target) }))).toMatchObject({
      errorCode: 'CanisterNotFound',
    })
  })
  test.each(['start_canister', 'update_settings', 'canister_metrics'])('%s by a stranger', (method) => {
    const network = new Network()
    const id = network.canister().id
    const arg = encodeArg(method, { canister_id: candid(id), settings: settings({}), sender_canister_version: [] })
    expect(filter(network, method, arg, bob)).toMatchObject({
      errorCode: 'CanisterInvalidController',
      message: `Only controllers of canister ${id.toText()} can call ic00 method ${method}`,
    })
    expect(filter(network, method, arg, alice)).toBeUndefined()
  })
  test('visibility opens status and snapshots', () => {
    const network = new Network()
    const canister = network.canister()
    const arg = encodeArg('canister_status', { canister_id: candid(canister.id) })
    expect(filter(network, 'list_canister_snapshots', arg, bob)).toMatchObject({ errorCode: 'CanisterRejectedMessage' })
    expect(filter(network, 'canister_status', arg, bob)).toMatchObject({
      errorCode: 'CanisterStatusAccessDenied',
      message: `Caller ${bob.toText()} is not allowed to read the canister status`,
    })
    canister.settings = { ...canister.settings, statusVisibility: { kind: 'public' }, snapshotVisibility: { kind: 'public' } }
    expect(filter(network, 'list_canister_snapshots', arg, bob)).toBeUndefined()
    expect(filter(network, 'canister_status', arg, bob)).toBeUndefined()
  })
  test('provisional methods, where they are allowed', () => {
    const network = new Network()
    expect(filter(network, 'provisional_create_canister_with_cycles', create, bob)).toBeUndefined()
    expect(filter(network, 'provisional_create_canister_with_cycles', create, bob, false)).toMatchObject({
      message: `Caller ${bob.toText()} is not allowed to call ic00 method provisional_create_canister_with_cycles`,
    })
  })

  test('who pays: the target, but not for small changes of settings, top-ups and creation', () => {
    const network = new Network()
    const canister = network.canister()
    const id = candid(canister.id)
    const payer = (method: string, arg: unknown) => payingCanisterOf(network.subnet, message(method, encodeArg(method, arg)))?.id.toText()
    const update = (fields: Parameters<typeof settings>[0]) => ({
      canister_id: id,
      settings: settings(fields),
      sender_canister_version: [],
    })
    expect(payer('start_canister', { canister_id: id })).toBe(canister.id.toText())
    expect(
      payer(
        'update_settings',
        update({ controllers: [[candid(alice), candid(bob), candid(alice), candid(bob), candid(alice), candid(bob), candid(alice)]] }),
      ),
    ).toBe(canister.id.toText())
    expect(payer('update_settings', update({ freezing_threshold: [1n] }))).toBeUndefined()
    expect(payer('provisional_top_up_canister', { canister_id: id, amount: 1n })).toBeUndefined()
    expect(payingCanisterOf(network.subnet, message('provisional_create_canister_with_cycles', create))).toBeUndefined()
  })
})

describe('arguments made to exhaust the decoder', () => {
  test.each([
    ['a vector of four billion nulls', '4449444c016d7f0100ffffffff0f'],
    ['a vector of records without fields', '4449444c026d016c000100ffffffff0f'],
    ['vectors of vectors of nulls', '4449444c026d016d7f0100ffff03ffff03'],
    ['a record that contains itself', '4449444c016c010000010000'],
    ['an option in an option, a thousand times', `4449444c016e000100${'01'.repeat(1_000)}00`],
    ['a type table that promises more than there is', '4449444cffffffff0f'],
    ['more arguments than there are bytes', '4449444c00ffffffff0f'],
  ])('%s', (_, bytes) => {
    const outcome = new Network().ingressRaw('start_canister', fromHex(bytes))
    expect(outcome).toMatchObject({ code: 'IC0408', text: expect.stringMatching(/^Error decoding candid: /) })
  })
  test('valid arguments are let through', () => {
    const network = new Network()
    const id = candid(network.canister().id)
    const chunk = new Uint8Array(1_000_000)
    valueOf(network.call('upload_chunk', { canister_id: id, chunk }))
    expect(() => limitDecoding(encodeArg('upload_chunk', { canister_id: id, chunk }))).not.toThrow()
  })
  test('any bytes end in an answer', () => {
    const network = new Network()
    const sender = network.canister()
    const magic = [0x44, 0x49, 0x44, 0x4c]
    const names = Object.keys(methods)
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.uint8Array({ maxLength: 40 }), (method, bytes) => {
        expect(network.callRaw(sender, method, Uint8Array.from([...magic, ...bytes]))).toBeDefined()
      }),
      { seed: 2, numRuns: 2_000 },
    )
  })
})
