/** Snapshots of canisters, copied to folders and from them. */
import type { SnapshotOwner } from '../snapshots/managementCalls.ts'
import { badRequest } from '../wire/apiError.ts'
import { toBase64 } from '../wire/base64.ts'
import { bytesOf, fieldsOf, optionalFields, principalOf, textOf } from '../wire/fields.ts'
import type { InstanceRequest, Operations } from './route.ts'

export const snapshotOperations: Operations = {
  'POST update/canister_snapshot_download': async (request) => {
    const snapshotId = bytesOf(request.fields['snapshot_id'], '`snapshot_id`')
    // Loaded when asked for: few clients are, and all wait for the start.
    const { downloadSnapshot } = await import('../snapshots/download.ts')
    await downloadSnapshot(ownerOf(request), snapshotId, folderOf(request))
    return null
  },
  'POST update/canister_snapshot_upload': async (request) => {
    const replaced = optionalFields(request.fields, 'replace_snapshot')
    const replacedId = replaced && bytesOf(replaced['snapshot_id'], '`snapshot_id`')
    const { uploadSnapshot } = await import('../snapshots/upload.ts')
    return { snapshot_id: toBase64(await uploadSnapshot(ownerOf(request), replacedId, folderOf(request))) }
  },
}

function folderOf({ fields }: InstanceRequest): string {
  return textOf(fields['snapshot_dir'], '`snapshot_dir`')
}

/** @throws ApiError 400 when no subnet has the canister */
function ownerOf({ instance, fields }: InstanceRequest): SnapshotOwner {
  const sender = principalOf(fieldsOf(fields['sender'], '`sender`')['principal_id'], '`principal_id`', 'sender principal')
  const canisterId = principalOf(fieldsOf(fields['canister_id'], '`canister_id`')['canister_id'], '`canister_id`')
  if (instance.network.hostOf(canisterId) === undefined) {
    throw badRequest(`CanisterRequestRoutingError("Canister ${canisterId.toText()} does not belong to any subnet.")`)
  }
  return { instance, canisterId, sender }
}
