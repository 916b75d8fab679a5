/** The methods of the management canister that copy snapshots, called for a client that is impersonated. */
import { IDL } from '@dfinity/candid'
import { Principal as CandidPrincipal } from '@dfinity/principal'
import { management, type ManagementService } from '@tidemark/bindings'
import { managementCanisterId, type Principal } from '@tidemark/types'
import type { Instance } from '../instance/instance.ts'
import { awaitCall, submitCall } from '../instance/ingress.ts'
import { snapshotError } from './snapshotError.ts'

type Method =
  | 'read_canister_snapshot_metadata'
  | 'read_canister_snapshot_data'
  | 'upload_canister_snapshot_metadata'
  | 'upload_canister_snapshot_data'
type Argument<M extends Method> = Omit<Parameters<ManagementService[M]>[0], 'canister_id'>
type Reply<M extends Method> = Awaited<ReturnType<ManagementService[M]>>

/** Whose snapshot is copied where, and who asks for it. */
export interface SnapshotOwner {
  readonly instance: Instance
  readonly canisterId: Principal
  readonly sender: Principal
}

const functions = new Map(management.idlFactory({ IDL })._fields)

/** Runs rounds until a method about the canister is answered. @throws ApiError 400 with the message of its reject */
export async function callManagement<M extends Method>(owner: SnapshotOwner, method: M, argument: Argument<M>): Promise<Reply<M>> {
  const { argTypes = [], retTypes = [] } = functions.get(method) ?? {}
  const { instance, canisterId, sender } = owner
  const record = { ...argument, canister_id: CandidPrincipal.fromUint8Array(canisterId.bytes) }
  const arg = new Uint8Array(IDL.encode(argTypes, [record]))
  const call = { canisterId: managementCanisterId, effectiveCanisterId: canisterId, methodName: method, arg, sender }
  const submitted = submitCall(instance, call)
  if ('refused' in submitted) throw snapshotError(submitted.refused.message)
  const outcome = await awaitCall(instance, submitted)
  if (outcome.status === 'rejected') throw snapshotError(outcome.reject.message)
  // The reply has the type that Reply<M> was generated from.
  return IDL.decode(retTypes, outcome.reply)[0] as Reply<M>
}
