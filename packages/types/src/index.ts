export { crc32 } from './crc32.ts'
export * from './principal.ts'
export * from './errors.ts'
export * from './replicaPort.ts'
