// Measures the figures of the README and prints them as a table: npm run bench
import type { Figure } from './figure.ts'
import { idleCanisters } from './idleCanisters.ts'
import { motoko } from './motoko.ts'
import { throughput } from './throughput.ts'

const groups: (() => Figure[])[] = [throughput, idleCanisters, motoko]

process.stdout.write('| figure | measured | goal |\n| --- | --- | --- |\n')
for (const group of groups) {
  for (const { name, value, unit, goal } of group()) {
    const shown = value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2)
    process.stdout.write(`| ${name} | ${shown} ${unit} | ${goal} |\n`)
  }
}
