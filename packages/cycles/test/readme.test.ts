/** The examples of the README and of the page about it run as they stand, and print what is written below them. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('..', import.meta.url))
const readme = ['README.md', '../../docs/cycles.md'].map((name) => readFileSync(`${folder}${name}`, 'utf8')).join('\n')
const examples = [...readme.matchAll(/## ([^\n]*)\n\n```ts\n(.*?)```\n\n```text\n(.*?)```/gs)].map(([, title, code, output]) => ({
  title: title ?? '',
  code: code ?? '',
  output: output ?? '',
}))

test('every example has a title and says what it prints', () => {
  expect(examples).toHaveLength(5)
  expect(readme.match(/```ts\n/g)).toHaveLength(examples.length)
})

test.each(examples)('$title', ({ code, output }) => {
  const options = ['--input-type=module-typescript', '--conditions=development', '--eval', code]
  expect(execFileSync(process.execPath, options, { cwd: folder, encoding: 'utf8' })).toBe(output)
})
