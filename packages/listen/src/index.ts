export { type FetchHandler, listen, type NodeServer } from './listen.ts'
