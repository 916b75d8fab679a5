import { argumentOf, controlledCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { installModule } from './installModule.ts'
import { wholeModule } from './moduleSource.ts'

/** Puts code into a canister. @see Interface specification, "IC method `install_code`" */
export function installCode(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'install_code')
  const canister = controlledCanister(call, arg.canister_id)
  return installModule(call, canister, { mode: arg.mode, source: wholeModule(arg.wasm_module), arg: arg.arg, origin: arg })
}
