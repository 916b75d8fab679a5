/** Everything below `/instances/<id>/` that speaks JSON. */
import { callOperations } from './calls.ts'
import { canisterOperations } from './canisters.ts'
import { networkOperations } from './network.ts'
import { outcallOperations } from './outcalls.ts'
import { snapshotOperations } from './snapshots.ts'
import type { Operation, Operations } from './route.ts'

const operations: Operations = {
  ...callOperations,
  ...canisterOperations,
  ...networkOperations,
  ...outcallOperations,
  ...snapshotOperations,
}

/** All of them, as method and whole path. */
export const instanceRoutes = Object.keys(operations).map((key) => {
  const [method = '', path = ''] = key.split(' ')
  return [method, `/instances/:id/${path}`] as const
})

/** Methods of the operations that a path has. */
export function operationMethods(path: string): string[] {
  return Object.keys(operations).flatMap((key) => {
    const [method = '', own] = key.split(' ')
    return own === path ? [method] : []
  })
}

/** @param path - below the instance, without slashes at its ends */
export function findOperation(method: string, path: string): Operation | undefined {
  const key = `${method} ${path}`
  return Object.hasOwn(operations, key) ? operations[key] : undefined
}
