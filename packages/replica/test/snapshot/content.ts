/** The content of a snapshot as plain text, found by reflection: two states are the same when their contents are. */
import { createHash } from 'node:crypto'
import { Captured, PersistentMap, Unchanging } from '@tidemark/state'
import { Principal } from '@tidemark/types'
import type { Replica } from '../../src/index.ts'

/** Everything that a snapshot of the replica holds. */
export function contentOf(replica: Replica): unknown {
  return plain(replica.snapshot().open(replica))
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return createHash('sha256').update(value).digest('hex')
  if (value instanceof Principal) return value.toText()
  if (value instanceof Unchanging) return plain(value.value)
  if (value instanceof Captured)
    return { class: value.stateClass.name, ...(plain({ is: value.stateClass.toPortable(value.state) }) as object) }
  if (value instanceof PersistentMap) return [...value.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(plain)
  if (value instanceof Map || value instanceof Set || Array.isArray(value)) return [...value].map(plain)
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]))
}
