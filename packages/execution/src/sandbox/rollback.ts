/** The dirty map and undo log that all instances of this process share: one canister executes at a time. */
import { type RollbackMemories, createRollbackMemories } from '@tidemark/wasm'

let shared: RollbackMemories | undefined

export function rollbackMemories(): RollbackMemories {
  shared ??= createRollbackMemories()
  return shared
}
