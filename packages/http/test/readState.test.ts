import { lookupSubtree, requestIdOf, text, verifyCertificate } from '@tidemark/certification'
import { Principal, toHex } from '@tidemark/types'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contentOf, fieldsOfAnswer, type RequestParts, send } from './support/envelopes.ts'
import { greeter, greeterId, startNetwork, type TestNetwork } from './support/network.ts'
import { ed25519Signer } from './support/signers.ts'

const user = ed25519Signer()
const controller = ed25519Signer('controller')
const stranger = ed25519Signer('stranger')
const other = Principal.canister(8n)

let network: TestNetwork
let requestId: Uint8Array
beforeAll(async () => {
  network = startNetwork()
  network.replica.canisters.set(greeterId.key, { ...greeter, controllers: [controller.principal] })
  const call: RequestParts = { signer: user, content: { ingress_expiry: network.replica.timeNanos() + 60_000_000_000n } }
  requestId = requestIdOf(contentOf(network, call))
  const { status } = await send(network, call)
  if (status !== 200) throw new Error(`the call that is read about was refused with ${status}`)
})
afterAll(() => network.stop())

/** Words of a path; those in angle brackets stand for ids. */
function pathOf(words: string): Uint8Array[] {
  const ids: Record<string, Uint8Array> = {
    '<subnet>': network.replica.subnetId.bytes,
    '<node>': network.replica.nodeId.bytes,
    '<canister>': greeterId.bytes,
    '<other>': other.bytes,
    '<request>': requestId,
    '<unknown>': new Uint8Array(32),
    '<empty>': new Uint8Array(0),
    '<bom>time': Uint8Array.of(0xef, 0xbb, 0xbf, ...text('time')),
    '<bytes>': Uint8Array.of(0xff),
  }
  return words === '' ? [] : words.split('/').map((word) => ids[word] ?? text(word))
}

type Endpoint = 'canister v2' | 'canister v3' | 'subnet v2' | 'subnet v3'
const everywhere: Endpoint[] = ['canister v2', 'canister v3', 'subnet v2', 'subnet v3']

function read(endpoint: Endpoint, paths: string[], signer = user): Promise<Response> {
  const [scope, version] = endpoint.split(' ')
  const id = scope === 'canister' ? greeterId : network.replica.subnetId
  return send(
    network,
    { type: 'read_state', signer, content: { paths: paths.map(pathOf) } },
    `/api/${version}/${scope}/${id.toText()}/read_state`,
  )
}

// Status on the canister endpoints, then on the subnet endpoints, or on the older and the newer of them; 200 where the path may be read.
const table: [path: string, canister: number, subnet: number | [older: number, newer: number]][] = [
  ['time', 200, 200],
  ['time/more', 404, 404],
  ['<bom>time', 404, 404],
  ['', 404, 404],
  ['<empty>', 404, 404],
  ['nonsense', 404, 404],
  ['api_boundary_nodes', 200, 200],
  ['api_boundary_nodes/<node>/domain', 200, 200],
  ['api_boundary_nodes/<node>/other', 404, 404],
  ['subnet', 200, 200],
  ['subnet/<subnet>', 200, 200],
  ['subnet/<subnet>/public_key', 200, 200],
  ['subnet/<subnet>/type', 200, 200],
  ['subnet/<subnet>/canister_ranges', 200, 200],
  ['subnet/<subnet>/node', 200, 200],
  ['subnet/<subnet>/node/<node>', 200, 200],
  ['subnet/<subnet>/node/<node>/public_key', 200, 200],
  ['subnet/<subnet>/node/<node>/private_key', 404, 404],
  ['subnet/<subnet>/metrics', 404, 200],
  ['subnet/<other>/metrics', 404, 400],
  ['subnet/<subnet>/nonsense', 404, 404],
  ['canister_ranges/<subnet>', 404, 200],
  ['canister_ranges', 404, 404],
  ['request_status/<unknown>', 200, [404, 200]],
  ['request_status/<unknown>/status', 200, [404, 200]],
  ['request_status/<request>', 200, [404, 403]],
  ['request_status/<request>/reply', 200, [404, 403]],
  ['request_status/<request>/nonsense', 404, 404],
  ['request_status/short', 400, [404, 400]],
  ['request_status', 404, 404],
  ['canister/<canister>/module_hash', 200, 404],
  ['canister/<canister>/controllers', 200, 404],
  ['canister/<canister>/canister_creation_timestamp', 200, 404],
  ['canister/<canister>/last_install_timestamp', 200, 404],
  ['canister/<canister>/metadata/candid:service', 200, 404],
  ['canister/<canister>/metadata/none', 200, 404],
  ['canister/<canister>/metadata/secret', 403, 404],
  ['canister/<canister>/metadata/<bytes>', 400, 404],
  ['canister/<canister>/metadata', 404, 404],
  ['canister/<canister>/certified_data', 404, 404],
  ['canister/<canister>', 404, 404],
  ['canister', 404, 404],
  ['canister/<other>/module_hash', 400, 404],
  [Array.from({ length: 100 }, () => 'x').join('/'), 404, 404],
  [Array.from({ length: 128 }, () => 'x').join('/'), 400, 400],
]

describe.each(everywhere)('the %s endpoint', (endpoint) => {
  test.each(table)('answers for /%s', async (path, canister, subnet) => {
    const response = await read(endpoint, [path])
    const [older, newer] = typeof subnet === 'number' ? [subnet, subnet] : subnet
    const expected = { 'canister v2': canister, 'canister v3': canister, 'subnet v2': older, 'subnet v3': newer }[endpoint]
    expect(response.status, await response.clone().text()).toBe(expected)
  })

  test('always reveals the time', async () => {
    const { certificate } = await fieldsOfAnswer(await read(endpoint, []))
    const { timeNanos } = verifyCertificate({ certificate: certificate as Uint8Array, rootKey: network.replica.rootKey })
    expect(timeNanos).toBe(network.replica.timeNanos())
  })

  test('proves what is absent', async () => {
    const { certificate } = await fieldsOfAnswer(await read(endpoint, ['subnet/<other>/public_key']))
    const { tree } = verifyCertificate({ certificate: certificate as Uint8Array, rootKey: network.replica.rootKey })
    expect(lookupSubtree(pathOf('subnet/<other>/public_key'), tree).status).toBe('absent')
  })
})

test.each([
  ['canister v2', 'list'],
  ['canister v3', 'parts'],
  ['subnet v2', 'list'],
  ['subnet v3', 'none'],
] as const)('the %s endpoint shows canister ids in the form: %s', async (endpoint, form) => {
  await read(endpoint, ['time'])
  expect(network.replica.ranges.at(-1)).toBe(form)
})

describe('ranges of another subnet', () => {
  test('are read on the old endpoints only', async () => {
    expect((await read('canister v2', ['subnet/<other>/canister_ranges'])).status).toBe(200)
    expect((await read('canister v3', ['subnet/<other>/canister_ranges'])).status).toBe(404)
  })

  test('come one subnet at a time', async () => {
    const response = await read('subnet v3', ['canister_ranges/<subnet>', 'canister_ranges/<other>'])
    expect([response.status, await response.text()]).toEqual([400, expect.stringMatching('More than one subnet')])
  })
})

describe('the status of a request', () => {
  test('is for its sender only', async () => {
    const response = await read('canister v3', ['request_status/<request>'], stranger)
    expect([response.status, await response.text()]).toEqual([403, 'The user tries to access Request ID not signed by the caller.'])
  })

  test('is read one request at a time', async () => {
    expect((await read('canister v3', ['request_status/<request>', 'request_status/<request>/reply'])).status).toBe(200)
    const response = await read('canister v3', ['request_status/<request>', 'request_status/<unknown>'])
    const hex = (words: string) => `0x${toHex(pathOf(words)[0] as Uint8Array)}`
    expect([response.status, await response.text()]).toEqual([
      400,
      `More than one non-unique request ID exists in request_status paths: ${hex('<request>')} and ${hex('<unknown>')}.`,
    ])
  })
})

test('a private section is for controllers', async () => {
  expect((await read('canister v3', ['canister/<canister>/metadata/secret'], controller)).status).toBe(200)
  const response = await read('canister v3', ['canister/<canister>/metadata/secret'], stranger)
  expect(await response.text()).toBe('Custom section secret can only be requested by the controllers of the canister.')
})

test('one forbidden path spoils the whole request', async () => {
  expect((await read('canister v3', ['time', 'canister/<canister>/certified_data'])).status).toBe(404)
})

test('a thousand paths are taken, one more is not', async () => {
  const paths = (count: number): string[] => Array.from({ length: count }, () => 'time')
  expect((await read('canister v3', paths(1_000))).status).toBe(200)
  const response = await read('canister v3', paths(1_001))
  expect([response.status, await response.text()]).toEqual([
    400,
    'Too many paths in read state request: got 1001 paths, but at most 1000 are allowed.',
  ])
})
