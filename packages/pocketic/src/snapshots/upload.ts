/** Makes a snapshot of a canister from a folder. */
import { open, readFile } from 'node:fs/promises'
import { type Blob, blobPath, blobs, chunkPath, metadataPath, slicesOf, within } from './folder.ts'
import { callManagement, type SnapshotOwner } from './managementCalls.ts'
import { parseMetadata } from './metadataFile.ts'
import { snapshotError, withFiles } from './snapshotError.ts'

/**
 * What was uploaded before something failed stays with the canister, as on the original.
 *
 * @param replaced - id of the snapshot that goes, if one does
 * @returns the id of the new snapshot
 * @throws ApiError 400 when the sender does not control the canister, or a file is missing or says something else
 */
export async function uploadSnapshot(owner: SnapshotOwner, replaced: Uint8Array | undefined, folder: string): Promise<Uint8Array> {
  const text = await withFiles('Could not read metadata file', () => readFile(metadataPath(folder), 'utf8'))
  const { snapshot, chunkHashes } = parseMetadata(text)
  const replacedId: [] | [Uint8Array] = replaced === undefined ? [] : [replaced]
  const made = await callManagement(owner, 'upload_canister_snapshot_metadata', { ...snapshot, replace_snapshot: replacedId })
  const snapshotId = made.snapshot_id
  for (const blob of blobs) {
    const size = snapshot[blob.size]
    if (size > 0n || !blob.isOptional) await uploadBlob(owner, snapshotId, folder, blob, size)
  }
  for (const hash of chunkHashes) {
    const chunk = await withFiles('Could not read WASM chunk', () => readFile(chunkPath(folder, hash)))
    await callManagement(owner, 'upload_canister_snapshot_data', { snapshot_id: snapshotId, kind: { wasm_chunk: null }, chunk })
  }
  return snapshotId
}

async function uploadBlob(owner: SnapshotOwner, snapshotId: Uint8Array, folder: string, blob: Blob, size: bigint): Promise<void> {
  const file = await withFiles(`Could not open ${blob.title} file`, () => open(blobPath(folder, blob), 'r'))
  try {
    for (const { offset, length } of slicesOf(size)) {
      const what = `Could not read ${blob.title} file`
      const { bytesRead, buffer } = await withFiles(what, () => file.read(new Uint8Array(length), 0, length, Number(offset)))
      if (bytesRead < length) throw snapshotError(`${what}: failed to fill whole buffer`)
      await callManagement(owner, 'upload_canister_snapshot_data', {
        snapshot_id: snapshotId,
        kind: within(blob, { offset }),
        chunk: buffer,
      })
    }
  } finally {
    await file.close()
  }
}
