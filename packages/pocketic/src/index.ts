export { createPocketIcApi, type PocketIcApi, type PocketIcApiOptions } from './api.ts'
export { formatDebugPrint } from './debugOutput.ts'
