import type { RollbackMemories } from './rollbackMemories.ts'
import { logCountAt, loggedIndexAt, logEntryBytes } from './runtime/mapLayout.ts'

const pageBytes = 4096

/** A 4 KiB page that the message in progress has written. */
export interface LoggedPage {
  readonly index: number
  /** Copies out what the page held when the message began. */
  readonly before: () => Uint8Array
}

/** The pages that the message in progress has written, until its `commit` or `rollback`. */
export function* loggedPages({ dirty_map, undo_log }: RollbackMemories): Generator<LoggedPage> {
  const count = Number(new DataView(dirty_map.buffer).getBigUint64(logCountAt, true))
  const log = new DataView(undo_log.buffer)
  for (let at = 0; at < count * logEntryBytes; at += logEntryBytes) {
    yield {
      index: Number(log.getBigUint64(at + loggedIndexAt, true)),
      before: () => new Uint8Array(undo_log.buffer, at, pageBytes).slice(),
    }
  }
}
