export { createPocketIcApi, type PocketIcApi, type PocketIcApiOptions } from './api.ts'
export { readStateDir } from './instance/stateDir.ts'
export { formatDebugPrint } from './debugOutput.ts'
