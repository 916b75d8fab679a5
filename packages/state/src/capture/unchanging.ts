/**
 * What a capture may share because nobody changes it in place. Everything that is not named here is copied.
 *
 * A test freezes all of it and runs on, so that a change in place fails there.
 */

/** Fields whose value is replaced, never changed. */
const unchangingFields: ReadonlySet<string> = new Set(['settings', 'module', 'origin', 'message', 'outcall'])

/** Fields with a list or map whose elements are replaced, never changed. */
const keptElements: ReadonlySet<string> = new Set(['callbacks', 'records', 'changes', 'chunkStore', 'bestEffortCalls'])

/** Whether a field's value never changes in place. */
export function isUnchanging(field: string): boolean {
  return unchangingFields.has(field)
}

/** Whether the elements of a field's list or map never change in place. */
export function keepsElements(field: string): boolean {
  return keptElements.has(field)
}
