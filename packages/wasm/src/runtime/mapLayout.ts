/**
 * Layout of memory 1, the dirty map, and of memory 2, the undo log.
 *
 * Memory 1 has a header, the list of touched 64 KiB pages, and two byte maps: what was read has one entry per 4 KiB page of
 * memory 0, what was written one per unit of 1 KiB. An entry says how unaligned an access may be that starts there: 0 none
 * (not touched, or not logged), 1 aligned ones only (what comes behind is not ready), 255 any. So `entry >= 2`, or exactly
 * `(address & (size - 1)) < entry`, is the whole test for the fast path.
 *
 * A 32-bit effective address has 33 bits, so 2^21 pages cover it; 2^22 cover 16 GiB of a 64-bit memory.
 */
const mapPages = 1 << 22
const maximumChunks = mapPages / 16

/** What a first write puts aside: a quarter of a page, as most messages change a few bytes in each of a few pages. */
export const unitShift = 10
export const unitBytes = 1 << unitShift
export const unitsPerPage = 4

/** i32: number of entries in the list of touched chunks (64 KiB pages). */
export const chunkCountAt = 0
/** i64: number of pages in the undo log. */
export const logCountAt = 8
/** Entry -1 of a map must exist and stay zero: setting entry 0 looks at its lower neighbour. */
const pad = 64
/** First, as its distance is part of every test of a load: one byte of machine code instead of four. */
export const readMapAt = 64
export const writeMapAt = readMapAt + mapPages + pad
/** i32 each: the touched chunks. */
export const chunkListAt = writeMapAt + mapPages * unitsPerPage + pad
/** A byte per chunk: 1 once it was written. */
export const writtenChunksAt = chunkListAt + maximumChunks * 4
/** i32 per page: the number of its entry in the undo log. */
export const entryNumbersAt = writtenChunksAt + maximumChunks

/** 64 KiB pages of memory 1. */
export const mapMemoryPages = Math.ceil((entryNumbersAt + mapPages * 4) / 65_536)

/** Memory 2 begins with a page of zeros, which stands for what pages held that nothing was ever written to. */
export const zerosAt = 0
/**
 * Where the first entry of the log stands. Half a page away from being aligned: a copy whose target lies a few bytes behind its
 * source, modulo the size of a page, takes processors twice to twenty times as long.
 */
export const logAt = 4096 + 2048
/** Bytes of an entry: those of the page as far as they were put aside, then the numbers below. */
export const logEntryBytes = 4160
/** i64: the page's index. */
export const loggedIndexAt = 4096
/** i64, in bytes and a multiple of 16: where in the page the first write went, and a difference is looked for first. */
export const firstWriteAt = 4104
/** i64: where in memory 2 the bytes of the page stand, the entry's own or the zeros. */
export const beforeAt = 4112
/** i32, a bit per unit: which of them are there; the others have not changed. */
export const keptUnitsAt = 4120
/** All units of a page. */
export const allUnits = (1 << unitsPerPage) - 1
