/** What a snapshot's `metadata.json` keeps: every value that an upload can bring back. */
import type { managementTypes } from '@tidemark/bindings'
import { expect, test } from 'vitest'
import { parseMetadata, printMetadata } from '../src/snapshots/metadataFile.ts'

const plain: managementTypes.SnapshotMetadata = {
  source: { metadata_upload: null },
  taken_at_timestamp: 1_620_328_630_000_000_001n,
  wasm_module_size: 8n,
  globals: [],
  wasm_memory_size: 65_536n,
  stable_memory_size: 0n,
  wasm_chunk_store: [],
  canister_version: 3n,
  certified_data: new Uint8Array(0),
  global_timer: [],
  on_low_wasm_memory_hook_status: [],
}

test.each<[string, Partial<managementTypes.SnapshotMetadata>]>([
  ['nothing that may be missing', {}],
  ['sizes beyond 53 bits', { wasm_memory_size: 2n ** 64n - 1n, stable_memory_size: 2n ** 53n + 1n }],
  ['certified data', { certified_data: Uint8Array.from({ length: 32 }, (_, at) => at * 8) }],
  ['a timer that is off', { global_timer: [{ inactive: null }] }],
  ['a timer', { global_timer: [{ active: 2n ** 64n - 1n }] }],
  ['a hook that waits', { on_low_wasm_memory_hook_status: [{ condition_not_satisfied: null }] }],
  ['a hook that is ready', { on_low_wasm_memory_hook_status: [{ ready: null }] }],
  ['a hook that ran', { on_low_wasm_memory_hook_status: [{ executed: null }] }],
  [
    'whole globals',
    { globals: [{ i32: -(2 ** 31) }, { i32: 2 ** 31 - 1 }, { i64: -(2n ** 63n) }, { i64: 5n }, { v128: 2n ** 128n - 1n }] },
  ],
  ['floating-point globals', { globals: [{ f32: 0.5 }, { f32: -0 }, { f64: 1e300 }, { f64: 5e-324 }, { f64: 2 ** 60 }, { f64: -1.5 }] }],
])('%s comes back', (_case, part) => {
  const { source: _s, taken_at_timestamp: _t, canister_version: _v, wasm_chunk_store: _c, ...snapshot } = { ...plain, ...part }
  expect(parseMetadata(printMetadata({ ...plain, ...part })).snapshot).toEqual(snapshot)
})

test('the hashes of chunks come back', () => {
  const hashes = [1, 2].map((byte) => new Uint8Array(32).fill(byte))
  const text = printMetadata({ ...plain, wasm_chunk_store: hashes.map((hash) => ({ hash })) })
  expect(parseMetadata(text).chunkHashes).toEqual(hashes)
})

test.each<[string, JsonPart, string]>([
  ['a global that is no number of its type', { globals: [{ i32: 2 ** 31 }] }, '`i32` must be a whole number of 32 bits'],
  ['a global that JSON has no form for', { globals: [{ f64: null }] }, 'A floating-point global must be a number'],
  ['a global of no type', { globals: [{}] }, 'A global must be of a type that modules have'],
  ['a global of two types', { globals: [{ i32: 1, i64: 1 }] }, 'A global must have one type'],
  ['a global that was not understood', { globals: [null] }, 'invalid type: null, expected a JSON object'],
  ['a negative size', { wasm_module_size: -1 }, 'wasm_module_size: invalid value: integer `-1`, expected u64'],
  [
    'a status that hooks do not have',
    { on_low_wasm_memory_hook_status: 'idle' },
    '`on_low_wasm_memory_hook_status` must be one of condition_not_satisfied, ready, executed',
  ],
])('%s is refused', (_case, part, reason) => {
  const text = JSON.stringify({ ...(JSON.parse(printMetadata(plain)) as object), ...part })
  expect(() => parseMetadata(text)).toThrow(`CanisterSnapshotError("Could not parse metadata file: ${reason}")`)
})

type JsonPart = Readonly<Record<string, unknown>>
