import type { CodeWriter } from '../binary/codeWriter.ts'
import { edit } from '../plan/bodyPlan.ts'
import type { SegmentFunctions } from './segmentFunctions.ts'

/** Table opcodes. True when a helper ran, so that the local counter is stale. */
export function emitTableEdit(
  kind: number,
  a: number,
  b: number,
  segments: SegmentFunctions,
  out: CodeWriter,
  bytes: Uint8Array,
  from: number,
  to: number,
): boolean {
  void a
  void b
  if (kind === edit.elementDrop) {
    out.i32(1).setGlobal(segments.elementDropFlag(a))
    return false
  }
  out.copy(bytes, from, to)
  return false
}
