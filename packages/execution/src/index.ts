export * from './environment.ts'
export * from './limits.ts'
export * from './entryKind.ts'
export { type ExecutionError } from './trap.ts'
export { type Answer, type ExecutionInput, type OutgoingCall } from './execution.ts'
export { type ExecutionOutcome } from './outcome.ts'
export { executeMessage, keepExecution, undoExecution } from './executeMessage.ts'
export {
  type AppliedInstall,
  type InstallOutcome,
  type InstallRequest,
  type InstallStage,
  type LoadedModule,
  executeInstall,
  restoreExecution,
} from './install.ts'
export { type PreparedModule, ModuleCache } from './sandbox/preparedModule.ts'
export type { RewrittenModuleStore } from './sandbox/rewrittenModule.ts'
export { type CapturedState, captureState, reinstateState } from './sandbox/capture.ts'
export { type EntryPoint } from './sandbox/sandbox.ts'
export { executionReject } from './errorText.ts'
export { claimedBytes, wasmModeOf } from './validation/moduleOutline.ts'
export { type Advice, adviceLine } from './advice.ts'
export { shortenText } from './shorten.ts'
export { type PortableSandbox, sandboxClass } from './sandbox/sandboxClass.ts'
