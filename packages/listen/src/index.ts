export type { FetchHandler, Peer, WholeAnswer, WholeRequest } from './handlers.ts'
export { listen, type NodeServer, type Tls } from './listen.ts'
