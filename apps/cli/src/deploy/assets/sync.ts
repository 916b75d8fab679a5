/** Brings the files of an asset canister up to date, through its standard interface. */
import { Actor, type HttpAgent } from '@dfinity/agent'
import type { Principal } from '@dfinity/principal'
import { assets as assetsBinding, type AssetsService, type assetsTypes } from '@tidemark/bindings'
import { planSync, type RemoteAsset, type Upload } from './plan.ts'
import type { LocalAsset } from './scan.ts'

const chunkBytes = 1_900_000
const operationsPerCommit = 500

export interface SyncReport {
  readonly uploaded: number
  readonly operations: number
}

/** The methods of an asset canister that files are uploaded with. */
export type AssetCanister = Pick<AssetsService, 'list' | 'get_asset_properties' | 'create_batch' | 'create_chunks' | 'commit_batch'>

/** An asset canister that is called through an agent. */
export function assetCanister(agent: HttpAgent, canisterId: Principal): AssetCanister {
  return Actor.createActor<AssetsService>(assetsBinding.idlFactory, { agent, canisterId })
}

/** Uploads what differs, deletes what is gone. Only the last commit ends the batch, so an interrupted sync can be repeated. */
export async function syncAssets(canister: AssetCanister, local: readonly LocalAsset[]): Promise<SyncReport> {
  const plan = planSync(local, await readRemote(canister))
  if (plan.before.length + plan.uploads.length + plan.after.length === 0) return { uploaded: 0, operations: 0 }
  const { batch_id: batchId } = await canister.create_batch({})
  const contents = await upload(canister, batchId, plan.uploads)
  const operations = [...plan.before, ...contents, ...plan.after]
  let at = 0
  for (; operations.length - at > operationsPerCommit; at += operationsPerCommit) {
    await canister.commit_batch({ batch_id: 0n, operations: operations.slice(at, at + operationsPerCommit) })
  }
  await canister.commit_batch({ batch_id: batchId, operations: operations.slice(at) })
  return { uploaded: plan.uploads.length, operations: operations.length }
}

/** Asset canisters list a page at a time, as large as they like; those that know of no pages list everything each time. */
async function readRemote(canister: AssetCanister): Promise<RemoteAsset[]> {
  const known = new Map<string, assetsTypes.AssetDetails>()
  for (let before = -1; known.size > before;) {
    before = known.size
    for (const details of await canister.list({ start: [BigInt(before)], length: [] })) known.set(details.key, details)
  }
  return Promise.all(
    Array.from(known.values(), async (details) => ({ details, properties: await canister.get_asset_properties(details.key) })),
  )
}

/** Small contents travel together in one message; a large one is cut into several. */
async function upload(canister: AssetCanister, batchId: bigint, uploads: readonly Upload[]): Promise<assetsTypes.BatchOperationKind[]> {
  const pieces = uploads.flatMap(({ encoding }, owner) =>
    Array.from({ length: Math.max(1, Math.ceil(encoding.content.length / chunkBytes)) }, (_, index) => ({
      owner,
      content: encoding.content.subarray(index * chunkBytes, (index + 1) * chunkBytes),
    })),
  )
  const chunkIds = uploads.map((): bigint[] => [])
  for (let at = 0; at < pieces.length;) {
    let bytes = 0
    const group = []
    for (
      let piece = pieces[at];
      piece !== undefined && (group.length === 0 || bytes + piece.content.length <= chunkBytes);
      piece = pieces[at]
    ) {
      group.push(piece)
      bytes += piece.content.length
      at++
    }
    const { chunk_ids: ids } = await canister.create_chunks({ batch_id: batchId, content: group.map((piece) => piece.content) })
    for (const [index, piece] of group.entries()) chunkIds[piece.owner]?.push(ids[index] ?? 0n)
  }
  return uploads.map(({ key, encoding }, owner) => ({
    SetAssetContent: {
      key,
      content_encoding: encoding.name,
      chunk_ids: chunkIds[owner] ?? [],
      last_chunk: [],
      sha256: [encoding.sha256],
    },
  }))
}
