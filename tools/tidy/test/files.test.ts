import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { isExemptFromSize, listFiles } from '../src/repository.ts'

const maxLines = 500
const sourcePattern = /\.(ts|mjs|js|mo|wat|css|html)$/
const sources = listFiles().filter(({ path }) => sourcePattern.test(path))

test(`no source file has more than ${maxLines} lines`, () => {
  const long = sources.filter((file) => file.lines.length > maxLines && !isExemptFromSize(file))
  expect(long.map(({ path, lines }) => `${path}: ${lines.length} lines`)).toEqual([])
})

test('half of the source files have at most 120 lines', () => {
  const sizes = sources.map(({ lines }) => lines.length).toSorted((a, b) => a - b)
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(120)
})

test('TypeScript files are named in camelCase, Motoko modules in PascalCase', () => {
  // A launcher in `bin` is named after its command.
  const wrong = sources.filter(({ path, text }) => {
    if (path.includes('/bin/')) return false
    const name = basename(path)
    if (/\.(ts|mjs)$/.test(name)) return !/^[a-z][a-zA-Z0-9]*(\.[a-z]+)*\.(ts|mjs)$/.test(name)
    if (name.endsWith('.mo') && /^(module|mixin)\b/m.test(text)) return !/^[A-Z][a-zA-Z0-9]*\.mo$/.test(name)
    return false
  })
  expect(wrong.map(({ path }) => path)).toEqual([])
})

test('no file is called after nothing in particular', () => {
  const vague = /^(utils?|helpers?|common|misc|stuff)\d*\./
  expect(sources.map(({ path }) => path).filter((path) => vague.test(basename(path)))).toEqual([])
})
