export { type Replica, createReplica } from './replica.ts'
export type { ReplicaOptions } from './options.ts'
