import type { ByteReader } from '../binary/byteReader.ts'
import { mostLocals } from '../decode/moduleLimits.ts'
import { readValueType } from '../decode/valueTypes.ts'
import type { BodyPlan } from './bodyPlan.ts'

/** Reads the declarations of local variables that a body begins with. */
export function scanLocals(reader: ByteReader, plan: BodyPlan): void {
  plan.localGroups = reader.count()
  plan.localGroupsStart = reader.position
  for (let group = 0; group < plan.localGroups; group++) {
    const count = reader.u32()
    plan.localCount += count
    if (plan.localCount > mostLocals) reader.fail('too many locals')
    if (readValueType(reader) === 'v128') plan.vectorLocals += count
  }
  plan.localGroupsEnd = reader.position
}
