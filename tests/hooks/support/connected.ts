import type { HookTarget } from './target.ts'
export const connectedUrl = process.env['TIDEMARK_HOOKS_NETWORK']
export function createConnected(url: string): HookTarget {
  throw new Error(url)
}
