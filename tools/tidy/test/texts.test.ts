import { expect, test } from 'vitest'
import { listFiles } from '../src/repository.ts'

// This file and the rules themselves have to name what they forbid.
const files = listFiles().filter(({ path }) => !path.startsWith('tools/tidy/'))

function linesWith(pattern: RegExp, isSearched: (path: string) => boolean = () => true): string[] {
  return files
    .filter(({ path }) => isSearched(path))
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
    )
}

const isCode = (path: string): boolean => /\.(ts|mjs|js|mo|wat|css|sh)$/.test(path)

test.each([
  ['a path of one machine', /(?<![\w.])\/(?:work|root|tmp|home\/\w+|Users\/\w+)\/\w|[A-Z]:\\Users\\/],
  ['the address of a package registry', /https?:\/\/[^\s"']*(?:registry|npmjs|yarnpkg|artifactory|nexus)/i],
])('no file holds %s', (_, pattern) => {
  expect(linesWith(pattern)).toEqual([])
})

test('the lock file leaves the registry open', () => {
  expect(linesWith(/"resolved": "http/, (path) => path.endsWith('package-lock.json'))).toEqual([])
})

test('no code is left unfinished', () => {
  expect(linesWith(/\b(?:TODO|FIXME|XXX|HACK)\b/, isCode)).toEqual([])
})

const isTest = (path: string): boolean => path.endsWith('.test.ts')

test('no test is focused', () => {
  expect(linesWith(/\b(?:test|it|describe)(?:\.\w+)*\.only\b/, isTest)).toEqual([])
})

test('a test that is known to fail, or is still to be written, says what differs or is missing', () => {
  expect(linesWith(/\b(?:test|it)\.(?:todo|fails)\b(?!\(['"`](?:differs|missing): )/, isTest)).toEqual([])
})
