import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readCases } from './results.ts'
import { renderReport, reportPath } from './report.ts'
import { sections } from './sections.ts'

describe('docs/conformance.md', () => {
  test('is what the test results say', () => {
    expect(readFileSync(reportPath, 'utf8') === renderReport(readCases()), 'out of date: run `node tests/conformance/report.ts`').toBe(true)
  })

  test('has no section without a case', () => {
    const cases = readCases()
    const empty = sections.filter(
      ({ tests }) => !cases.some(({ file }) => tests.some((path) => file === path || file.startsWith(`${path}/`))),
    )
    expect(empty.map(({ title }) => title)).toEqual([])
  })

  test('tells differences and gaps apart from what is checked', () => {
    const file = 'packages/types/test/principal.test.ts'
    const text = renderReport([
      { file, title: 'works', status: 'passed' },
      { file, title: 'differs: the other way round', status: 'passed' },
      { file, title: 'missing: not there', status: 'todo' },
    ])
    expect(text).toContain('| Pervasive concepts: principals | 1 | the other way round | not there |')
  })
})
