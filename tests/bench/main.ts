// Measures the figures of the README and prints them as a table: npm run bench
import { certification } from './certification.ts'
import type { Figure } from './figure.ts'
import { http } from './http.ts'
import { idleCanisters } from './idleCanisters.ts'
import { instrumented } from './instrumented.ts'
import { idleHooks } from './idleHooks.ts'
import { motoko } from './motoko.ts'
import { pocketic } from './pocketic.ts'
import { snapshots } from './snapshots.ts'
import { throughput } from './throughput.ts'

const groups: (() => Figure[] | Promise<Figure[]>)[] = [
  throughput,
  idleCanisters,
  idleHooks,
  snapshots,
  certification,
  http,
  instrumented,
  motoko,
  pocketic,
]

process.stdout.write('| figure | measured | goal |\n| --- | --- | --- |\n')
for (const group of groups) {
  for (const { name, value, unit, goal } of await group()) {
    const shown = value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2)
    process.stdout.write(`| ${name} | ${shown} ${unit} | ${goal} |\n`)
  }
}
