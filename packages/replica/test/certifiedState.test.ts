/** What certificates of the replica reveal, checked as a client checks them. */
import { type LookupResult, lookup, text, verifyCertificate } from '@tidemark/certification'
import { decode } from 'cborg'
import { describe, expect, test } from 'vitest'
import { memoryUsage } from '@tidemark/state'
import type { Principal, StatePath } from '@tidemark/types'
import { type TestNetwork, expectReply, numberOf, later, network, program, universalCanister } from '../../../tests/support/index.ts'

const wasm = universalCanister()
const certify = (value: string) => program().sys('certified_data_set', value)

function read(net: TestNetwork, path: StatePath): LookupResult {
  const { tree } = verifyCertificate({ certificate: net.replica.certificate([path]), rootKey: net.replica.rootKey })
  return lookup(path, tree)
}

const valueOf = (result: LookupResult) => (result.status === 'found' ? new TextDecoder().decode(result.value) : result.status)
const ofCanister = (id: Principal, ...labels: string[]) => [text('canister'), id.bytes, ...labels.map(text)]
const ofRequest = (id: Uint8Array, label: string) => [text('request_status'), id, text(label)]

describe('a certificate', () => {
  test('has the time of the last round', () => {
    const net = network()
    net.tick(3)
    const { timeNanos } = verifyCertificate({ certificate: net.replica.certificate([]), rootKey: net.replica.rootKey })
    expect(timeNanos).toBe(net.replica.timeNanos())
  })

  test('follows a call from received to its answer', () => {
    const net = network()
    const id = net.install(wasm)
    const sent = net.send(id, later(1, program().reply('answer')))
    expect(valueOf(read(net, ofRequest(sent, 'status')))).toBe('received')
    net.tick()
    expect(valueOf(read(net, ofRequest(sent, 'status')))).toBe('processing')
    net.tick()
    expect(valueOf(read(net, ofRequest(sent, 'status')))).toBe('replied')
    expect(valueOf(read(net, ofRequest(sent, 'reply')))).toBe('answer')
    expect(read(net, ofRequest(sent, 'reject_code')).status).toBe('absent')
    net.advance(1000)
    expect(read(net, ofRequest(sent, 'status')).status).toBe('absent')
  })

  test('tells code, error code and text of a reject', () => {
    const net = network()
    const id = net.install(wasm)
    const sent = net.send(id, program().trap('no'))
    net.tick()
    const code = read(net, ofRequest(sent, 'reject_code'))
    expect(code.status === 'found' ? numberOf(code.value) : undefined).toBe(5n)
    expect(valueOf(read(net, ofRequest(sent, 'error_code')))).toBe('IC0503')
    expect(valueOf(read(net, ofRequest(sent, 'reject_message')))).toContain("'no'")
  })

  test('has what the subnet did and holds', () => {
    const net = network()
    const id = net.install(wasm)
    net.tick(20)
    const path = [text('subnet'), net.replica.subnetId.bytes, text('metrics')]
    const metrics = () => {
      const found = read(net, path)
      return found.status === 'found' ? (decode(found.value, { useMaps: true }) as Map<number, unknown>) : new Map<number, unknown>()
    }
    const before = metrics()
    const { burned } = net.replica.cyclesLedger()
    expect(before.get(0)).toBe(1)
    expect(before.get(1)).toBe(Number(memoryUsage(net.canister(id))))
    expect(before.get(2)).toEqual(
      new Map([
        [0, Number(burned)],
        [1, 0],
      ]),
    )
    expectReply(net.update(id, program().reply()))
    expect(metrics().get(3)).toBe((before.get(3) as number) + 1)
  })

  test('shows the certified data that was kept', () => {
    const net = network()
    const id = net.install(wasm)
    expectReply(net.update(id, certify('first').reply()))
    net.update(id, certify('second').trap('no'))
    expect(valueOf(read(net, ofCanister(id, 'certified_data')))).toBe('first')
  })

  test('shows a module when there is one, and nothing of a canister that is gone', () => {
    const net = network()
    const id = net.create()
    expect(read(net, ofCanister(id, 'module_hash')).status).toBe('absent')
    expect(read(net, ofCanister(id, 'controllers')).status).toBe('found')
    expectReply(net.installInto(id, wasm))
    expect(read(net, ofCanister(id, 'module_hash'))).toMatchObject({ status: 'found', value: net.canister(id).execution?.module.hash })
    expectReply(net.lifecycle('stop_canister', id))
    expectReply(net.lifecycle('delete_canister', id))
    expect(read(net, ofCanister(id, 'controllers')).status).toBe('absent')
  })

  test('shows keys and type of the subnet', () => {
    const net = network()
    const { subnetId, nodeId, rootKey } = net.replica
    expect(read(net, [text('subnet'), subnetId.bytes, text('public_key')])).toMatchObject({ status: 'found', value: rootKey })
    expect(valueOf(read(net, [text('subnet'), subnetId.bytes, text('type')]))).toBe('application')
    expect(read(net, [text('subnet'), subnetId.bytes, text('node'), nodeId.bytes, text('public_key')]).status).toBe('found')
  })
})

describe('the certificate that a query gets', () => {
  test('is over its own certified data, at this time', () => {
    const net = network()
    const [id, other] = [net.install(wasm), net.install(wasm)]
    expectReply(net.update(id, certify('data').reply()))
    const { bytes } = expectReply(net.query(id, program().read('data_certificate').replyTop()))
    const { tree } = verifyCertificate({ certificate: bytes, rootKey: net.replica.rootKey, scope: { canisterId: id } })
    expect(valueOf(lookup(ofCanister(id, 'certified_data'), tree))).toBe('data')
    expect(lookup(ofCanister(other, 'certified_data'), tree).status).toBe('unknown')
  })
})
