/** Copies a snapshot of a canister to a folder. */
import { mkdir, open, readdir, writeFile } from 'node:fs/promises'
import { type Blob, blobPath, blobs, chunkPath, chunksPath, metadataPath, slicesOf, within } from './folder.ts'
import { callManagement, type SnapshotOwner } from './managementCalls.ts'
import { printMetadata } from './metadataFile.ts'
import { folderError, withFiles } from './snapshotError.ts'

/**
 * @param folder - is made if it is not there
 * @throws ApiError 400 when it is not empty, or the sender may not see the snapshot, or a file cannot be written
 */
export async function downloadSnapshot(owner: SnapshotOwner, snapshotId: Uint8Array, folder: string): Promise<void> {
  await makeEmptyFolder(folder)
  const metadata = await callManagement(owner, 'read_canister_snapshot_metadata', { snapshot_id: snapshotId })
  await withFiles('Could not write metadata file', () => writeFile(metadataPath(folder), printMetadata(metadata)))
  for (const blob of blobs) {
    const size = metadata[blob.size]
    if (size > 0n || !blob.isOptional) await downloadBlob(owner, snapshotId, folder, blob, size)
  }
  if (metadata.wasm_chunk_store.length === 0) return
  await withFiles('Could not create WASM chunk store directory', () => mkdir(chunksPath(folder)))
  for (const { hash } of metadata.wasm_chunk_store) {
    const chunk = await read(owner, snapshotId, { wasm_chunk: { hash } })
    await withFiles('Could not write WASM chunk', () => writeFile(chunkPath(folder, hash), chunk))
  }
}

async function makeEmptyFolder(folder: string): Promise<void> {
  await withFiles('Could not create snapshot directory', () => mkdir(folder, { recursive: true }), folderError)
  const entries = await withFiles('Could not read snapshot directory', () => readdir(folder), folderError)
  if (entries.length > 0) throw folderError('Snapshot directory is not empty')
}

async function downloadBlob(owner: SnapshotOwner, snapshotId: Uint8Array, folder: string, blob: Blob, size: bigint): Promise<void> {
  const file = await withFiles(`Could not create ${blob.title} file`, () => open(blobPath(folder, blob), 'a'))
  try {
    for (const { offset, length } of slicesOf(size)) {
      const chunk = await read(owner, snapshotId, within(blob, { offset, size: BigInt(length) }))
      await withFiles(`Could not write ${blob.title} file`, () => file.appendFile(chunk))
    }
  } finally {
    await file.close()
  }
}

type Kind = Parameters<typeof callManagement<'read_canister_snapshot_data'>>[2]['kind']

async function read(owner: SnapshotOwner, snapshotId: Uint8Array, kind: Kind): Promise<Uint8Array> {
  return (await callManagement(owner, 'read_canister_snapshot_data', { snapshot_id: snapshotId, kind })).chunk
}
