export type { HttpOutcallAnswer, PendingHttpOutcall } from './management/index.ts'
export { type Replica, createReplica } from './replica.ts'
export type { DebugPrint, ReplicaOptions } from './options.ts'
export type { HookName, HookState } from './hooks/hookStates.ts'
