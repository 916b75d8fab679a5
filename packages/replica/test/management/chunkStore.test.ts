import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '@tidemark/types'
import { expect, test } from 'vitest'
import { bob, candid, gib, Network, type NetworkOptions, trillion, valueOf } from './support/network.ts'

function setUp(options: NetworkOptions = {}, balance = 10n * trillion) {
  const network = new Network(options)
  const canister = network.canister(balance)
  const upload = (chunk: Uint8Array, caller?: typeof bob) =>
    network.call('upload_chunk', { canister_id: candid(canister.id), chunk }, caller)
  const stored = () => valueOf(network.call('stored_chunks', { canister_id: candid(canister.id) })).map(({ hash }) => toHex(hash))
  return { network, canister, upload, stored }
}

test('stores each chunk once, charges for every upload, and lists hashes in their order', () => {
  const { network, canister, upload, stored } = setUp()
  const chunks = [1, 2, 3].map((byte) => new Uint8Array([byte]))
  for (const chunk of [...chunks, ...chunks]) expect(valueOf(upload(chunk)).hash).toEqual(sha256(chunk))
  const hashes = chunks.map((chunk) => toHex(sha256(chunk)))
  expect(stored()).toEqual(hashes.sort())
  expect(canister.consumedCycles.instructions).toBe(6n * 200_000_000n)
  const { memory_metrics } = valueOf(network.call('canister_status', { canister_id: candid(canister.id) }))
  expect(memory_metrics.wasm_chunk_store_size).toBe(3n * 1_048_576n)
  expect(network.ledgerGap()).toBe(0n)
})
test('the canister itself may use its store', () => {
  const { network, canister } = setUp()
  canister.settings = { ...canister.settings, controllers: [] }
  valueOf(network.callFrom(canister, 'upload_chunk', { canister_id: candid(canister.id), chunk: new Uint8Array(1) }))
  valueOf(network.callFrom(canister, 'clear_chunk_store', { canister_id: candid(canister.id) }))
  expect(canister.chunkStore.size).toBe(0)
})
test.each(['clear_chunk_store', 'stored_chunks'] as const)('%s is not for strangers', (method) => {
  const { network, canister } = setUp()
  expect(network.call(method, { canister_id: candid(canister.id) }, bob)).toMatchObject({ code: 'IC0512' })
})

const tooLarge = new Uint8Array(1_048_577)
const small = new Uint8Array(1)
const refusals: [what: string, run: () => ReturnType<typeof attempt>, expected: object][] = [
  ['a stranger', () => attempt(setUp(), tooLarge, bob), { code: 'IC0512' }],
  [
    'a chunk that is too large',
    () => attempt(setUp(), tooLarge),
    { code: 'IC0504', text: 'Error from Wasm chunk store: Wasm chunk size 1048577 exceeds the maximum chunk size of 1048576.' },
  ],
  [
    'a full store',
    () => {
      const set = setUp()
      for (let i = 0; i < 100; i++) set.canister.chunkStore.set(String(i), small)
      return attempt(set, small)
    },
    {
      code: 'IC0504',
      text: expect.stringMatching(
        /^Error from Wasm chunk store: Wasm chunk store has already reached maximum capacity of 104857600 bytes or the maximum number of entries, 100\.$/,
      ),
    },
  ],
  [
    'a full subnet',
    () => attempt(setUp({ capacityBytes: 10n * gib + 1_000_000n }), small),
    { code: 'IC0101', text: 'Canister requested 1024.00 KiB of memory but only 976.56 KiB are available in the subnet.' },
  ],
  [
    'cycles short for the memory',
    () => attempt(setUp({}, 1_000_000_000n), small),
    {
      code: 'IC0532',
      text: expect.stringMatching(
        /^Canister cannot grow memory by 1048576 bytes due to insufficient cycles\. At least [\d_]+ additional cycles are required\.$/,
      ),
    },
  ],
  [
    'cycles short for the instructions',
    () => {
      const set = setUp({}, 199_999_999n)
      set.canister.settings = { ...set.canister.settings, freezingThreshold: 0n }
      return attempt(set, small)
    },
    {
      code: 'IC0504',
      text: expect.stringMatching(
        /^Error from Wasm chunk store: Error charging for 'upload_chunk': Canister \S+ is out of cycles: please top up the canister with at least 1 additional cycles\.$/,
      ),
    },
  ],
  [
    'a reserve that is limited',
    () => {
      const set = setUp({ takenBytes: 2_000n * gib })
      set.canister.settings = { ...set.canister.settings, reservedCyclesLimit: 1n }
      return attempt(set, small)
    },
    {
      code: 'IC0534',
      text: expect.stringMatching(
        /^Canister cannot grow memory by 1048576 bytes due to its reserved cycles limit\. The current limit \(1\) would be exceeded by [\d_]+\.$/,
      ),
    },
  ],
]
test.each(refusals)('refused, and nothing is stored: %s', (_, run, expected) => {
  const { network, canister, stored, outcome } = run()
  expect(outcome).toMatchObject(expected)
  expect([...canister.chunkStore.keys()]).toEqual(stored)
  expect(network.ledgerGap()).toBe(0n)
})
test('what is refused after it was charged for stays charged for', () => {
  const costs = (set: ReturnType<typeof setUp>, chunk: Uint8Array, caller?: typeof bob) => {
    expect(set.upload(chunk, caller)).toHaveProperty('code')
    return set.canister.consumedCycles.instructions
  }
  expect(costs(setUp(), tooLarge)).toBe(200_000_000n)
  expect(costs(setUp({ capacityBytes: 10n * gib + 1_000_000n }), small)).toBe(200_000_000n)
  expect(costs(setUp(), tooLarge, bob)).toBe(0n)
})

function attempt({ network, canister, upload }: ReturnType<typeof setUp>, chunk: Uint8Array, caller?: typeof bob) {
  const stored = [...canister.chunkStore.keys()]
  return { network, canister, stored, outcome: upload(chunk, caller) }
}
