/** Tables and drawings in the documentation that a test measures: it fails when a page shows something else. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'

/**
 * Holds what stands in a page between `<!-- NAME -->` and `<!-- end -->` to what was measured. `TIDEMARK_WRITE_DOCS=1` writes it
 * instead.
 */
export function expectInPage(page: URL | string, name: string, measured: string): void {
  const text = readFileSync(page, 'utf8')
  const begin = `<!-- ${name} -->\n`
  const from = text.indexOf(begin)
  const to = text.indexOf('\n<!-- end -->', from)
  if (from < 0 || to < 0) throw new Error(`${String(page)} has no place for ${name}`)
  const written = `${text.slice(0, from)}${begin}${measured}${text.slice(to)}`
  if (process.env['TIDEMARK_WRITE_DOCS'] === '1') writeFileSync(page, written)
  else expect(text).toBe(written)
}
