/**
 * Fees of management calls and of burning, on a running network.
 *
 * @see cycle cost reference; interface specification, `ic0.cost_http_request`, `ic0.cost_sign_with_ecdsa`, `ic0.cycles_burn128`.
 */
import { describe, expect, test } from 'vitest'
import { type Principal, managementCanisterId } from '@tidemark/types'
import { type TestNetwork, candid, encodeManagement, expectReply, network, numberOf, program, universalCanister } from '../support/index.ts'
import { casesOf } from './support/cases.ts'
import { defaultFreezingSeconds, fund, gib, installHolding, setSettings, startCycles, usageOf } from './support/held.ts'

const wasm = universalCanister()
const asNumber = (net: TestNetwork, id: Principal, body: ReturnType<typeof program>) => numberOf(expectReply(net.query(id, body)).bytes)

describe('creating a canister', () => {
  test.each(casesOf('creation'))('%s', (_, one) => {
    const net = network(one.network)
    const id = net.install(wasm)
    expect(asNumber(net, id, program().amount('cost_create_canister').replyTop())).toBe(one.expected('fee'))
    const burned = net.replica.cyclesLedger().burned
    const arg = encodeManagement('create_canister', { settings: [], sender_canister_version: [] })
    const onReply = program().amount('msg_cycles_refunded128').replyTop()
    const refunded = net.update(
      id,
      program()
        .call(managementCanisterId, 'create_canister', arg, { cycles: one.input('attached_cycles'), onReply })
        .op('drop'),
    )
    expect(numberOf(expectReply(refunded).bytes)).toBe(0n)
    const created = net.replica.canisters().find((canister) => !canister.id.equals(id))
    expect(created?.balance).toBe(one.expected('new_canister_balance'))
    expect(created?.consumedCycles.canister_creation).toBe(one.expected('fee'))
    expect(net.replica.cyclesLedger().burned - burned).toBeGreaterThan(one.expected('fee'))
  })

  test('attaching less than the fee is refused and given back', () => {
    const net = network()
    const id = net.install(wasm)
    const arg = encodeManagement('create_canister', { settings: [], sender_canister_version: [] })
    const onReject = program().amount('msg_cycles_refunded128').replyTop()
    const cycles = 499_999_999_999n
    const refunded = net.update(id, program().call(managementCanisterId, 'create_canister', arg, { cycles, onReject }).op('drop'))
    expect(numberOf(expectReply(refunded).bytes)).toBe(cycles)
    expect(net.replica.canisters()).toHaveLength(1)
  })
})

describe('prices that a canister asks for', () => {
  test.each(casesOf('http'))('%s', (_, one) => {
    const net = network(one.network)
    const id = net.install(wasm)
    const price = program().amount('cost_http_request', one.input('request_bytes'), one.input('max_response_bytes')).replyTop()
    expect(asNumber(net, id, price)).toBe(one.expected('fee'))
  })

  test.each(casesOf('threshold'))('%s', (_, one) => {
    const net = network(one.network)
    const id = net.install(wasm)
    // The key's name, the curve, where the price goes; then the price, if the result is 0.
    const scratch = 0x800
    const price = program().blob('key_1').int(0).int(scratch).sys('cost_sign_with_ecdsa').op('drop').int(scratch).int(16).replyTop()
    expect(asNumber(net, id, price)).toBe(one.expected('fee'))
  })
})

describe('HTTPS outcalls', () => {
  const attached = 100_000_000_000n

  test.each(casesOf('http'))('%s', (_, one) => {
    const net = network({ ...one.network, httpOutcalls: 'mocked' })
    const id = net.install(wasm)
    const host = 'https://a.io/'
    const limit = one.input('max_response_bytes')
    const arg = encodeManagement('http_request', {
      url: host + '?'.repeat(Number(one.input('request_bytes')) - host.length),
      method: { get: null },
      headers: [],
      body: [],
      // The longest there is holds where none is named.
      max_response_bytes: limit === 2_000_000n ? [] : [limit],
      transform: [],
      is_replicated: [],
      pricing_version: [],
    })
    const onReply = program().amount('msg_cycles_refunded128').replyTop()
    const asked = net.send(id, program().call(managementCanisterId, 'http_request', arg, { cycles: attached, onReply }).op('drop'))
    net.tick()
    net.replica.answerHttpOutcall(0n, { status: 204, headers: [], body: new Uint8Array(0) })
    expect(attached - numberOf(expectReply(net.await(asked)).bytes)).toBe(one.expected('fee'))
    expect(net.canister(id).consumedCycles.http_outcalls).toBe(one.expected('fee'))
  })
})

describe('signing', () => {
  const attached = 30_000_000_000n

  /** Asks for a signature. @returns what came back of the attached cycles */
  function refundOfSigning(net: TestNetwork, keyName: string): bigint {
    const id = net.install(wasm)
    const arg = encodeManagement('sign_with_ecdsa', {
      message_hash: new Uint8Array(32),
      derivation_path: [],
      key_id: { curve: { secp256k1: null }, name: keyName },
    })
    const told = program().amount('msg_cycles_refunded128').replyTop()
    const signing = program().call(managementCanisterId, 'sign_with_ecdsa', arg, { cycles: attached, onReply: told, onReject: told })
    return numberOf(expectReply(net.update(id, signing.op('drop'))).bytes)
  }

  test.each(casesOf('threshold'))('%s', (_, one) => {
    // Where the caller lives makes no difference.
    for (const subnetSize of [13, one.network.subnetSize ?? 34]) {
      expect(attached - refundOfSigning(network({ ...one.network, subnetSize }), 'key_1')).toBe(one.expected('fee'))
    }
  })

  test('a test key is on a smaller subnet', () => {
    expect(attached - refundOfSigning(network(), 'test_key_1')).toBe(10_000_000_000n)
  })

  test('an unknown key costs nothing', () => {
    expect(refundOfSigning(network(), 'no such key')).toBe(attached)
  })
})

describe('snapshots', () => {
  test.each(casesOf('snapshot'))('%s', (_, one) => {
    const net = network(one.network)
    const id = net.create()
    // A snapshot holds everything but the history of the creation and the installation.
    const probe = net.install(wasm)
    const history = net.canister(probe).history
    expect(history.changes).toHaveLength(2)
    const historyBytes = usageOf(net, probe) - snapshotSize(net, probe)
    installHolding(net, id, one.input('snapshot_bytes') + historyBytes)
    const before = net.canister(id).consumedCycles.instructions
    expect(snapshotSize(net, id)).toBe(one.input('snapshot_bytes'))
    expect(net.canister(id).consumedCycles.instructions - before).toBe(one.expected('charge'))
  })
})

/** Takes a snapshot. @returns its size */
function snapshotSize(net: TestNetwork, id: Principal): bigint {
  const taken = net.manage(
    'take_canister_snapshot',
    { canister_id: candid(id), replace_snapshot: [], uninstall_code: [], sender_canister_version: [] },
    { effectiveCanisterId: id },
  )
  return (taken as { total_size: bigint }).total_size
}

describe('burning', () => {
  test.each(casesOf('burn'))('%s', (_, one) => {
    const net = network(one.network)
    const id = net.create({ cycles: startCycles, settings: { freezing_threshold: 0n } })
    installHolding(net, id, gib)
    setSettings(net, id, { freezing_threshold: defaultFreezingSeconds })
    if (one.input('amount') === 0n) {
      fund(net, id, one.input('balance'))
      const liquid = asNumber(net, id, program().amount('canister_liquid_cycle_balance128').replyTop())
      expect(liquid).toBe(one.expected('canister_liquid_cycle_balance128'))
      return
    }
    // Inside, the prepayment and the fee for taking the message in are gone.
    fund(net, id, one.input('balance') + 40_005_000_000n + 1_800_000n)
    const burning = net.update(id, program().amount('cycles_burn128', 0n, one.input('amount')).replyTop(), { sizeBytes: 300 })
    expect(numberOf(expectReply(burning).bytes)).toBe(one.expected('burned'))
  })
})
