// Measures the figures of the README and prints them as a table: npm run bench [-- group ...]
import { spawnSync } from 'node:child_process'
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

const groups: Readonly<Record<string, () => Figure[] | Promise<Figure[]>>> = {
  throughput,
  idleCanisters,
  idleHooks,
  snapshots,
  certification,
  http,
  instrumented,
  motoko,
  pocketic,
}

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => groups[name] === undefined)
if (unknown !== undefined) {
  process.stderr.write(`There is no group ${unknown}. Groups: ${Object.keys(groups).join(', ')}.\n`)
  process.exitCode = 1
} else if (wanted.length === 1) await measure(wanted[0] ?? '')
else measureApart(wanted.length === 0 ? Object.keys(groups) : wanted)

async function measure(name: string): Promise<void> {
  for (const { name: figure, value, unit, goal } of (await groups[name]?.()) ?? []) {
    const shown = value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2)
    process.stdout.write(`| ${figure} | ${shown} ${unit} | ${goal} |\n`)
  }
}

/** Each group in a process of its own: what ran before would otherwise be part of the figures. */
function measureApart(names: readonly string[]): void {
  process.stdout.write('| figure | measured | goal |\n| --- | --- | --- |\n')
  for (const name of names) {
    const { status } = spawnSync(process.execPath, [...process.execArgv, import.meta.filename, name], { stdio: 'inherit' })
    if (status !== 0) process.exitCode = 1
  }
}
