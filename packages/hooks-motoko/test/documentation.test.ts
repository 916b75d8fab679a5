/** The library is documented as the core library is: an example and the cost of every function. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '..', 'src')

test.each(readdirSync(folder))('%s', (file) => {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n')
  const isMixin = lines.some((line) => line.startsWith('mixin'))
  const bare = lines.flatMap((line, index) => {
    if (isMixin || !/^ *public (?:func|class)/.test(line)) return []
    const doc = commentAbove(lines, index)
    const wanted = / class /.test(line) ? ['Example:'] : ['Example:', 'Runtime: O(', 'Space: O(']
    return wanted.filter((part) => !doc.includes(part)).map((part) => `${file}:${index + 1} has no ${part}`)
  })
  expect(bare).toEqual([])
  expect(lines.some((line) => line.startsWith('///'))).toBe(true)
})

function commentAbove(lines: readonly string[], index: number): string {
  const comment: string[] = []
  for (let at = index - 1; /^ *\/\/\//.test(lines[at] ?? ''); at -= 1) comment.unshift(lines[at] ?? '')
  return comment.join('\n')
}
