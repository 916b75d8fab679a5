/** `metadata.json` of a snapshot's folder: what the management canister tells of the snapshot, as `dfx` writes it too. */
import type { managementTypes } from '@tidemark/bindings'
import { MalformedError, malformed } from '../wire/apiError.ts'
import { bytesOf, type Fields, fieldsOf, isAbsent, listOf, naturalOf } from '../wire/fields.ts'
import { type JsonValue, parseJson, printJson } from '../wire/json.ts'
import { globalOf, globalJson } from './globals.ts'
import { snapshotError } from './snapshotError.ts'

/** What an upload starts with, and the chunks that follow. */
export interface UploadedMetadata {
  readonly snapshot: Omit<managementTypes.UploadSnapshotMetadataArgs, 'canister_id' | 'replace_snapshot'>
  readonly chunkHashes: readonly Uint8Array[]
}

const hookStatuses = ['condition_not_satisfied', 'ready', 'executed'] as const

export function printMetadata(metadata: managementTypes.SnapshotMetadata): string {
  const { certified_data: certifiedData, global_timer: timer, on_low_wasm_memory_hook_status: hook } = metadata
  const written: JsonValue = {
    source: 'taken_from_canister' in metadata.source ? { taken_from_canister: null } : { metadata_upload: null },
    taken_at_timestamp: metadata.taken_at_timestamp,
    wasm_module_size: metadata.wasm_module_size,
    globals: metadata.globals.map(globalJson),
    wasm_memory_size: metadata.wasm_memory_size,
    stable_memory_size: metadata.stable_memory_size,
    wasm_chunk_store: metadata.wasm_chunk_store.map(({ hash }) => ({ hash: [...hash] })),
    canister_version: metadata.canister_version,
    certified_data: [...certifiedData],
    global_timer: timer[0] === undefined ? null : 'active' in timer[0] ? { active: timer[0].active } : 'inactive',
    on_low_wasm_memory_hook_status: hook[0] === undefined ? null : (Object.keys(hook[0])[0] ?? null),
  }
  return printJson(written, 2)
}

/** @throws ApiError 400 that names what is wrong */
export function parseMetadata(text: string): UploadedMetadata {
  try {
    return metadataOf(fieldsOf(parseJson(text), 'the metadata'))
  } catch (error) {
    const reason = error instanceof MalformedError ? error.reason : error instanceof SyntaxError ? error.message : undefined
    if (reason !== undefined) throw snapshotError(`Could not parse metadata file: ${reason}`)
    throw error
  }
}

function metadataOf(fields: Fields): UploadedMetadata {
  const size = (name: string) => naturalOf(fields[name], 64, `\`${name}\``)
  const snapshot = {
    wasm_module_size: size('wasm_module_size'),
    globals: listOf(fields['globals'], '`globals`').map(globalOf),
    wasm_memory_size: size('wasm_memory_size'),
    stable_memory_size: size('stable_memory_size'),
    certified_data: bytesOf(fields['certified_data'], '`certified_data`'),
    global_timer: timerOf(fields['global_timer']),
    on_low_wasm_memory_hook_status: hookStatusOf(fields['on_low_wasm_memory_hook_status']),
  }
  const chunks = listOf(fields['wasm_chunk_store'], '`wasm_chunk_store`')
  return { snapshot, chunkHashes: chunks.map((chunk) => bytesOf(fieldsOf(chunk, 'A chunk')['hash'], '`hash`')) }
}

function timerOf(value: unknown): managementTypes.UploadSnapshotMetadataArgs['global_timer'] {
  if (isAbsent(value)) return []
  if (value === 'inactive') return [{ inactive: null }]
  return [{ active: naturalOf(fieldsOf(value, '`global_timer`')['active'], 64, '`active`') }]
}

function hookStatusOf(value: unknown): managementTypes.UploadSnapshotMetadataArgs['on_low_wasm_memory_hook_status'] {
  if (isAbsent(value)) return []
  const status = hookStatuses.find((known) => known === value)
  switch (status) {
    case 'condition_not_satisfied':
      return [{ condition_not_satisfied: null }]
    case 'ready':
      return [{ ready: null }]
    case 'executed':
      return [{ executed: null }]
    case undefined:
      throw malformed(`\`on_low_wasm_memory_hook_status\` must be one of ${hookStatuses.join(', ')}`)
  }
}
