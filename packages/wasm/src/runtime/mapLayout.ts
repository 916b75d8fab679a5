/**
 * Layout of memory 1, the dirty map.
 *
 * A header, the list of touched 64 KiB pages, and two byte maps with one entry per 4 KiB page of memory 0. An entry says how
 * unaligned an access may be that starts in the page: 0 none (not touched, or not logged), 1 aligned ones only (the next page
 * is not ready), 255 any. So `(ea & (size - 1)) >= map[ea >> 12]` is the whole test for the slow path.
 *
 * A 32-bit effective address has 33 bits, so 2^21 entries cover it; 2^22 cover 16 GiB of a 64-bit memory.
 */
const mapEntries = 1 << 22
const maximumChunks = mapEntries / 16

/** i32: number of entries in the list of touched chunks (64 KiB pages). */
export const chunkCountAt = 0
/** i64: number of pages in the undo log. */
export const logCountAt = 8
/** i32 each: the touched chunks. */
export const chunkListAt = 64
/** Entry -1 of a map must exist and stay zero: setting page 0 looks at its lower neighbour. */
const pad = 64
export const readMapAt = chunkListAt + maximumChunks * 4 + pad
export const writeMapAt = readMapAt + mapEntries + pad

/** 64 KiB pages of memory 1. */
export const mapMemoryPages = Math.ceil((writeMapAt + mapEntries + pad) / 65_536)

/**
 * Layout of one entry of memory 2: the page's bytes, then its index as an i64, then as an i64 where in the page the first write
 * went, in bytes and a multiple of 16: where a difference is looked for first.
 *
 * A multiple of 64: a copy whose target lies a few bytes behind its source, modulo the size of a page, takes processors twenty
 * times as long.
 */
export const logEntryBytes = 4160
export const loggedIndexAt = 4096
export const firstWriteAt = 4104
