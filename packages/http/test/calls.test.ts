import { decodePublicKeyDer, hashOfMap, lookup, requestIdOf, separator, text, verifyCertificate } from '@tidemark/certification'
import { ed25519 } from '@noble/curves/ed25519.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { managementCanisterId } from '@tidemark/types'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contentOf, envelopeOf, fieldsOfAnswer, post, type RequestParts, send } from './support/envelopes.ts'
import { greeterId, startNetwork, type TestNetwork } from './support/network.ts'
import { ed25519Signer } from './support/signers.ts'

let network: TestNetwork
beforeEach(() => {
  network = startNetwork()
})
afterEach(() => network.stop())

const user = ed25519Signer()

/** The status that a certificate shows of a request. */
function certifiedStatus(certificate: unknown, requestId: Uint8Array, of = network): string {
  const { tree } = verifyCertificate({
    certificate: certificate as Uint8Array,
    rootKey: of.replica.rootKey,
    scope: { canisterId: greeterId },
  })
  const found = lookup([text('request_status'), requestId, text('status')], tree)
  return found.status === 'found' ? new TextDecoder().decode(found.value) : found.status
}

describe('a synchronous call', () => {
  test.each(['v3 call', 'v4 call'])('is answered with a certificate of its outcome (%s)', async (endpoint) => {
    const parts: RequestParts = { signer: user, content: { nonce: text(endpoint) } }
    const requestId = requestIdOf(contentOf(network, parts))
    const response = await send(network, parts, endpoint)
    expect(response.headers.get('content-type')).toBe('application/cbor')
    const { status, certificate } = await fieldsOfAnswer(response)
    expect(status).toBe('replied')
    expect(certifiedStatus(certificate, requestId)).toBe('replied')
  })

  test.each([
    ['v3 call', 'list'],
    ['v4 call', 'parts'],
  ])('shows canister ids in the form of its version (%s: %s)', async (endpoint, form) => {
    await send(network, { signer: user }, endpoint)
    expect(network.replica.ranges).toEqual([form])
  })

  test('says "replied" of a call that was rejected in execution; the certificate says how it ended', async () => {
    const parts: RequestParts = { content: { method_name: 'refuse' } }
    const requestId = requestIdOf(contentOf(network, parts))
    const { status, certificate } = await fieldsOfAnswer(await send(network, parts))
    expect(status).toBe('replied')
    expect(certifiedStatus(certificate, requestId)).toBe('rejected')
  })

  test('that the ingress filter refuses is answered with the reject', async () => {
    expect(await fieldsOfAnswer(await send(network, { content: { method_name: 'declined' } }))).toEqual({
      status: 'non_replicated_rejection',
      reject_code: 4,
      reject_message: 'Canister rejected the message',
      error_code: 'IC0406',
    })
  })

  test('that takes too long is answered with 202 and a reason', async () => {
    const impatient = startNetwork({ settled: async () => {} })
    const response = await send(impatient, { content: { method_name: 'forever' } })
    expect([response.status, await response.text()]).toEqual([
      202,
      expect.stringMatching('did not complete execution and certification within'),
    ])
    impatient.stop()
  })

  test('sent again while another connection waits for it is answered with 202 and a reason', async () => {
    const waits = Promise.withResolvers<void>()
    const end = Promise.withResolvers<void>()
    const busy = startNetwork({ settled: () => (waits.resolve(), end.promise) })
    // No round comes between the two.
    busy.stop()
    const body = await envelopeOf(busy, { signer: user, content: { method_name: 'forever' } })
    const first = post(busy, 'v3 call', body)
    await waits.promise
    const second = await post(busy, 'v3 call', body)
    expect([second.status, await second.text()]).toEqual([202, 'Duplicate request. Message is already being tracked and executed.'])
    // Once the state knows it, its certificate says how far it got.
    busy.replica.tick(busy.replica.timeNanos() + 1n)
    const { status, certificate } = await fieldsOfAnswer(await post(busy, 'v4 call', body))
    const [requestId = text('')] = busy.replica.admitted.map((message) => message.requestId)
    expect([status, certifiedStatus(certificate, requestId)]).toEqual(['replied', 'processing'])
    end.resolve()
    expect((await first).status).toBe(202)
    expect(busy.replica.admitted).toHaveLength(1)
  })

  test('sent again after its end is answered with the certificate and not executed again', async () => {
    const body = await envelopeOf(network, { signer: user })
    for (const endpoint of ['v3 call', 'v4 call', 'v3 call']) {
      expect(await fieldsOfAnswer(await post(network, endpoint, body))).toMatchObject({ status: 'replied' })
    }
    expect(network.replica.admitted).toHaveLength(1)
  })

  test('is answered with 500 when the network has broken down', async () => {
    const broken = startNetwork({ settled: () => Promise.reject(new Error('disk full')) })
    const response = await send(broken, { signer: user })
    expect([response.status, await response.text()]).toEqual([500, 'Internal error: disk full'])
    broken.stop()
  })
})

describe('an asynchronous call', () => {
  test('is answered with 202 and no body', async () => {
    const response = await send(network, { signer: user }, 'v2 call')
    expect([response.status, await response.text()]).toEqual([202, ''])
    expect(network.replica.admitted).toHaveLength(1)
  })

  test('that the ingress filter refuses is answered with the reject', async () => {
    const response = await send(network, { content: { method_name: 'declined' } }, 'v2 call')
    expect(response.status).toBe(200)
    expect(await fieldsOfAnswer(response)).toEqual({
      reject_code: 4,
      reject_message: 'Canister rejected the message',
      error_code: 'IC0406',
    })
  })
})

test('the replica gets the call with everything that it is judged and charged by', async () => {
  const parts: RequestParts = { signer: user, content: { nonce: text('n') } }
  const content = contentOf(network, parts)
  const body = await envelopeOf(network, { ...parts, content: { ...parts.content, ingress_expiry: content['ingress_expiry'] } })
  await post(network, 'v3 call', body)
  expect(network.replica.admitted).toEqual([
    {
      requestId: requestIdOf(content),
      sender: user.principal,
      canisterId: greeterId,
      effectiveCanisterId: greeterId,
      methodName: 'record',
      arg: content['arg'],
      ingressExpiryNanos: content['ingress_expiry'],
      sizeBytes: body.length,
    },
  ])
})

describe('a subnet', () => {
  const call = (content: Record<string, unknown>, id = network.replica.subnetId): Promise<Response> =>
    send(network, { content: content as never }, `/api/v4/subnet/${id.toText()}/call`)

  test('takes calls that create canisters, and no others', async () => {
    const creation = { canister_id: managementCanisterId.bytes, method_name: 'create_canister' }
    expect((await call(creation)).status).toBe(200)
    expect((await call(creation, greeterId)).status).toBe(400)
    expect((await call({ ...creation, method_name: 'stop_canister' })).status).toBe(400)
    expect((await call({})).status).toBe(400)
  })

  test('takes queries that list canisters, and no others', async () => {
    const query = (content: Record<string, unknown>): Promise<Response> =>
      send(network, { type: 'query', content: content as never }, `/api/v3/subnet/${network.replica.subnetId.toText()}/query`)
    expect((await query({ canister_id: managementCanisterId.bytes, method_name: 'list_canisters' })).status).toBe(200)
    expect((await query({})).status).toBe(400)
  })
})

describe('a query', () => {
  test.each([
    ['greet', 'replied'],
    ['refuse_query', 'rejected'],
  ])('of %s is signed by the node', async (method_name, expected) => {
    const parts: RequestParts = { type: 'query', content: { method_name } }
    const request_id = requestIdOf(contentOf(network, parts))
    const { signatures, ...answer } = await fieldsOfAnswer(await send(network, parts))
    expect(answer['status']).toBe(expected)
    const [{ timestamp, signature, identity }] = (signatures as Map<string, never>[]).map((entry) => Object.fromEntries(entry)) as [
      Record<string, never>,
    ]
    const plain = { ...answer, ...(answer['reply'] instanceof Map && { reply: Object.fromEntries(answer['reply']) }) }
    const hash = hashOfMap({ ...plain, timestamp, request_id })
    expect(identity).toEqual(network.replica.nodeId.bytes)
    const { tree } = verifyCertificate({ certificate: network.replica.certificate([[text('subnet')]]), rootKey: network.replica.rootKey })
    const key = lookup(
      [text('subnet'), network.replica.subnetId.bytes, text('node'), network.replica.nodeId.bytes, text('public_key')],
      tree,
    )
    const { key: nodeKey } = decodePublicKeyDer(key.status === 'found' ? key.value : text(''))
    expect(ed25519.verify(signature as never, concatBytes(separator('ic-response'), hash), nodeKey)).toBe(true)
  })

  test('that is rejected carries code, message and error code', async () => {
    expect(await fieldsOfAnswer(await send(network, { type: 'query', content: { method_name: 'refuse_query' } }))).toMatchObject({
      status: 'rejected',
      reject_code: 4,
      reject_message: 'not today',
      error_code: 'IC0406',
    })
  })
})

describe('the status page', () => {
  test('tells the root key and that the network is well', async () => {
    const response = await network.fetch('http://localhost/api/v2/status')
    expect(response.headers.get('content-type')).toBe('application/cbor')
    expect(await fieldsOfAnswer(response)).toMatchObject({ root_key: network.replica.rootKey, replica_health_status: 'healthy' })
  })

  test('has no body when only its head is asked for', async () => {
    const response = await network.fetch('http://localhost/api/v2/status', { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
  })
})
