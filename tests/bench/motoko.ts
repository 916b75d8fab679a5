/** Real Motoko programs: what instrumentation costs them, and how soon one answers. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { IDL } from '@dfinity/candid'
import type { PageCharges } from '@tidemark/wasm'
import { compilePrograms } from '../motoko/support/programs.ts'
import { type Argument, encodeArguments, of } from '../motoko/support/candid.ts'
import { type Figure, median, milliseconds } from './figure.ts'
import { type MotokoHost, instrumentedHost, rawHost } from './motokoHost.ts'

const square = of(IDL.Variant({ square: IDL.Nat }), { square: 4n })

/** Ten messages that need no other message, with as many runs as make a measurable time. */
const messages: readonly (readonly [program: string, method: string, args: readonly Argument[], runs: number])[] = [
  ['counter', 'increment', [], 3000],
  ['sorting', 'primes', [10_000n], 5],
  ['sorting', 'sort', [1000n], 10],
  ['sorting', 'fibonacci', [18n], 20],
  ['numbers', 'factorial', [200n], 100],
  ['numbers', 'modPower', [3n, 2n ** 100n, 2n ** 127n - 1n], 100],
  ['collections', 'fill', [200n], 20],
  ['blobs', 'keep', [new Uint8Array(100_000)], 50],
  ['values', 'area', [square], 1000],
  ['random', 'dice', [of(IDL.Nat64, 7n)], 100],
]

const pageCharges2026: PageCharges = { kind: 'touch-64k', read: 80_000, write: 80_000, chargeWrites: true }
const rewrittenFolder = join(import.meta.dirname, '../../.tidemark/motoko/rewritten')
const programs = await compilePrograms([...new Set(messages.map(([program]) => program))])

export function motoko(): Figure[] {
  const goal = 'at most 1.6'
  return [
    { name: 'ten Motoko programs, instrumented against raw, metering of 2026', value: medianRatio(pageCharges2026), unit: '×', goal },
    { name: 'ten Motoko programs, instrumented against raw, metering of 2025', value: medianRatio('dirty-4k-after'), unit: '×', goal },
    { name: 'a replica and the first answer of a Motoko canister', value: coldStart(), unit: 'ms', goal: 'under 150' },
  ]
}

/** Ratio of each of the ten messages. */
export function ratios(pageCharges: PageCharges): { readonly name: string; readonly ratio: number }[] {
  return messages.map(([program, method, args, runs]) => {
    const bytes = programs.get(program) ?? new Uint8Array(0)
    const message = { method: `canister_update ${method}`, arg: encodeArguments(args), runs }
    return { name: `${program} ${method}`, ratio: ratio(rawHost(bytes), instrumentedHost(bytes, pageCharges), message) }
  })
}

function medianRatio(pageCharges: PageCharges): number {
  const sorted = ratios(pageCharges)
    .map((one) => one.ratio)
    .sort((a, b) => a - b)
  return ((sorted[4] ?? Number.NaN) + (sorted[5] ?? Number.NaN)) / 2
}

/** Interleaved, so that both see the same machine. */
function ratio(
  raw: MotokoHost,
  instrumented: MotokoHost,
  { method, arg, runs }: { method: string; arg: Uint8Array; runs: number },
): number {
  const measure = (host: MotokoHost) =>
    milliseconds(() => {
      for (let n = 0; n < runs; n++) host.run(method, arg)
    })
  if (Buffer.compare(raw.run(method, arg), instrumented.run(method, arg)) !== 0) throw new Error(`${method} answers differently`)
  // V8 optimises what it has seen often.
  for (let n = 0; n < 40; n++) {
    measure(raw)
    measure(instrumented)
  }
  return median(15, () => {
    const base = measure(raw)
    return measure(instrumented) / base
  })
}

/** Each in a process of its own: V8 would remember a module that it compiled before. The first rewrites the module. */
function coldStart(): number {
  rmSync(rewrittenFolder, { recursive: true, force: true })
  const start = (): number => {
    const { stdout } = spawnSync(process.execPath, [...process.execArgv, join(import.meta.dirname, 'coldStart.ts')], { encoding: 'utf8' })
    return Number(stdout)
  }
  start()
  return median(7, start)
}
