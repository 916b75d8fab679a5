export * from './principal.ts'
export * from './errors.ts'
export * from './replicaPort.ts'
