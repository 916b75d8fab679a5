import type { RollbackMemories } from './rollbackMemories.ts'
import {
  allUnits,
  beforeAt,
  keptUnitsAt,
  logAt,
  logCountAt,
  logEntryBytes,
  loggedIndexAt,
  unitBytes,
  unitsPerPage,
} from './runtime/mapLayout.ts'

const pageBytes = unitBytes * unitsPerPage

/** A 4 KiB page that the message in progress has written. */
export interface LoggedPage {
  readonly index: number
  /** Copies out what the page held when the message began. */
  readonly before: () => Uint8Array
}

/**
 * The pages of a memory that the message in progress has written, until its `commit` or `rollback`.
 *
 * @param memory - memory 0, which is where the parts of a page still stand that were not written
 */
export function* loggedPages({ dirty_map, undo_log }: RollbackMemories, memory: WebAssembly.Memory): Generator<LoggedPage> {
  const count = Number(new DataView(dirty_map.buffer).getBigUint64(logCountAt, true))
  const log = new DataView(undo_log.buffer)
  for (let at = logAt; at < logAt + count * logEntryBytes; at += logEntryBytes) {
    const index = Number(log.getBigUint64(at + loggedIndexAt, true))
    yield {
      index,
      before: () => {
        const kept = log.getUint32(at + keptUnitsAt, true)
        const source = Number(log.getBigUint64(at + beforeAt, true))
        if (kept === allUnits) return new Uint8Array(undo_log.buffer, source, pageBytes).slice()
        const page = new Uint8Array(memory.buffer, index * pageBytes, pageBytes).slice()
        for (let unit = 0; unit < unitsPerPage; unit++) {
          if ((kept & (1 << unit)) !== 0) page.set(new Uint8Array(undo_log.buffer, source + unit * unitBytes, unitBytes), unit * unitBytes)
        }
        return page
      },
    }
  }
}
