import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { managementTypes } from '@tidemark/bindings'
import { call } from 'azle'
import { createCodec } from './candid/codec.ts'

const management = Principal.managementCanister()

const canisterArgs = createCodec(managementTypes.CanisterArgs, { canister_id: management })
const noArgs = IDL.encode([], [])

/** The encoded `canister_status` of a canister. Rejects with a `CallError`. */
export function callStatus(canister: Principal): Promise<Uint8Array> {
  return call(management, 'canister_status', { raw: true, args: canisterArgs.encode({ canister_id: canister }) })
}

/** The encoded execution order of a canister that offers it. Rejects with a `CallError`. */
export function callOrder(canister: Principal): Promise<Uint8Array> {
  return call(canister, 'get_executed_functions_order', { raw: true, args: noArgs })
}

/** Replaces the controllers of a canister. Rejects with a `CallError`. */
export async function callSetControllers(canister: Principal, controllers: readonly Principal[]): Promise<void> {
  const args = IDL.encode([UpdateControllers], [{ canister_id: canister, settings: { controllers: [controllers] } }])
  await call(management, 'update_settings', { raw: true, args })
}

// The one setting that is changed; the others are optional and stay as they are when they are not sent at all.
const UpdateControllers = IDL.Record({
  canister_id: IDL.Principal,
  settings: IDL.Record({ controllers: IDL.Opt(IDL.Vec(IDL.Principal)) }),
})
