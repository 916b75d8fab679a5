import { RejectError } from '@tidemark/types'

/** The error of a module that the network refuses. */
export function invalidModule(text: string): RejectError {
  return new RejectError('CanisterInvalidWasm', `Canister's Wasm module is not valid: ${text}`)
}

/** A module that the engine's own validation refuses. */
export function engineError(text: string): RejectError {
  return invalidModule(`Wasmtime failed to validate wasm module wasmtime::Module::validate() failed with ${text}`)
}

/** An import or export that does not have the type it must have. */
export function invalidSignature(text: string): RejectError {
  return invalidModule(`Wasm module has an invalid function signature. ${text}`)
}

/** A valid module that cannot be made ready for execution. */
export function instrumentationFailure(text: string): RejectError {
  return new RejectError('CanisterInvalidWasm', `Could not instrument wasm module of canister: ${text}`)
}

/** A valid module that the engine cannot make an instance of. */
export function instantiationFailure(text: string): RejectError {
  return new RejectError('CanisterWasmEngineError', `Canister encountered a Wasm engine error: Failed to instantiate module: ${text}`)
}
