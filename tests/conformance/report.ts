/**
 * Writes `docs/conformance.md` from the test results: `node tests/conformance/report.ts`, after the tests of all packages.
 *
 * What differs is a test that shows the difference, declared with `test.fails` and a title that begins with `differs: `;
 * what is missing is a `test.todo` whose title begins with `missing: `.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Case, readCases, root } from './results.ts'
import { type Section, sections } from './sections.ts'

export const reportPath = join(root, 'docs', 'conformance.md')

const differs = 'differs: '
const missing = 'missing: '

/** Text of the report. */
export function renderReport(cases: readonly Case[]): string {
  const rows = sections.map((section) => {
    const own = casesOf(section, cases)
    return `| ${section.title} | ${own.filter(isChecked).length} | ${told(own, differs)} | ${told(own, missing)} |`
  })
  const checked = cases.filter(isChecked)
  return `# Conformance

How much of the [interface specification](https://internetcomputer.org/docs/references/ic-interface-spec/) is checked by tests.
This page is made from the results of the tests by \`node tests/conformance/report.ts\`; a test fails when it is out of date.
A difference is a test that shows it, something missing is a case that is named and not written.

${checked.length} cases in all packages, ${cases.filter((one) => one.status === 'failed').length} of them failing, ${cases.filter((one) => one.status === 'skipped').length} not run.

| Section | Cases | Differs | Missing |
| --- | ---: | --- | --- |
${rows.join('\n')}
`
}

/** Whether a case checks that something is as specified. */
function isChecked(one: Case): boolean {
  return one.status === 'passed' && !one.title.startsWith(differs)
}

function casesOf(section: Section, cases: readonly Case[]): Case[] {
  return cases.filter(({ file }) => section.tests.some((path) => file === path || file.startsWith(`${path}/`)))
}

function told(cases: readonly Case[], prefix: string): string {
  const texts = cases.filter(({ title }) => title.startsWith(prefix)).map(({ title }) => title.slice(prefix.length))
  const failing = prefix === differs ? cases.filter(({ status }) => status === 'failed').map(({ title }) => `failing: ${title}`) : []
  return [...texts, ...failing].map((text) => text.replaceAll('|', '\\|')).join('; ') || '–'
}

if (import.meta.main) writeFileSync(reportPath, renderReport(readCases()))
