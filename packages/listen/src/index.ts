export type { FetchHandler, WholeAnswer, WholeRequest } from './handlers.ts'
export { listen, type NodeServer } from './listen.ts'
