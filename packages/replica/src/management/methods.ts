/** Every method of the management canister: who may call it, and the file that holds it. */
import { canisterInfo } from './information/canisterInfo.ts'
import { canisterMetadata } from './information/canisterMetadata.ts'
import { canisterMetrics } from './information/canisterMetrics.ts'
import { canisterStatus } from './information/canisterStatus.ts'
import { fetchCanisterLogs } from './information/fetchCanisterLogs.ts'
import { queryOnly } from './information/queryOnly.ts'
import { rawRand } from './information/rawRand.ts'
import { nodeMetricsHistory, subnetInfo, subnetMetrics } from './information/subnetInfo.ts'
import type { SubnetEnvironment } from '@tidemark/execution'
import type { ManagementCall, ManagementResult } from './call.ts'
import { createCanister } from './lifecycle/createCanister.ts'
import { deleteCanister } from './lifecycle/deleteCanister.ts'
import { depositCycles } from './lifecycle/depositCycles.ts'
import { provisionalCreateCanister } from './lifecycle/provisionalCreateCanister.ts'
import { provisionalTopUpCanister } from './lifecycle/provisionalTopUpCanister.ts'
import { startCanister } from './lifecycle/startCanister.ts'
import { stopCanister } from './lifecycle/stopCanister.ts'
import { uninstallCode } from './lifecycle/uninstallCode.ts'
import { clearChunkStore } from './chunkStore/clearChunkStore.ts'
import { storedChunks } from './chunkStore/storedChunks.ts'
import { uploadChunk } from './chunkStore/uploadChunk.ts'
import { installChunkedCode } from './code/installChunkedCode.ts'
import { installCode } from './code/installCode.ts'
import { isMethodName, type MethodName } from './codec.ts'
import { bitcoin } from './external/bitcoin.ts'
import { flexibleHttpRequest, httpRequest } from './external/httpRequest.ts'
import { ecdsaPublicKey, schnorrPublicKey, vetkdPublicKey } from './external/publicKeys.ts'
import { signWithEcdsa, signWithSchnorr, vetkdDeriveKey } from './external/signing.ts'
import { updateSettings } from './settings/updateSettings.ts'
import { deleteSnapshot } from './snapshots/deleteSnapshot.ts'
import { listSnapshots } from './snapshots/listSnapshots.ts'
import { loadSnapshot } from './snapshots/loadSnapshot.ts'
import { readSnapshotData } from './snapshots/readSnapshotData.ts'
import { readSnapshotMetadata } from './snapshots/readSnapshotMetadata.ts'
import { takeSnapshot } from './snapshots/takeSnapshot.ts'
import { uploadSnapshotData } from './snapshots/uploadSnapshotData.ts'
import { uploadSnapshotMetadata } from './snapshots/uploadSnapshotMetadata.ts'

/** What a user must be to pass the ingress filter, for methods that users may call. */
export type IngressRight = 'controller' | 'manager' | 'status_viewer' | 'snapshot_viewer' | 'provisional' | 'subnet_admin'

export interface Method {
  readonly run: (call: ManagementCall) => ManagementResult
  /** Absent where only canisters may call. */
  readonly ingress?: IngressRight
}

export const methods: { readonly [M in MethodName]: Method } = {
  create_canister: { run: createCanister, ingress: 'subnet_admin' },
  provisional_create_canister_with_cycles: { run: provisionalCreateCanister, ingress: 'provisional' },
  provisional_top_up_canister: { run: provisionalTopUpCanister, ingress: 'provisional' },
  deposit_cycles: { run: depositCycles },
  update_settings: { run: updateSettings, ingress: 'controller' },
  canister_status: { run: canisterStatus, ingress: 'status_viewer' },
  canister_metrics: { run: canisterMetrics, ingress: 'manager' },
  canister_info: { run: canisterInfo },
  canister_metadata: { run: canisterMetadata },
  install_code: { run: installCode, ingress: 'controller' },
  install_chunked_code: { run: installChunkedCode, ingress: 'controller' },
  uninstall_code: { run: uninstallCode, ingress: 'manager' },
  upload_chunk: { run: uploadChunk, ingress: 'controller' },
  clear_chunk_store: { run: clearChunkStore, ingress: 'controller' },
  stored_chunks: { run: storedChunks, ingress: 'controller' },
  start_canister: { run: startCanister, ingress: 'manager' },
  stop_canister: { run: stopCanister, ingress: 'manager' },
  delete_canister: { run: deleteCanister, ingress: 'manager' },
  take_canister_snapshot: { run: takeSnapshot, ingress: 'controller' },
  load_canister_snapshot: { run: loadSnapshot, ingress: 'controller' },
  list_canister_snapshots: { run: listSnapshots, ingress: 'snapshot_viewer' },
  delete_canister_snapshot: { run: deleteSnapshot, ingress: 'controller' },
  read_canister_snapshot_metadata: { run: readSnapshotMetadata, ingress: 'snapshot_viewer' },
  read_canister_snapshot_data: { run: readSnapshotData, ingress: 'snapshot_viewer' },
  upload_canister_snapshot_metadata: { run: uploadSnapshotMetadata, ingress: 'controller' },
  upload_canister_snapshot_data: { run: uploadSnapshotData, ingress: 'controller' },
  fetch_canister_logs: { run: fetchCanisterLogs },
  list_canisters: { run: queryOnly('list_canisters') },
  raw_rand: { run: rawRand },
  http_request: { run: httpRequest },
  flexible_http_request: { run: flexibleHttpRequest },
  ecdsa_public_key: { run: ecdsaPublicKey },
  sign_with_ecdsa: { run: signWithEcdsa },
  schnorr_public_key: { run: schnorrPublicKey },
  sign_with_schnorr: { run: signWithSchnorr },
  vetkd_public_key: { run: vetkdPublicKey },
  vetkd_derive_key: { run: vetkdDeriveKey },
  subnet_info: { run: subnetInfo },
  node_metrics_history: { run: nodeMetricsHistory },
  subnet_metrics: { run: subnetMetrics },
  bitcoin_get_balance: { run: bitcoin('bitcoin_get_balance') },
  bitcoin_get_utxos: { run: bitcoin('bitcoin_get_utxos') },
  bitcoin_send_transaction: { run: bitcoin('bitcoin_send_transaction') },
  bitcoin_get_current_fee_percentiles: { run: bitcoin('bitcoin_get_current_fee_percentiles') },
  bitcoin_get_block_headers: { run: bitcoin('bitcoin_get_block_headers') },
}

/** What a user must be to call a method of this name; undefined where only canisters may, or where there is no such method. */
export function ingressRightOf(methodName: string, { subnetAdmins }: SubnetEnvironment): IngressRight | undefined {
  const right = isMethodName(methodName) ? methods[methodName].ingress : undefined
  return right === 'subnet_admin' && subnetAdmins === undefined ? undefined : right
}
