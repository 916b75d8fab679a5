export {
  type CallOptions,
  type CanisterOptions,
  createReplica,
  type Deployed,
  type DeployOptions,
  type SomeSettings,
  type TestOptions,
  TestReplica,
  type TestSnapshot,
} from './testReplica.ts'
export type { AnyService } from './published.ts'
export { CallError, UsageError } from './errors.ts'
export { userPrincipal } from './users.ts'
